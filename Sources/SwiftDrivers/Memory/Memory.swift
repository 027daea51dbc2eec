import CDriverKit
import Framework
import NTTypes

/// A memory object whose buffer is its own: pool, or an entry of a lookaside list.
public enum OwnedBuffer {}

/// A memory object over a buffer that somebody else owns, and that can be exchanged.
public enum AssignedBuffer {}

/// The memory object of a request's buffer, which goes with the request.
public enum RequestBuffer {}

/// A memory object: WDFMEMORY.
///
/// The type says who owns the buffer: ``OwnedBuffer``, ``AssignedBuffer`` or ``RequestBuffer``. A value
/// cannot be copied. When it goes, it deletes the object - or gives up its reference, for the buffer of
/// a request - unless the parent of the object has deleted it before.
///
///     let kept = try Memory(size: 512, pool: .nonpaged, tag: "Kept", parent: device)
///     try kept.copy(from: request.input())
///
/// Up to DISPATCH_LEVEL, but for paged buffers.
public struct Memory<Buffer>: ~Copyable, Sendable {
  let handle: Handle
  /// Whether the value holds a reference, and not the object.
  let isReference: Bool

  init(_ handle: Handle, isReference: Bool = false) {
    self.handle = handle
    self.isReference = isReference
  }

  deinit {
    // The parent may have been faster.
    guard handle.isLive else { return }
    if isReference {
      wdfObjectDereferenceActual(handle.globals, handle.bits, 0, 0, nil)
    } else {
      wdfObjectDelete(handle.globals, handle.bits)
    }
  }

  /// Leaves the object to its parent, which deletes it.
  public consuming func leaveToParent() { discard self }

  /// The size of the buffer in bytes.
  public var byteCount: Int {
    var count: UInt64 = 0
    _ = wdfMemoryGetBuffer(handle.globals, handle.bits, &count)
    return Int(count)
  }

  /// Lends the bytes of the buffer for reading.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get {
      let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Lends the bytes of the buffer for writing.
  public var mutableBytes: MutableRawSpan {
    @_lifetime(&self)
    mutating get {
      let span = unsafe MutableRawSpan(_unsafeBytes: buffer)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// Copies bytes into the buffer.
  ///
  /// - Parameters:
  ///   - source: the bytes, at least one.
  ///   - offset: where in the buffer they go, in bytes.
  /// - Throws: STATUS_INVALID_BUFFER_SIZE when they do not fit, STATUS_INVALID_PARAMETER for no bytes,
  ///   STATUS_ACCESS_VIOLATION for the input of a write request.
  ///
  /// Source: WdfMemoryCopyFromBuffer.
  public borrowing func copy(from source: RawSpan, at offset: Int = 0) throws(NTStatus) {
    let handle = handle
    try check(
      unsafe source.withUnsafeBytes {
        wdfMemoryCopyFromBuffer(
          handle.globals, handle.bits, UInt64(offset), $0.baseAddress, UInt64($0.count))
      })
  }

  /// Copies bytes out of the buffer, as many as the destination has.
  ///
  /// - Parameters:
  ///   - destination: where they go; all of it is filled.
  ///   - offset: where in the buffer they begin, in bytes.
  /// - Throws: STATUS_BUFFER_TOO_SMALL when the buffer has fewer, STATUS_INVALID_PARAMETER for no bytes.
  ///
  /// Source: WdfMemoryCopyToBuffer.
  public borrowing func copy(to destination: inout MutableRawSpan, from offset: Int = 0)
    throws(NTStatus)
  {
    let handle = handle
    try check(
      unsafe destination.withUnsafeMutableBytes {
        wdfMemoryCopyToBuffer(
          handle.globals, handle.bits, UInt64(offset), $0.baseAddress, UInt64($0.count))
      })
  }

  var buffer: UnsafeMutableRawBufferPointer {
    var count: UInt64 = 0
    let start = wdfMemoryGetBuffer(handle.globals, handle.bits, &count)
    return UnsafeMutableRawBufferPointer(start: start, count: Int(count))
  }
}
