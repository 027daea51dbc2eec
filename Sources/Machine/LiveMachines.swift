import Synchronization

/// The machines of this process that have not ended, for host threads that end.
enum LiveMachines {
  private static let numbers = Mutex<Set<UInt64>>([])

  static func insert(_ number: UInt64) { _ = numbers.withLock { $0.insert(number) } }

  static func remove(_ number: UInt64) { _ = numbers.withLock { $0.remove(number) } }

  /// Runs `body` while machine `number` cannot end; does nothing when it has ended.
  static func with(_ number: UInt64, _ body: (UInt64) -> Void) {
    numbers.withLock { if $0.contains(number) { body(number) } }
  }
}
