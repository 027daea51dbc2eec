import CDriverKit
import Memory
import NTTypes

/// A memory descriptor list, lent for reading: a buffer, and the page frames behind it.
///
/// It comes from ``Request/inputMDL()``, ``MutableMDLView/view`` or ``MemoryDescriptorList/view`` and
/// cannot outlive what lends it: with a request, it is gone before the request is completed.
///
///     func program(_ request: borrowing Request) throws {
///       try request.inputMDL().forEachRun { run in print(run.address, run.byteCount) }
///     }
///
/// It describes one list, not a chain of them. Up to DISPATCH_LEVEL.
public struct MDLView: ~Escapable {
  let mdl: Mdl

  /// Whoever makes one says what it depends on.
  @_lifetime(immortal)
  init(_ mdl: Mdl) { self.mdl = mdl }

  /// The length of the buffer in bytes: `MmGetMdlByteCount`.
  public var byteCount: Int { mdl.byteCount }

  /// Where the buffer begins in its first page, from 0 to 4095: `MmGetMdlByteOffset`.
  public var byteOffset: Int { mdl.byteOffset }

  /// The numbers of the page frames, in the order of the buffer: `MmGetMdlPfnArray`.
  public var frames: Span<UInt64> {
    @_lifetime(copy self)
    get {
      let frames = unsafe Span(_unsafeStart: UnsafePointer(mdl.frames), count: mdl.pageCount)
      return unsafe _overrideLifetime(frames, copying: self)
    }
  }

  /// Lends the bytes, mapped into system space when they are not yet: `MmGetSystemAddressForMdlSafe`.
  ///
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES without mapping space.
  @_lifetime(copy self)
  public func bytes() throws(NTStatus) -> RawSpan {
    let bytes = try mdl.systemBytes()
    let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(bytes))
    return unsafe _overrideLifetime(span, copying: self)
  }

  // MARK: Physical memory

  /// Calls `body` with each run of bytes that are adjacent in physical memory, in the buffer's order.
  public func forEachRun<E: Error>(_ body: (PhysicalRun) throws(E) -> Void) throws(E) {
    let frames = mdl.frames
    var page = 0
    var left = byteCount
    var offset = byteOffset
    while left > 0 {
      let first = frames[page]
      let start = page
      repeat {
        page += 1
      } while page < mdl.pageCount && frames[page] == first + UInt64(page - start)
      let count = min((page - start) << 12 - offset, left)
      try body(PhysicalRun(address: first << 12 | UInt64(offset), byteCount: count))
      left -= count
      offset = 0
    }
  }

  /// How many runs there are: the elements that a device with scatter/gather needs.
  public var runCount: Int {
    var count = 0
    forEachRun { _ in count += 1 }
    return count
  }
}

extension Mdl {
  /// The bytes of the buffer in system space.
  func systemBytes() throws(NTStatus) -> UnsafeMutableRawBufferPointer {
    guard byteCount > 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    guard let address = systemAddress() else { throw .insufficientResources }
    return UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }
}
