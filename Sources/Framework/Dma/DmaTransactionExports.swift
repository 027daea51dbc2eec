import CDriverKit
import CRing3
import Machine
import Memory

@c(r3_WdfDmaTransactionGetBytesTransferred)
package func wdfDmaTransactionGetBytesTransferred(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt64
{
  UInt64(Framework.current.dmaTransaction(handle).pointee.progress.transferred)
}

@c(r3_WdfDmaTransactionGetCurrentDmaTransferLength)
package func wdfDmaTransactionGetCurrentDmaTransferLength(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> UInt64 {
  UInt64(Framework.current.dmaTransaction(handle).pointee.progress.current)
}

@c(r3_WdfDmaTransactionGetRequest)
package func wdfDmaTransactionGetRequest(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.dmaTransaction(handle).pointee.request.map { $0.handle } ?? 0
}

@c(r3_WdfDmaTransactionGetDevice)
package func wdfDmaTransactionGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.dmaTransaction(handle).enabler.pointee.device.handle
}

/// Lowers the length of the transfers of this transaction, once it is initialized.
@c(r3_WdfDmaTransactionSetMaximumLength)
package func wdfDmaTransactionSetMaximumLength(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ length: UInt64
) {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  guard length > 0 else {
    return framework.note("WdfDmaTransactionSetMaximumLength: transfers of 0 bytes move nothing")
  }
  switch transaction.pointee.progress.state {
  case .initialized, .transfer:
    transaction.pointee.progress.limit(to: Int(clamping: length))
  case .created, .reserved, .completed, .failed, .released, .deleted: transaction.refuse()
  }
}

@c(r3_WdfDmaTransactionSetSingleTransferRequirement)
package func wdfDmaTransactionSetSingleTransferRequirement(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ isRequired: UInt32
) {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  guard transaction.enabler.usesVersion3, transaction.pointee.progress.mayInitialize else {
    return framework.note(
      "WdfDmaTransactionSetSingleTransferRequirement: "
        + "with DMA version 3, before the transaction is initialized")
  }
  transaction.pointee.requiresSingleTransfer = isRequired & 0xFF != 0
}

@c(r3_WdfDmaTransactionSetImmediateExecution)
package func wdfDmaTransactionSetImmediateExecution(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ isImmediate: UInt32
) {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  guard transaction.enabler.usesVersion3 else {
    return framework.note("WdfDmaTransactionSetImmediateExecution: with DMA version 3 only")
  }
  transaction.pointee.isImmediate = isImmediate & 0xFF != 0
}

/// NULL before the transaction is initialized, and with versions that have no contexts.
@c(r3_WdfDmaTransactionWdmGetTransferContext)
package func wdfDmaTransactionWdmGetTransferContext(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UnsafeMutableRawPointer?
{
  let transaction = Framework.current.dmaTransaction(handle)
  guard transaction.enabler.usesVersion3 else { return nil }
  switch transaction.pointee.progress.state {
  case .created, .released, .deleted: return nil
  case .reserved, .initialized, .transfer, .completed, .failed: return transaction.transferContext
  }
}

@c(r3_WdfDmaTransactionGetTransferInfo)
package func wdfDmaTransactionGetTransferInfo(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ registers: UnsafeMutablePointer<UInt32>?, _ elements: UnsafeMutablePointer<UInt32>?
) {
  let transaction = Framework.current.dmaTransaction(handle)
  guard transaction.pointee.progress.state == .initialized, let mdl = Mdl(transaction.pointee.mdl),
    let range = MdlRange(
      mdl, offset: transaction.pointee.offset, byteCount: transaction.pointee.progress.length)
  else { transaction.refuse() }
  let pages = UInt32(range.pageCount)
  // Before version 3 packets are told as pages too.
  let isOne =
    transaction.enabler.usesVersion3
    && !transaction.enabler.pointee.profile.hasScatterGather
  registers?.pointee = pages
  elements?.pointee = isOne ? 1 : pages
}
