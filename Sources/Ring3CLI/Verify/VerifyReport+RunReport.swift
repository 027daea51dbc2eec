import Foundation
import Reports
import Ring3

// The report of all runs in the form that files are written from: each run is an action.
extension VerifyReport {
  func runReport(of machine: DriverOptions) -> RunReport {
    var report = RunReport(of: machine, "refused memory", started: started)
    report.classes = VerifierClasses.standard.union(.lowResources).wordList
    report.seconds = seconds
    report.add(plain, "without any failure")
    for run in runs {
      let fails =
        run.target.causes + [VerifyTarget.Cause(number: run.number, site: run.target.site)]
      var message = run.target.site.frames.first.map { "asked for at \($0)" }
      if run.verdict == .unreached { message = "not reached again" }
      report.add(
        run.outcome, run.title, message,
        causes: fails.map {
          RunReport.Cause(event: "refused", frames: $0.site.frames.map(RunReport.Frame.init))
        })
    }
    return report
  }
}

extension ScheduleVerifyReport {
  /// The same of orders: a finding is one verdict, in the first order that shows it.
  func runReport(of machine: DriverOptions, _ replay: ReplayCommand) -> RunReport {
    var report = RunReport(of: machine, "orders of threads", started: started)
    report.classes = VerifierClasses.standard.wordList
    report.seconds = seconds
    if let plain { report.add(plain, "without an order") }
    let groups = findings
    for run in runs {
      let message = run.outcome.schedule?.summary
      let title = "schedule \(run.seed)"
      guard let group = groups.first(where: { $0.contains { $0.seed == run.seed } }),
        let first = group.first
      else {
        report.add(run.outcome, title, message)
        continue
      }
      let again = "Again: " + replay.text(run.seed)
      if first.seed == run.seed {
        report.add(
          run.outcome, title, message, lines: run.orderLines + [again], count: group.count)
      } else {
        report.addFailure(
          run.outcome, title, message, "The same as in schedule \(first.seed). \(again)")
      }
    }
    return report
  }
}
