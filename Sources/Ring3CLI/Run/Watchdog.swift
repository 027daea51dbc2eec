import Foundation
import Synchronization

/// Ends the program when one action takes too long: a driver that hangs in its own code.
final class Watchdog: Sendable {
  private struct State {
    var action = "load"
    var deadline: ContinuousClock.Instant?
  }

  private let state: Mutex<State>
  private let limit: Duration

  init(seconds: Double) {
    limit = .seconds(seconds)
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
      Foundation.exit(CommandFailure.driverFailed)
    }
  }
}
