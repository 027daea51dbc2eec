import Foundation
import Reports
import Ring3

// The report of all runs in the form that files are written from: each run is an action.
extension VerifyReport {
  func runReport(of machine: DriverOptions) -> RunReport {
    let names = machine.drivers.map { URL(fileURLWithPath: $0).lastPathComponent }
    var report = RunReport(
      title: "\(names.joined(separator: ", ")), refused memory", started: started)
    report.drivers = zip(names, machine.drivers).map { RunReport.Driver(name: $0, path: $1) }
    report.script = machine.script
    report.classes = VerifierClasses.standard.union(.lowResources).wordList
    report.seconds = seconds
    report.add(plain, plain.verdict, "without any failure", at: 0)
    var start = plain.seconds
    for run in runs {
      let tag = run.site.tag.map { " '\($0)'" } ?? ""
      report.add(
        run.outcome, run.verdict, "site \(run.number): \(run.site.routine)\(tag) fails",
        run.site.frames, at: start)
      start += run.outcome.seconds
    }
    return report
  }
}

extension RunReport {
  /// Adds a run as an action, with what was found in it.
  fileprivate mutating func add(
    _ outcome: VerifyOutcome, _ verdict: VerifyOutcome.Verdict, _ title: String,
    _ frames: [BugCheck.Frame] = [], at start: Double
  ) {
    var action = Action(text: title, start: Int64(start * 1e9))
    action.duration = Int64(outcome.seconds * 1e9)
    action.message = frames.first.map { "asked for at \($0)" }
    if verdict == .unreached { action.message = "not reached again" }
    var lines: [String] = []
    if outcome.isLate { lines.append("The run did not end at: \(outcome.action)") }
    lines += outcome.lost.map { "Lost: \($0)" }
    lines += outcome.remainders.map(\.line)
    if !lines.isEmpty { action.failure = lines.joined(separator: "\n") }
    if !outcome.isLate, let bugCheck = outcome.bugCheck {
      var found = Verdict(bugCheck, action: actions.count, endsRun: true)
      if !frames.isEmpty {
        found.causes.append(Cause(event: "refused", frames: frames.map(Frame.init)))
      }
      verdicts.append(found)
    }
    actions.append(action)
  }
}
