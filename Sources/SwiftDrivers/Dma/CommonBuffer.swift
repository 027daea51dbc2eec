import CDriverKit
import Framework
import NTTypes

/// Memory that a device and its driver share for long, such as a ring of descriptors: WDFCOMMONBUFFER.
///
/// It cannot be copied; when the value goes, the memory is given back, unless the device has gone
/// before. Adjacent for the device, and for the driver.
public struct CommonBuffer: ~Copyable, Sendable {
  let handle: Handle

  deinit {
    if handle.isLive { wdfObjectDelete(handle.globals, handle.bits) }
  }

  /// Allocates a common buffer.
  ///
  /// - Parameters:
  ///   - enabler: of the device that shares it.
  ///   - byteCount: bytes, at least 1.
  ///   - alignment: the boundary that it begins at, a power of two; nil for what the device said.
  /// - Throws: STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// At PASSIVE_LEVEL, as the end of the value is. Source: WdfCommonBufferCreateWithConfig.
  public init(_ enabler: DMAEnabler, byteCount: Int, alignment: Int? = nil) throws(NTStatus) {
    guard byteCount > 0, (alignment ?? 1).nonzeroBitCount == 1, alignment ?? 1 > 0 else {
      throw .invalidParameter
    }
    let globals = enabler.handle.globals
    let size = UInt64(byteCount)
    var attributes = Attachment.plain(parent: nil)
    var bits: UInt64 = 0
    if let alignment {
      var config = WDF_COMMON_BUFFER_CONFIG()
      config.Size = UInt32(MemoryLayout<WDF_COMMON_BUFFER_CONFIG>.size)
      config.AlignmentRequirement = UInt32(clamping: alignment - 1)
      try checkRefusal(of: "WdfCommonBufferCreateWithConfig")
      try check(
        wdfCommonBufferCreateWithConfig(
          globals, enabler.handle.bits, size, &config, &attributes, &bits))
    } else {
      try checkRefusal(of: "WdfCommonBufferCreate")
      try check(
        wdfCommonBufferCreate(globals, enabler.handle.bits, size, &attributes, &bits))
    }
    handle = Handle(globals: globals, bits: bits)
  }

  /// Leaves the buffer to its device, which gives it back.
  public consuming func leaveToParent() { discard self }

  /// The address by which the device knows it.
  public var logicalAddress: UInt64 {
    wdfCommonBufferGetAlignedLogicalAddress(handle.globals, handle.bits)
  }

  /// Its size in bytes.
  public var byteCount: Int { Int(wdfCommonBufferGetLength(handle.globals, handle.bits)) }

  /// Lends the bytes for reading.
  ///
  /// The device may write to them meanwhile.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get {
      let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Lends the bytes for writing.
  public var mutableBytes: MutableRawSpan {
    @_lifetime(&self)
    mutating get {
      let span = unsafe MutableRawSpan(_unsafeBytes: buffer)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  private var buffer: UnsafeMutableRawBufferPointer {
    let address = wdfCommonBufferGetAlignedVirtualAddress(handle.globals, handle.bits)
    return UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: UInt(address)), count: byteCount)
  }
}
