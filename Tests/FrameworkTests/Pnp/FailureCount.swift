import Synchronization

/// Counts what goes wrong on several threads.
final class FailureCount: Sendable {
  private let value = Mutex(0)

  func add() { value.withLock { $0 += 1 } }

  var count: Int { value.withLock { $0 } }
}
