import Glibc
import Synchronization

/// The machines of this process that have not ended, for host threads that end.
enum LiveMachines {
  /// How many host threads are ending in each.
  private static let users = Mutex<[UInt64: Int]>([:])

  static func insert(_ number: UInt64) { users.withLock { $0[number] = 0 } }

  /// Takes a machine out, when no host thread is ending in it any more.
  static func remove(_ number: UInt64) {
    while !users.withLock({ users in
      guard users[number, default: 0] == 0 else { return false }
      users[number] = nil
      return true
    }) { usleep(1000) }
  }

  /// Runs `body` while machine `number` cannot end; does nothing when it has ended.
  static func with(_ number: UInt64, _ body: (UInt64) -> Void) {
    let isLive = users.withLock { users in
      guard let count = users[number] else { return false }
      users[number] = count + 1
      return true
    }
    guard isLive else { return }
    body(number)
    users.withLock { $0[number, default: 1] -= 1 }
  }
}
