import Ring3
import Synchronization

/// A device, and the request that it carries out.
///
/// Who ends a transfer takes it out of `work` first - the deferred handler of the interrupt, the
/// cancellation of the request, or the removal of the device - so that one of them does.
final class Mover: @unchecked Sendable {
  /// The longest transfer of the device, as its driver decides: longer requests take several.
  static let maximumLength = 64 << 10

  struct Work: ~Copyable {
    /// The transaction while nothing runs.
    var idle: DMATransaction<PendedRequest>?
    /// What the device does now.
    var transfer: DMATransfer<PendedRequest>?
    /// The request of the transaction, when it was cancelled.
    var cancelled: Request?
    /// Why the device takes no more transfers.
    var failure: NTStatus?
    /// Where the request begins in the device's memory.
    var offset: UInt64 = 0
  }

  let work = SpinLocked(Work())
  /// What the device has said since the last transfer was started.
  let status = Atomic<UInt32>(0)
  let ring = SpinLocked<MoveRing?>(nil)
  // Set while no interrupt is connected and no request comes.
  private(set) var registers: MoverRegisters?

  // MARK: The device comes and goes

  /// Makes what the device has for all its life.
  func connect(_ device: DeviceObject) throws {
    try device.makeInterrupt { interrupt in
      interrupt.onInterrupt { _, _ in self.service() }
      interrupt.onDeferred { _ in self.finishTransfer() }
    }
    let enabler = try device.makeDMAEnabler(.scatterGather64, maximumLength: Self.maximumLength)
    // A buffer of so many bytes touches one page more.
    let ring = try MoveRing(enabler, capacity: Self.maximumLength >> 12 + 1)
    enabler.maximumElementCount = ring.capacity
    self.ring.store(ring)
    var idle: DMATransaction<PendedRequest>? = try DMATransaction(enabler) {
      (transfer: consuming DMATransfer<PendedRequest>) in self.program(transfer)
    }
    work.withLock { swap(&$0.idle, &idle) }
  }

  func prepare(_ resources: DeviceResources) throws {
    guard let memory = resources.list.first else { throw NTStatus.insufficientResources }
    registers = MoverRegisters(try DeviceRegisters(memory))
    work.withLock { $0.failure = nil }
  }

  func release() { registers = nil }

  // MARK: Requests

  /// Has the device carry out a request.
  func start(_ request: consuming Request, _ direction: DMADirection) {
    let offset = UInt64(bitPattern: request.offset)
    var idle: DMATransaction<PendedRequest>?
    work.withLock { work in
      swap(&work.idle, &idle)
      work.offset = offset
    }
    guard let transaction = idle.take() else {
      // The queue gives one request at a time.
      request.complete(.deviceBusy)
      return
    }
    let pended = request.pend { (request: consuming Request) in self.cancel(request) }
    if let result = transaction.initialize(pended, direction).execute() { finish(result) }
  }

  /// Completes the request of a transaction that is done, and gets the transaction back.
  func finish(_ result: consuming DMAResult<PendedRequest>, _ error: NTStatus? = nil) {
    let status = error ?? result.status
    let count = result.byteCount
    result.release {
      (pended: consuming PendedRequest, transaction: consuming DMATransaction<PendedRequest>) in
      let request = pended.resume()
      var idle: DMATransaction<PendedRequest>? = consume transaction
      var cancelled: Request?
      work.withLock { work in
        swap(&work.idle, &idle)
        swap(&work.cancelled, &cancelled)
      }
      request?.complete(status, information: status.isSuccess ? count : 0)
      cancelled?.complete(.cancelled)
    }
  }

  /// Ends a request that its requester has cancelled.
  private func cancel(_ request: consuming Request) {
    var cancelled: Request? = consume request
    var transfer: DMATransfer<PendedRequest>?
    work.withLock { work in
      // The transaction may be done already, and its request not yet completed.
      guard work.idle == nil else { return }
      swap(&work.cancelled, &cancelled)
      swap(&work.transfer, &transfer)
    }
    cancelled.take()?.complete(.cancelled)
    guard let transfer = transfer.take() else { return }
    registers?.stop()
    finish(transfer.complete(finally: 0))
  }

  /// Ends what the device does, and lets it do no more.
  func giveUp(_ failure: NTStatus) {
    var transfer: DMATransfer<PendedRequest>?
    work.withLock { work in
      work.failure = failure
      swap(&work.transfer, &transfer)
    }
    if let transfer = transfer.take() { finish(transfer.complete(finally: 0), failure) }
  }
}
