/// How far a DMA transaction is: its state, and its bytes.
///
/// Only decides; who calls does what it says. The states and their numbers, which bug check 0x10D
/// shows, are the framework's.
struct DmaProgress {
  enum State: UInt64 {
    case created = 1
    /// AllocateResources was called; Initialize has not been since.
    case reserved
    case initialized
    /// Execute was called; some transfers are to come or under way.
    case transfer
    case completed, failed, released, deleted
  }

  /// What a driver says of the transfer under way.
  enum Completion {
    case full
    /// So many bytes; the next transfer begins behind them.
    case partial(Int)
    /// So many bytes, and no more transfers.
    case last(Int)
  }

  enum Outcome: Equatable {
    /// There are bytes left for another transfer.
    case more
    case finished
    /// The driver says that more was transferred than it was asked to.
    case refused
  }

  private(set) var state = State.created
  /// Bytes of the whole transaction.
  private(set) var length = 0
  /// Bytes of one transfer, at most.
  private(set) var maximum = 0
  /// Bytes of the transfers that are finished.
  private(set) var transferred = 0
  /// Bytes of the transfer under way.
  private(set) var current = 0

  /// Bytes that no transfer was begun for.
  var remaining: Int { length - transferred - current }

  /// Whether a transaction may be initialized.
  var mayInitialize: Bool { state == .created || state == .reserved || state == .released }

  /// Whether map registers may be reserved.
  var mayReserve: Bool { state == .created || state == .initialized || state == .released }

  mutating func initialize(length: Int, maximum: Int) {
    self = DmaProgress(state: .initialized, length: length, maximum: maximum)
  }

  /// Lowers the length of transfers; a greater one changes nothing.
  mutating func limit(to maximum: Int) { self.maximum = min(self.maximum, maximum) }

  mutating func reserve() { self = DmaProgress(state: .reserved) }

  /// False when the transaction is not initialized.
  mutating func execute() -> Bool {
    guard state == .initialized else { return false }
    state = .transfer
    return true
  }

  /// Begins the next transfer, of so many bytes.
  mutating func begin(_ byteCount: Int) { current = byteCount }

  /// A transfer that was begun could not be started.
  mutating func undo() { current = 0 }

  /// Ends the transfer under way; nil when none is.
  mutating func complete(_ completion: Completion) -> Outcome? {
    guard state == .transfer else { return nil }
    let count: Int
    switch completion {
    case .full: count = current
    case .partial(let byteCount), .last(let byteCount): count = byteCount
    }
    guard count <= current else { return .refused }
    transferred += count
    current = 0
    if case .last = completion { return .finished }
    return remaining == 0 ? .finished : .more
  }

  /// Ends the transaction; what was transferred can still be asked for.
  mutating func finish(isSuccess: Bool) {
    state = isSuccess ? .completed : .failed
    current = 0
  }

  mutating func release() { self = DmaProgress(state: .released) }
  mutating func delete() { self = DmaProgress(state: .deleted) }
}
