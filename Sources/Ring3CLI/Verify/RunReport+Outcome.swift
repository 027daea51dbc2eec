import Foundation
import Reports
import Ring3

// Runs of a whole script as the actions of one report.
extension RunReport {
  /// Begins a report on runs with these drivers.
  init(of machine: DriverOptions, _ what: String, started: Date) {
    let names = machine.drivers.map { URL(fileURLWithPath: $0).lastPathComponent }
    self.init(title: "\(names.joined(separator: ", ")), \(what)", started: started)
    drivers = zip(names, machine.drivers).map { RunReport.Driver(name: $0, path: $1) }
    script = machine.script
  }

  /// Adds a run, with what was found in it as a verdict.
  ///
  /// - Parameters:
  ///   - title: what was tried.
  ///   - message: what else there is to say of it.
  ///   - lines: what is said of a finding besides.
  ///   - causes: what led to a finding.
  ///   - count: how many runs ended in this way.
  mutating func add(
    _ outcome: VerifyOutcome, _ title: String, _ message: String? = nil, lines: [String] = [],
    causes: [Cause] = [], count: Int = 1
  ) {
    if var verdict = Verdict(outcome, action: actions.count) {
      verdict.causes += causes.filter { !$0.frames.isEmpty }
      verdict.count = count
      verdict.text = ([verdict.text] + lines).joined(separator: "\n")
      verdicts.append(verdict)
    }
    addAction(outcome, title, message)
  }

  /// Adds a run that ended as one before, which has the verdict.
  mutating func addFailure(
    _ outcome: VerifyOutcome, _ title: String, _ message: String?, _ failure: String
  ) {
    addAction(outcome, title, message)
    actions[actions.count - 1].failure = failure
  }

  private mutating func addAction(_ outcome: VerifyOutcome, _ title: String, _ message: String?) {
    var action = Action(text: title, start: actions.last.map { $0.start + $0.duration } ?? 0)
    action.duration = Int64(outcome.seconds * 1e9)
    action.message = message
    actions.append(action)
  }
}

extension RunReport.Verdict {
  /// What is wrong with a run; nil when nothing is.
  fileprivate init?(_ outcome: VerifyOutcome, action: Int) {
    if !outcome.isLate, let bugCheck = outcome.bugCheck {
      self.init(bugCheck, action: action, endsRun: true)
    } else {
      switch outcome.verdict {
      case .clean, .unreached: return nil
      case .leak:
        self.init(mistake: "A driver left something when it was unloaded.")
        rule = "ObjectLeft"
        remedy = "Give back what the driver was given, on each path out of a routine."
        frames = outcome.remainders.lazy.compactMap(\.frame).prefix(1).map(RunReport.Frame.init)
        self.action = action
      case .hang, .crash:
        self.init(BugCheck(.ring3RunNotEnded), action: action, endsRun: true)
      }
    }
    let failures = outcome.failures
    guard !failures.isEmpty else { return }
    detail = detail ?? failures.joined(separator: "; ")
    text = (failures + [text]).joined(separator: "\n")
  }
}
