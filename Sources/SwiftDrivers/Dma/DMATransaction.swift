import CDriverKit
import Framework
import NTTypes

/// A DMA transaction that is idle: WDFDMATRANSACTION, made or released.
///
/// Each state of a transaction is a type of its own, so that what does not fit a state does not compile:
///
/// - a ``DMATransaction`` is initialized with what it moves;
/// - an ``InitializedDMATransaction`` is executed;
/// - the driver's `program` gets a ``DMATransfer``, starts the device with it, keeps it, and completes
///   it when the device is done: once, and only while it is under way;
/// - a ``DMAResult`` comes of the last transfer; released, it gives back what was moved, and the idle
///   transaction for the next time.
///
/// Nobody can complete a request while the device moves its data: the transaction has it.
///
///     func makeTransaction(
///       _ enabler: DMAEnabler, _ registers: DeviceRegisters,
///       _ current: SpinLocked<DMATransfer<Request>?>
///     ) throws -> DMATransaction<Request> {
///       try DMATransaction(enabler) { (transfer: consuming DMATransfer<Request>) in
///         registers.write(transfer.elements[0].address, at: 0x08)
///         registers.write(transfer.elements[0].length, at: 0x18)
///         current.store(transfer)
///         registers.write(UInt32(1), at: 0x00)
///       }
///     }
///
/// It cannot be copied; one that goes deletes the object. Up to DISPATCH_LEVEL.
public struct DMATransaction<Payload: DMAPayload & ~Copyable>: ~Copyable, Sendable {
  let handle: Handle

  init(_ handle: Handle) { self.handle = handle }

  deinit {
    if handle.isLive { wdfObjectDelete(handle.globals, handle.bits) }
  }

  /// Programs the device for a transfer; called at DISPATCH_LEVEL, as often as the transaction takes
  /// transfers: EvtProgramDma.
  ///
  /// It has to put the transfer where whoever learns of its end finds it, before it starts the device.
  public typealias Program = @Sendable (_ transfer: consuming DMATransfer<Payload>) -> Void

  /// Makes a transaction.
  ///
  /// - Parameters:
  ///   - enabler: of the device that moves the data.
  ///   - program: starts the device for one transfer.
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfDmaTransactionCreate.
  public init(_ enabler: DMAEnabler, program: @escaping Program) throws(NTStatus) {
    let globals = enabler.handle.globals
    var attributes = Attachment.attributes()
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfDmaTransactionCreate")
    try check(wdfDmaTransactionCreate(globals, enabler.handle.bits, &attributes, &bits))
    Attachment.attach(DMABox<Payload>(program), to: bits)
    handle = Handle(globals: globals, bits: bits)
  }

  /// Leaves the object to its device, which deletes it.
  public consuming func leaveToParent() { discard self }

  /// Gives the transaction what it moves.
  ///
  /// - Parameters:
  ///   - payload: the transaction's until it is done.
  ///   - direction: which way the bytes go.
  ///   - range: the part of the buffer that is moved, in bytes; nil for all of it.
  /// - Returns: the transaction to be executed. What is wrong - no bytes, a direction that the request
  ///   has no buffer for, a transfer with too many elements - comes out of
  ///   ``InitializedDMATransaction/execute()``.
  ///
  /// Source: WdfDmaTransactionInitializeUsingRequest, WdfDmaTransactionInitializeUsingOffset.
  public consuming func initialize(
    _ payload: consuming Payload, _ direction: DMADirection, range: Range<Int>? = nil
  ) -> InitializedDMATransaction<Payload> {
    let handle = handle
    discard self
    let status = payload.initialize(FrameworkHandle(handle), direction, range)
    DMABox<Payload>.put(payload, in: handle)
    return InitializedDMATransaction(handle: handle, status: status)
  }
}

/// A DMA transaction that has what it moves, and is to be executed.
///
/// One that is dropped drops that too: a request is lost then, as ever.
public struct InitializedDMATransaction<Payload: DMAPayload & ~Copyable>: ~Copyable, Sendable {
  let handle: Handle
  /// How the initialization ended.
  let status: NTStatus

  deinit {
    _ = DMABox<Payload>.take(from: handle)
    wdfObjectDelete(handle.globals, handle.bits)
  }

  /// Lowers the length of the transfers, in bytes; a greater one changes nothing.
  ///
  /// Source: WdfDmaTransactionSetMaximumLength.
  public mutating func limitTransfers(to byteCount: Int) {
    guard !status.isError, byteCount > 0 else { return }
    wdfDmaTransactionSetMaximumLength(handle.globals, handle.bits, UInt64(byteCount))
  }

  /// Starts the first transfer: `program` is called as soon as there are map registers, often before
  /// this returns.
  ///
  /// - Returns: nil when the transaction runs, and may even be done; else what came of it, with the
  ///   status that says why.
  ///
  /// Source: WdfDmaTransactionExecute.
  public consuming func execute() -> DMAResult<Payload>? {
    let (handle, status) = (handle, status)
    discard self
    if status.isError { return DMAResult(handle: handle, status: status, byteCount: 0) }
    let code = wdfDmaTransactionExecute(handle.globals, handle.bits, 0)
    return code < 0 ? DMAResult(handle: handle, status: NTStatus(code: code), byteCount: 0) : nil
  }
}
