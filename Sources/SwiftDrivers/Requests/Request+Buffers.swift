import CDriverKit
import Framework
import NTTypes

// The buffers of a request. With METHOD_BUFFERED input and output are one buffer: the compiler sees to
// it that nobody reads input after output was asked for.
extension Request {
  /// Lends the bytes that the requester gave: those of a write, or the input of a control request.
  ///
  /// - Parameter minimum: the least number of bytes that will do.
  /// - Returns: all bytes, at most 4 GiB - 1. They cannot be used once the request is completed; a name
  ///   that they are given has to go out of scope before, as with a `do` block.
  /// - Throws: STATUS_BUFFER_TOO_SMALL when there are fewer than `minimum`,
  ///   STATUS_INVALID_DEVICE_REQUEST for a request without input or with user addresses only,
  ///   STATUS_INSUFFICIENT_RESOURCES when the pages of a direct request cannot be mapped.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestRetrieveInputBuffer.
  @_lifetime(borrow self)
  public borrowing func input(atLeast minimum: Int = 0) throws(NTStatus) -> RawSpan {
    let bytes = try find(minimum, wdfRequestRetrieveInputBuffer)
    let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(bytes))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Lends the room for the answer: that of a read, or the output of a control request.
  ///
  /// - Parameter minimum: the least number of bytes that will do.
  /// - Throws: as ``input(atLeast:)`` does.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestRetrieveOutputBuffer.
  @_lifetime(&self)
  public mutating func output(atLeast minimum: Int = 0) throws(NTStatus) -> MutableRawSpan {
    let bytes = try find(minimum, wdfRequestRetrieveOutputBuffer)
    let span = unsafe MutableRawSpan(_unsafeBytes: bytes)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// Lends input and output of a direct control request, whose buffers are apart.
  ///
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for METHOD_BUFFERED, whose output overwrites its input;
  ///   else as ``input(atLeast:)`` does.
  public mutating func withDirectBuffers<R: ~Copyable>(
    _ body: (_ input: RawSpan, _ output: inout MutableRawSpan) throws(NTStatus) -> R
  ) throws(NTStatus) -> R {
    guard let method = controlCode?.method, method == .inDirect || method == .outDirect else {
      throw .invalidDeviceRequest
    }
    let input = try find(0, wdfRequestRetrieveInputBuffer)
    let output = try find(0, wdfRequestRetrieveOutputBuffer)
    var span = unsafe MutableRawSpan(_unsafeBytes: output)
    return try unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(input)), &span)
  }

  /// Copies a value out of the input.
  ///
  /// - Throws: STATUS_BUFFER_TOO_SMALL when the input is shorter than the value.
  public borrowing func readInput<T: BitwiseCopyable>(
    _ type: T.Type = T.self, at offset: Int = 0
  ) throws(NTStatus) -> T {
    let input = try input(atLeast: offset + MemoryLayout<T>.size)
    return unsafe input.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
  }

  typealias Retrieve = (
    UnsafeMutableRawPointer, UInt64, UInt64, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    UnsafeMutablePointer<UInt64>?
  ) -> Int32

  @inline(__always)
  borrowing func find(_ minimum: Int, _ retrieve: Retrieve, orNone: Bool = true) throws(NTStatus)
    -> UnsafeMutableRawBufferPointer
  {
    var address: UnsafeMutableRawPointer?
    var count: UInt64 = 0
    let status = retrieve(handle.globals, handle.bits, UInt64(minimum), &address, &count)
    if status < 0 {
      // A buffer of no bytes is no error for a driver that asks for none.
      if orNone, minimum == 0, status == NTStatus.bufferTooSmall.code {
        return UnsafeMutableRawBufferPointer(start: nil, count: 0)
      }
      throw NTStatus(code: status)
    }
    return UnsafeMutableRawBufferPointer(start: address, count: Int(count))
  }
}
