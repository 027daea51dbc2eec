import CDriverKit
import Framework
import Machine
import NTTypes

/// A transfer that is under way: what a device moves in one go.
///
/// The driver keeps it while the device works, and completes it once. It cannot be copied; one that is
/// dropped would leave its transaction for ever, and the kernel ends with bug check 0x52330002.
///
/// Up to DISPATCH_LEVEL.
public struct DMATransfer<Payload: DMAPayload & ~Copyable>: ~Copyable, @unchecked Sendable {
  let handle: Handle
  let list: UnsafePointer<SCATTER_GATHER_LIST>
  /// Which way the data goes.
  public let direction: DMADirection

  init(
    _ handle: Handle, _ list: UnsafePointer<SCATTER_GATHER_LIST>, _ direction: DMADirection
  ) {
    self.handle = handle
    self.list = list
    self.direction = direction
  }

  deinit { Lost.transfer(handle.bits) }

  /// The pieces of the buffer, as the device is given them: the scatter/gather list.
  public var elements: Span<DMAElement> {
    @_lifetime(borrow self)
    borrowing get {
      let elements = unsafe Span(_unsafeElements: list.elements)
      return unsafe _overrideLifetime(elements, borrowing: self)
    }
  }

  /// The length of the transfer in bytes.
  public var byteCount: Int {
    Int(wdfDmaTransactionGetCurrentDmaTransferLength(handle.globals, handle.bits))
  }

  /// Bytes of the transaction that the transfers before have moved: where this one begins.
  public var offset: Int {
    Int(wdfDmaTransactionGetBytesTransferred(handle.globals, handle.bits))
  }

  // MARK: The end

  /// Says that the device has moved all bytes.
  ///
  /// - Returns: what came of the transaction, when that was its last transfer; nil when it goes on by
  ///   itself: the next transfer was given to `program`, perhaps before this returns.
  ///
  /// Source: WdfDmaTransactionDmaCompleted.
  public consuming func complete() -> DMAResult<Payload>? {
    let handle = handle
    discard self
    var status: Int32 = 0
    let isDone = wdfDmaTransactionDmaCompleted(handle.globals, handle.bits, &status)
    return DMAResult(handle, isDone, status)
  }

  /// Says that the device has moved so many bytes; the next transfer begins behind them.
  ///
  /// - Parameter byteCount: more than the transfer has end the transaction with
  ///   STATUS_INVALID_PARAMETER.
  ///
  /// Source: WdfDmaTransactionDmaCompletedWithLength.
  public consuming func complete(partially byteCount: Int) -> DMAResult<Payload>? {
    let handle = handle
    discard self
    var status: Int32 = 0
    let isDone = wdfDmaTransactionDmaCompletedWithLength(
      handle.globals, handle.bits, UInt64(UInt(bitPattern: byteCount)), &status)
    return DMAResult(handle, isDone, status)
  }

  /// Says that the device has moved so many bytes and will move no more: an underrun, an error, or a
  /// device that is gone.
  ///
  /// Source: WdfDmaTransactionDmaCompletedFinal.
  public consuming func complete(finally byteCount: Int) -> DMAResult<Payload> {
    let handle = handle
    discard self
    var status: Int32 = 0
    _ = wdfDmaTransactionDmaCompletedFinal(
      handle.globals, handle.bits, UInt64(UInt(bitPattern: byteCount)), &status)
    return DMAResult(handle: handle, status: NTStatus(code: status), byteCount: handle.moved)
  }
}

extension Handle {
  /// Bytes that a transaction has moved.
  fileprivate var moved: Int { Int(wdfDmaTransactionGetBytesTransferred(globals, bits)) }
}

/// What came of a DMA transaction; it still has what it moved.
///
/// One that is dropped drops that too: a request is lost then, as ever.
public struct DMAResult<Payload: DMAPayload & ~Copyable>: ~Copyable, Sendable {
  let handle: Handle
  /// Whether all transfers were done; else why not.
  public let status: NTStatus
  /// Bytes that were moved.
  public let byteCount: Int

  deinit {
    _ = DMABox<Payload>.take(from: handle)
    wdfObjectDelete(handle.globals, handle.bits)
  }

  init(handle: Handle, status: NTStatus, byteCount: Int) {
    self.handle = handle
    self.status = status
    self.byteCount = byteCount
  }

  fileprivate init?(_ handle: Handle, _ isDone: UInt8, _ status: Int32) {
    guard isDone != 0 else { return nil }
    self.init(handle: handle, status: NTStatus(code: status), byteCount: handle.moved)
  }

  /// Makes the transaction idle.
  ///
  /// - Parameter body: gets what was moved, and the transaction for the next time, or to drop it. It
  ///   should put the transaction away before it completes a request: the next one may come at once.
  ///
  /// Source: WdfDmaTransactionRelease.
  public consuming func release<R: ~Copyable, E: Error>(
    _ body: (consuming Payload, consuming DMATransaction<Payload>) throws(E) -> R
  ) throws(E) -> R {
    let handle = handle
    discard self
    _ = wdfDmaTransactionRelease(handle.globals, handle.bits)
    return try body(DMABox<Payload>.take(from: handle), DMATransaction(handle))
  }
}
