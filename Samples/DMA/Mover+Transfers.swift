import Ring3
import Synchronization

// Transfers: started, interrupted about, finished.
extension Mover {
  /// Starts the device, at DISPATCH_LEVEL.
  func program(_ transfer: consuming DMATransfer<PendedRequest>) {
    guard let registers else { return abandon(transfer, .deviceNotReady) }
    let count = UInt32(transfer.elements.count)
    let start = work.withLock { $0.offset } + UInt64(transfer.offset)
    ring.withLock { $0?.load(transfer.elements, transfer.direction, at: start) }
    let address = ring.withLock { $0?.logicalAddress } ?? 0
    // From here on another thread may end the transfer.
    var waiting: DMATransfer<PendedRequest>? = consume transfer
    var failure: NTStatus?
    work.withLock { work in
      failure = work.cancelled == nil ? work.failure : .cancelled
      if failure == nil { swap(&work.transfer, &waiting) }
    }
    if let transfer = waiting.take() { return abandon(transfer, failure ?? .unsuccessful) }
    status.store(0, ordering: .releasing)
    registers.start(ring: address, count: count)
  }

  private func abandon(_ transfer: consuming DMATransfer<PendedRequest>, _ failure: NTStatus) {
    finish(transfer.complete(finally: 0), failure)
  }

  /// The service routine: takes the interrupt back, and notes what the device says.
  func service() -> InterruptAnswer {
    guard let registers else { return .notMine }
    let said = registers.status
    guard said != 0 else { return .notMine }
    registers.clear(said)
    _ = status.bitwiseOr(said, ordering: .acquiringAndReleasing)
    return .deferred
  }

  /// Ends the transfer that the device has done, at DISPATCH_LEVEL.
  func finishTransfer() {
    let said = status.exchange(0, ordering: .acquiringAndReleasing)
    guard said & MoverRegisters.isDone != 0 else { return }
    var done: DMATransfer<PendedRequest>?
    work.withLock { swap(&$0.transfer, &done) }
    guard let transfer = done.take() else { return }
    if said & MoverRegisters.hasFailed != 0 {
      finish(transfer.complete(finally: 0), .deviceDataError)
    } else if let result = transfer.complete() {
      finish(result)
    }
  }
}
