import Memory
import NTTypes

/// A buffer of a lookaside list, without a memory object around it.
///
/// A value cannot be copied; when it goes, the buffer goes back to its list, or to pool when the list is
/// gone. It may be taken on one thread and go on another, at the levels at which the list's pool may be
/// used.
///
///     var buffer = try list.makeBuffer()
///     var bytes = buffer.mutableBytes
///     bytes.copy(from: try request.input())
@frozen public struct LookasideBuffer: ~Copyable, @unchecked Sendable {
  @usableFromInline let depot: BufferDepot
  @usableFromInline let start: UnsafeMutableRawPointer

  @inlinable init(_ depot: BufferDepot, _ start: UnsafeMutableRawPointer) {
    self.depot = depot
    self.start = start
  }

  @inlinable deinit { depot.give(start) }

  /// The size of the buffer in bytes.
  @inlinable public var byteCount: Int { depot.byteCount }

  /// Lends the bytes of the buffer for reading.
  public var bytes: RawSpan {
    @inlinable @_lifetime(borrow self)
    borrowing get {
      let span = unsafe RawSpan(_unsafeStart: start, byteCount: depot.byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Lends the bytes of the buffer for writing; undefined until they are written.
  public var mutableBytes: MutableRawSpan {
    @inlinable @_lifetime(&self)
    mutating get {
      let span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: depot.byteCount)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// Hands the buffer out as an address, for structures that hold addresses: it does not go back by
  /// itself.
  ///
  /// - Returns: the first byte; ``LookasideList/adoptBuffer(at:)`` makes a value of it again.
  @unsafe @inlinable public consuming func relinquish() -> UnsafeMutableRawPointer {
    let address = start
    discard self
    return address
  }
}

extension LookasideList {
  /// Takes a buffer alone, without the memory object that costs most of the work.
  ///
  /// Each thread keeps some buffers for itself and exchanges them with the other threads in batches.
  /// Who holds a buffer has to give it up before the driver is unloaded, as with pool.
  ///
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES.
  @inlinable public borrowing func makeBuffer() throws(NTStatus) -> LookasideBuffer {
    guard let start = depot.take() else { throw .insufficientResources }
    return LookasideBuffer(depot, start)
  }

  /// Makes a value again of what ``LookasideBuffer/relinquish()`` handed out.
  ///
  /// - Parameter address: the first byte of a buffer of this list, which nobody else holds.
  @unsafe @inlinable public borrowing func adoptBuffer(at address: UnsafeMutableRawPointer)
    -> LookasideBuffer
  {
    LookasideBuffer(depot, address)
  }
}
