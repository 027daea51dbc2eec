import Ring3

/// Prints a report: findings for people, or every site as an object.
struct VerifyOutput {
  let reporting: OutputOptions

  func print(_ report: VerifyReport) {
    if reporting.json {
      reporting.printJSON(
        JoinedObject(SiteObject(plain: report.plain), OutcomeObject(report.plain)))
      for run in report.runs {
        reporting.printJSON(JoinedObject(SiteObject(run), OutcomeObject(run.outcome, run.verdict)))
      }
      reporting.printJSON(
        JoinedObject(
          SummaryObject(report),
          CountsObject(report.counts, kernels: report.runs.count + 1, seconds: report.seconds)))
    } else {
      printText(report)
    }
  }

  private func printText(_ report: VerifyReport) {
    let plain = report.plain
    Swift.print("plain  \(plain.sites.count) sites, \(plain.callCount) calls")
    for problem in plain.problems + report.notes { Swift.print("note   " + problem) }
    if plain.verdict != .clean { plain.printFinding("without any failure") }
    for run in report.runs where run.isFinding {
      run.outcome.printFinding(run.title, run.target.site.frames)
      for cause in run.target.causes.reversed() {
        Swift.print("       After site \(cause.number):")
        for frame in cause.site.frames { Swift.print("         \(frame)") }
      }
    }
    printTotal(report)
    if plain.sites.isEmpty { Swift.print("       nothing that can fail was called") }
  }

  private func printTotal(_ report: VerifyReport) {
    let second =
      report.secondCount > 0 ? ", and \(report.secondCount) that only failures lead to" : ""
    let count = report.counts[.unreached]
    let unreached = count > 0 ? ", \(count) not reached again" : ""
    Swift.print(
      "total  \(report.plain.sites.count) sites\(second): \(report.counts.text)\(unreached); "
        + "\(report.runs.count + 1) kernels in \(report.seconds.tenths) s")
  }
}

extension VerifyReport {
  /// The limits that were reached, by their names.
  var notes: [String] {
    var notes: [String] = []
    if leftOutCount > 0 {
      notes.append(
        "--second-failures was reached: \(leftOutCount) more sites that only failures lead to did not fail"
      )
    }
    if limitsGuards {
      notes.append(
        "more than \(VerifyTarget.mostGuardedCalls) calls: in runs with a failure special pool guards the "
          + "first \(FailurePlan.alwaysGuarded) and those round the failure")
    }
    return notes
  }
}

/// What was tried in a run, as an object: a site, or nothing.
private struct SiteObject: Encodable {
  var op: String
  var number: Int?
  var identifier: String?
  var routine: String?
  var tag: String?
  var calls: Int?
  var stack: [String]?
  /// The numbers of the sites that fail before.
  var after: [Int]?

  init(plain: VerifyOutcome) {
    op = "plain"
    calls = plain.callCount
  }

  init(_ run: VerifyReport.Run) {
    let site = run.target.site
    op = "site"
    number = run.number
    identifier = hex(site.identifier)
    routine = site.routine
    tag = site.tag.map { "\($0)" }
    calls = site.callCount
    stack = site.frames.map { "\($0)" }
    if !run.target.causes.isEmpty { after = run.target.causes.map(\.number) }
  }
}

private struct SummaryObject: Encodable {
  var op = "summary"
  /// Sites of the plain run.
  var sites: Int
  /// Sites that only failures lead to.
  var secondSites: Int
  /// Those of them that did not fail because of the limit.
  var leftOut: Int
  var unreached: Int
  var notes: [String]?

  init(_ report: VerifyReport) {
    sites = report.plain.sites.count
    secondSites = report.secondCount
    leftOut = report.leftOutCount
    unreached = report.counts[.unreached]
    if !report.notes.isEmpty { notes = report.notes }
  }
}
