import CDriverKit
import CRing3
import Hardware
import Machine
import Memory

@c(r3_WdfDmaTransactionDmaCompleted)
package func wdfDmaTransactionDmaCompleted(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: UnsafeMutablePointer<Int32>?
) -> UInt8 {
  Framework.current.completeDma(handle, .full, status)
}

@c(r3_WdfDmaTransactionDmaCompletedWithLength)
package func wdfDmaTransactionDmaCompletedWithLength(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ length: UInt64,
  _ status: UnsafeMutablePointer<Int32>?
) -> UInt8 {
  Framework.current.completeDma(handle, .partial(Int(clamping: length)), status)
}

@c(r3_WdfDmaTransactionDmaCompletedFinal)
package func wdfDmaTransactionDmaCompletedFinal(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ length: UInt64,
  _ status: UnsafeMutablePointer<Int32>?
) -> UInt8 {
  Framework.current.completeDma(handle, .last(Int(clamping: length)), status)
}

@c(r3_WdfDmaTransactionRelease)
package func wdfDmaTransactionRelease(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32
{
  let transaction = Framework.current.dmaTransaction(handle)
  if transaction.pointee.progress.state == .transfer { transaction.refuse() }
  transaction.release()
  return FrameworkStatus.success
}

extension Framework {
  /// Ends a transfer, and starts the next one; 1 when the transaction is done.
  fileprivate func completeDma(
    _ handle: UInt64, _ completion: DmaProgress.Completion,
    _ result: UnsafeMutablePointer<Int32>?
  ) -> UInt8 {
    let transaction = dmaTransaction(handle)
    let result = require(result)
    let status = transaction.complete(completion)
    result.pointee = status
    return status == FrameworkStatus.moreProcessingRequired ? 0 : 1
  }
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  fileprivate func complete(_ completion: DmaProgress.Completion) -> Int32 {
    // Before the elements are there nothing was transferred.
    guard pointee.list != nil, let outcome = pointee.progress.complete(completion) else { refuse() }
    endTransfer()
    var status: Int32 = 0
    switch outcome {
    case .refused: status = FrameworkStatus.invalidParameter
    case .finished: break
    case .more where pointee.requiresSingleTransfer: status = FrameworkStatus.tooManyTransfers
    case .more:
      status = stage()
      // It runs on by itself.
      if status >= 0 { return FrameworkStatus.moreProcessingRequired }
    }
    pointee.progress.finish(isSuccess: status >= 0)
    if enabler.hasTurns { enabler.giveTurnBack() }
    releaseRequest()
    return status
  }

  /// Gives back the elements of a transfer; data of a read is in the buffer then.
  func endTransfer() {
    guard let list = pointee.list else { return }
    pointee.list = nil
    if let base = pointee.reservation.base {
      channel.adapter.flushReservation(base, isWrite: isWrite)
    } else {
      channel.adapter.putList(list, isWrite: isWrite)
    }
  }

  /// Makes the transaction as new, except for map registers that it keeps.
  func release() {
    endTransfer()
    dropRequest()
    pointee.mdl = nil
    pointee.offset = 0
    pointee.programDma = nil
    pointee.context = 0
    pointee.isImmediate = false
    pointee.requiresSingleTransfer = enabler.pointee.requiresSingleTransfer
    pointee.progress.release()
  }
}
