import CDriverKit
import Framework
import Memory
import NTTypes

/// What a DMA transaction moves: it has it from its initialization until it is done.
///
/// ``Request``, ``PendedRequest`` and ``MemoryDescriptorList`` are payloads; drivers make no others.
public protocol DMAPayload: ~Copyable, Sendable {
  /// Initializes a transaction with its buffer; for the module's own use.
  borrowing func initialize(
    _ transaction: FrameworkHandle, _ direction: DMADirection, _ range: Range<Int>?
  ) -> NTStatus
}

extension Request: DMAPayload {
  /// Initializes a transaction with the buffer of the request.
  public borrowing func initialize(
    _ transaction: FrameworkHandle, _ direction: DMADirection, _ range: Range<Int>?
  ) -> NTStatus {
    handle.initialize(transaction.handle, direction, range)
  }
}

extension PendedRequest: DMAPayload {
  /// Initializes a transaction with the buffer of the request.
  public borrowing func initialize(
    _ transaction: FrameworkHandle, _ direction: DMADirection, _ range: Range<Int>?
  ) -> NTStatus {
    handle.initialize(transaction.handle, direction, range)
  }
}

extension MemoryDescriptorList: DMAPayload {
  /// Initializes a transaction with the buffer of the list.
  public borrowing func initialize(
    _ transaction: FrameworkHandle, _ direction: DMADirection, _ range: Range<Int>?
  ) -> NTStatus {
    transaction.handle.initialize(list.mdl, direction, range ?? 0..<byteCount)
  }
}

extension Handle {
  /// Initializes a transaction with the buffer of this request, or a part of it.
  fileprivate func initialize(
    _ transaction: Handle, _ direction: DMADirection, _ range: Range<Int>?
  ) -> NTStatus {
    guard let range else {
      if isRefused("WdfDmaTransactionInitializeUsingRequest") { return .insufficientResources }
      return NTStatus(
        code: wdfDmaTransactionInitializeUsingRequest(
          globals, transaction.bits, bits, DriverEntries.programDma.address, direction.rawValue))
    }
    var pointer: UnsafeMutablePointer<MDL>?
    let isWrite = Framework.current.location(of: bits).pointee.MajorFunction == UInt8(IRP_MJ_WRITE)
    // The MDL of a direct control request is its output, whichever way the data goes.
    let status =
      isWrite
      ? wdfRequestRetrieveInputWdmMdl(globals, bits, &pointer)
      : wdfRequestRetrieveOutputWdmMdl(globals, bits, &pointer)
    guard status >= 0, let pointer else { return NTStatus(code: status) }
    return transaction.initialize(Mdl(pointer), direction, range)
  }

  /// Initializes this transaction with a part of the buffer of a list.
  fileprivate func initialize(_ mdl: Mdl, _ direction: DMADirection, _ range: Range<Int>)
    -> NTStatus
  {
    guard range.lowerBound >= 0 else { return .invalidParameter }
    if isRefused("WdfDmaTransactionInitializeUsingOffset") { return .insufficientResources }
    return NTStatus(
      code: wdfDmaTransactionInitializeUsingOffset(
        globals, bits, DriverEntries.programDma.address, direction.rawValue, mdl.pointer,
        UInt64(range.lowerBound), UInt64(range.count)))
  }
}
