import Foundation
import Synchronization

/// Runs `body` on two host threads at once, with 0 and 1; throws what the first one that failed threw.
func onTwoThreads(_ body: @escaping @Sendable (Int) throws -> Void) throws {
  let failure = Mutex<(any Error)?>(nil)
  let group = DispatchGroup()
  for index in 0..<2 {
    group.enter()
    Thread.detachNewThread {
      do {
        try body(index)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
      group.leave()
    }
  }
  group.wait()
  if let error = failure.withLock({ $0 }) { throw error }
}
