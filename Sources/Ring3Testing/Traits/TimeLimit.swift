import Dispatch
import Ring3
import Synchronization

/// Ends a kernel when a test takes too long, so that calls that wait in it come back.
final class TimeLimit: Sendable {
  private let seconds: Double
  private let state = Mutex(State())

  private struct State {
    var isStopped = false
    var isOver = false
  }

  /// Begins to count.
  init(seconds: Double, kernel: Kernel) {
    self.seconds = seconds
    guard seconds.isFinite else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self, weak kernel] in
      guard let self, let kernel else { return }
      let isLate = state.withLock { state in
        state.isOver = !state.isStopped
        return state.isOver
      }
      if isLate { kernel.crash() }
    }
  }

  /// The test is over.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Whether the kernel was ended.
  var isOver: Bool { state.withLock { $0.isOver } }

  /// What is said then.
  var finding: Finding {
    Finding(
      .timeLimit,
      "The test took longer than \(seconds) s, and its kernel was ended: a driver keeps a request, or waits for something that does not come."
    )
  }
}
