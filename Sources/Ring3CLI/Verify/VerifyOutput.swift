import Ring3

/// Prints a report: findings for people, or every site as an object.
struct VerifyOutput {
  let reporting: OutputOptions

  func print(_ report: VerifyReport) {
    if reporting.json {
      reporting.printJSON(SiteObject(plain: report.plain))
      for run in report.runs { reporting.printJSON(SiteObject(run)) }
      reporting.printJSON(SummaryObject(report))
    } else {
      printText(report)
    }
  }

  private func printText(_ report: VerifyReport) {
    let calls = report.plain.sites.reduce(0) { $0 + $1.callCount }
    Swift.print("plain  \(report.plain.sites.count) sites, \(calls) calls")
    for problem in report.plain.problems { Swift.print("note   " + problem) }
    if report.plain.verdict != .clean {
      printFinding(report.plain.verdict, "without any failure", [], report.plain)
    }
    for run in report.runs where run.verdict != .clean && run.verdict != .unreached {
      let tag = run.site.tag.map { " '\($0)'" } ?? ""
      printFinding(
        run.verdict, "site \(run.number), \(run.site.routine)\(tag) fails", run.site.frames,
        run.outcome)
    }
    let summary = SummaryObject(report)
    let unreached = summary.unreached > 0 ? ", \(summary.unreached) not reached again" : ""
    Swift.print(
      "total  \(summary.sites) sites: \(summary.clean) clean, \(summary.crashes) crashed, "
        + "\(summary.leaks) leaked, \(summary.hangs) hung\(unreached); "
        + "\(summary.kernels) kernels in \(rounded(summary.seconds)) s")
    if report.plain.sites.isEmpty {
      Swift.print(
        "       nothing that can fail was called; calls of drivers in Swift are not seen")
    }
  }

  private func printFinding(
    _ verdict: VerifyOutcome.Verdict, _ title: String, _ frames: [BugCheck.Frame],
    _ outcome: VerifyOutcome
  ) {
    Swift.print("\(verdict.rawValue.padding(to: 6)) \(title)")
    for frame in frames { Swift.print("         \(frame)") }
    for line in outcome.details { Swift.print("       " + line) }
  }

  private func rounded(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension VerifyOutcome {
  /// What is wrong with the run, in lines.
  var details: [String] {
    var lines: [String] = []
    if isLate { lines.append("The run did not end at: \(action)") }
    lines += lost.map { "Lost: \($0)" }
    lines += remainders.map(\.line)
    if !isLate, let bugCheck {
      lines += bugCheck.message.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
    }
    return lines
  }
}

extension VerifyOutcome.Remainder {
  /// What is left, and who asked for it.
  var line: String { "Left: \(text)" + (frame.map { ", asked for at \($0)" } ?? "") }
}

/// A run as an object.
private struct SiteObject: Encodable {
  var op: String
  var number: Int?
  var identifier: String?
  var routine: String?
  var tag: String?
  var calls: Int?
  var stack: [String]?
  var outcome: String
  /// Of a run that did not end: the last thing that was begun.
  var action: String?
  var left: [String]?
  var lost: [String]?
  var bugCheck: String?
  /// The stack of the bug check.
  var bugCheckStack: [String]?
  var message: String?
  var problems: [String]?
  var seconds: Double

  init(plain: VerifyOutcome) {
    op = "plain"
    outcome = plain.verdict.rawValue
    seconds = plain.seconds
    calls = plain.sites.reduce(0) { $0 + $1.callCount }
    describe(plain)
  }

  init(_ run: VerifyReport.Run) {
    op = "site"
    number = run.number
    identifier = hex(run.site.identifier)
    routine = run.site.routine
    tag = run.site.tag.map { "\($0)" }
    calls = run.site.callCount
    stack = run.site.frames.map { "\($0)" }
    outcome = run.verdict.rawValue
    seconds = run.outcome.seconds
    describe(run.outcome)
  }

  private mutating func describe(_ outcome: VerifyOutcome) {
    if outcome.isLate { action = outcome.action }
    if !outcome.remainders.isEmpty { left = outcome.remainders.map(\.line) }
    if !outcome.lost.isEmpty { lost = outcome.lost }
    if !outcome.problems.isEmpty { problems = outcome.problems }
    if !outcome.isLate, let found = outcome.bugCheck {
      bugCheck = found.stopLine
      bugCheckStack = found.context.frames.map { "\($0)" }
      message = found.message
    }
  }
}

/// The counts as an object.
private struct SummaryObject: Encodable {
  var op = "summary"
  var sites: Int
  var clean: Int
  var crashes: Int
  var leaks: Int
  var hangs: Int
  var unreached: Int
  var kernels: Int
  var seconds: Double

  init(_ report: VerifyReport) {
    sites = report.plain.sites.count
    clean = report.count(.clean)
    crashes = report.count(.crash)
    leaks = report.count(.leak)
    hangs = report.count(.hang)
    unreached = report.count(.unreached)
    kernels = report.runs.count + 1
    seconds = report.seconds
  }
}
