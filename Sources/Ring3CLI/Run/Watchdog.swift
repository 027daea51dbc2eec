import Foundation
import Synchronization

/// Ends the program when one action takes too long: a driver that hangs in its own code.
final class Watchdog: @unchecked Sendable {
  private struct State {
    var action = "load"
    var deadline: ContinuousClock.Instant?
  }

  private let state: Mutex<State>
  private let limit: Duration

  /// What is done before the program ends; gets the action.
  private let whenLate: (String) -> Void

  /// Begins to watch.
  ///
  /// - Parameter whenLate: called on a thread of the watchdog's, while the others hang.
  init(seconds: Double, whenLate: @escaping (String) -> Void = { _ in }) {
    limit = .seconds(seconds)
    self.whenLate = whenLate
    state = Mutex(State(deadline: .now + limit))
    let thread = Thread { [self] in watch() }
    thread.start()
  }

  /// An action begins.
  func touch(_ action: String) {
    state.withLock { $0 = State(action: action, deadline: .now + limit) }
  }

  /// Nothing is under way.
  func pause() { state.withLock { $0.deadline = nil } }

  /// The run is over.
  func stop() { pause() }

  private func watch() {
    while true {
      Thread.sleep(forTimeInterval: 0.5)
      let late = state.withLock { state in
        state.deadline.map { $0 < .now } == true ? state.action : nil
      }
      guard let late else { continue }
      printError("error: \(late): the driver does not return; the run is given up.")
      whenLate(late)
      Foundation.exit(CommandFailure.driverFailed)
    }
  }
}
