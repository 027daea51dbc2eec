import CDriverKit
import Machine

/// A memory descriptor list: a buffer, and the frames behind it.
///
/// The pointer is what a driver calls PMDL.
///
/// The frame numbers follow the structure. They mean something once the pages are locked, or once the
/// list was built for nonpaged memory.
package struct Mdl: Equatable, @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<MDL>

  @inlinable package init(_ pointer: UnsafeMutablePointer<MDL>) { self.pointer = pointer }

  @inlinable package init?(_ address: UnsafeMutableRawPointer?) {
    guard let address else { return nil }
    pointer = address.assumingMemoryBound(to: MDL.self)
  }

  /// Bytes of the structure before the frame numbers.
  static var headerByteCount: Int { 0x30 }
  /// The longest buffer that one list describes.
  static var largestByteCount: Int { (1 << 32) - pageSize }

  /// Pages that a buffer touches: `ADDRESS_AND_SIZE_TO_SPAN_PAGES`.
  package static func span(_ address: UInt, _ count: Int) -> Int {
    Int((address & pageMask &+ UInt(bitPattern: count) &+ pageMask) >> 12)
  }

  /// Bytes that a list for a buffer needs: `MmSizeOfMdl`.
  package static func byteCount(_ address: UInt, _ count: Int) -> Int {
    headerByteCount + 8 * span(address, count)
  }

  /// Describes a buffer, without its frames: `MmInitializeMdl`.
  package func initialize(_ address: UInt, _ count: Int) {
    pointer.pointee.Next = nil
    pointer.pointee.Size = Int16(truncatingIfNeeded: Self.byteCount(address, count))
    pointer.pointee.MdlFlags = 0
    pointer.pointee.StartVa = UnsafeMutableRawPointer(bitPattern: address & ~pageMask)
    pointer.pointee.ByteOffset = UInt32(address & pageMask)
    pointer.pointee.ByteCount = UInt32(truncatingIfNeeded: count)
  }
}

// MARK: Fields

extension Mdl {
  package var flags: MdlFlags {
    get { MdlFlags(rawValue: UInt16(bitPattern: pointer.pointee.MdlFlags)) }
    nonmutating set { pointer.pointee.MdlFlags = Int16(bitPattern: newValue.rawValue) }
  }

  /// Where the buffer lies in its own address space: `MmGetMdlVirtualAddress`.
  package var address: UInt { page + UInt(pointer.pointee.ByteOffset) }

  /// The first page of the buffer.
  package var page: UInt { UInt(bitPattern: pointer.pointee.StartVa) }

  package var byteCount: Int { Int(pointer.pointee.ByteCount) }

  package var byteOffset: Int { Int(pointer.pointee.ByteOffset) }

  /// Frame numbers that count.
  package var pageCount: Int {
    byteCount == 0 ? 0 : Self.span(UInt(pointer.pointee.ByteOffset), byteCount)
  }

  /// The frame numbers: `MmGetMdlPfnArray`.
  package var frames: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(pointer) + Self.headerByteCount).assumingMemoryBound(to: UInt64.self)
  }

  /// The number of a page's frame.
  package func pfn(_ index: Int) -> UInt64 { frames[index] }

  /// The next list of a chain.
  package var next: Mdl? {
    get { pointer.pointee.Next.map { Mdl($0) } }
    nonmutating set { pointer.pointee.Next = newValue?.pointer }
  }

  /// The process whose user pages are locked.
  package var process: Process? {
    get { Process(pointer.pointee.Process) }
    nonmutating set {
      pointer.pointee.Process = newValue.map { UnsafeMutableRawPointer($0.pointer) }
    }
  }

  /// The system address, when there is one; only with one of the flags that say so.
  package var mappedAddress: UnsafeMutableRawPointer? {
    get { pointer.pointee.MappedSystemVa }
    nonmutating set { pointer.pointee.MappedSystemVa = newValue }
  }

  /// Number of the page lock, kept where drivers have no business.
  var lockNumber: UInt32 {
    get {
      UInt32(pointer.pointee.AllocationProcessorNumber) | UInt32(pointer.pointee.Reserved) << 16
    }
    nonmutating set {
      pointer.pointee.AllocationProcessorNumber = UInt16(truncatingIfNeeded: newValue)
      pointer.pointee.Reserved = UInt16(truncatingIfNeeded: newValue >> 16)
    }
  }

  /// The value for a bug check parameter.
  var bits: UInt64 { UInt64(UInt(bitPattern: pointer)) }
}
