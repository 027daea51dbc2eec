import Glibc
import Synchronization

/// The machines of this process that have not ended, for host threads that end.
enum LiveMachines {
  /// How many host threads keep each machine from ending.
  private static let holds = Mutex<[UInt64: Int]>([:])

  static func insert(_ number: UInt64) { holds.withLock { $0[number] = 0 } }

  /// Takes a machine out, when nobody holds it any more.
  static func remove(_ number: UInt64) {
    while !holds.withLock({ removeFree(number, &$0) }) { usleep(200) }
  }

  private static func removeFree(_ number: UInt64, _ holds: inout [UInt64: Int]) -> Bool {
    if let count = holds[number], count != 0 { return false }
    holds[number] = nil
    return true
  }

  /// Runs `body` while machine `number` cannot end; does nothing when it has ended.
  static func with(_ number: UInt64, _ body: (UInt64) -> Void) {
    let isLive = holds.withLock { holds in
      guard let count = holds[number] else { return false }
      holds[number] = count + 1
      return true
    }
    if !isLive { return }
    body(number)
    holds.withLock { holds in holds[number] = (holds[number] ?? 1) - 1 }
  }
}
