import ArgumentParser
import Foundation
import Reports
import Ring3

// What was found, and the end of a run.
extension RunSession {
  /// Prints the verdicts that have come since the last time.
  func showVerdicts() {
    guard let kernel else { return }
    for verdict in kernel.verdictsWithSourceLines(from: verdictCount) {
      verdictCount += 1
      recorder?.add(verdict)
      if command.reporting.json {
        var report = BugCheckReport(verdict)
        report.op = "verdict"
        command.reporting.printJSON(report)
      } else {
        print("verdict \(verdict.rule?.name ?? verdict.code.description)")
        print(verdict.message.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      }
    }
  }

  /// Prints the report of a bug check; gives the error that ends the command.
  func stopped(_ plain: BugCheck) throws -> any Error {
    showVerdicts()
    var bugCheck = kernel?.addingSourceLines(to: plain) ?? plain
    bugCheck.context.line = bugCheck.context.line ?? line
    if command.reporting.json {
      command.reporting.printJSON(BugCheckReport(bugCheck))
    } else {
      print(bugCheck.message)
    }
    showSchedule()
    recorder?.end()
    recorder?.add(bugCheck, endsRun: true)
    if recorder?.report.objects.isEmpty == true { recorder?.recordObjects() }
    try writeReports()
    return ExitCode(CommandFailure.driverFailed)
  }

  /// The run is over: writes the reports, and gives the error that ends the command for what was found.
  func judgement(_ runner: ScriptRunner) throws -> CommandFailure? {
    try writeReports()
    if verdictCount > 0 {
      let rules = verdictCount == 1 ? "1 rule was" : "\(verdictCount) rules were"
      return CommandFailure(message: "\(rules) broken.", status: CommandFailure.driverFailed)
    }
    guard runner.failureCount > 0 else { return nil }
    return CommandFailure(
      message: "\(runner.failureCount) expectations failed.",
      status: CommandFailure.expectationFailed)
  }

  private func writeReports() throws {
    guard let recorder else { return }
    areReportsWritten = true
    try command.reports.write(recorder.finish())
  }

  /// The run was cut short: the reports say why, unless a verdict is going to.
  func cutShort(by error: any Error) throws {
    guard !areReportsWritten, kernel?.bugCheck == nil else { return }
    let failure = (error as? ScriptRunner.Failure)?.message ?? (error as? CommandFailure)?.message
    recorder?.end(failure: failure ?? "\(error)")
    try writeReports()
  }

  /// The driver does not come back: what is known is written before the program ends.
  func giveUp(_ action: String) {
    guard let recorder else { return }
    let bugCheck = BugCheck(
      .ring3RunNotEnded, context: BugCheck.Context(subject: action, line: line))
    let verdict = RunReport.Verdict(bugCheck, action: recorder.currentAction, endsRun: true)
    recorder.report.verdicts.append(verdict)
    try? command.reports.write(recorder.finish())
  }
}
