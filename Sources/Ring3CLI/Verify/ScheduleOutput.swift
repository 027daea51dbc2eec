import Ring3

/// Prints what was found in orders of threads.
struct ScheduleOutput {
  let reporting: OutputOptions
  /// The words of the command without the options on orders.
  let words: [String]

  /// As many of the last points of an order are shown.
  private static let shownPointCount = 16

  /// - Parameter arguments: those of the command line, the program's name first.
  init(reporting: OutputOptions, arguments: [String]) {
    self.reporting = reporting
    var words: [String] = []
    var isValue = false
    for argument in arguments.dropFirst() {
      if isValue {
        isValue = false
        continue
      }
      let name = argument.prefix { $0 != "=" }
      if ["--schedules", "--schedule", "--jobs", "--timeout"].contains(name) {
        isValue = name == argument
      } else if argument != "--json" {
        words.append(argument)
      }
    }
    self.words = words
  }

  func print(_ report: ScheduleVerifyReport) {
    if reporting.json {
      if let plain = report.plain { reporting.printJSON(ScheduleObject(plain: plain)) }
      for run in report.runs {
        reporting.printJSON(ScheduleObject(run, replay: replay(run.seed)))
      }
      reporting.printJSON(ScheduleSummary(report))
    } else {
      printText(report)
    }
  }

  private func printText(_ report: ScheduleVerifyReport) {
    if let plain = report.plain {
      Swift.print("plain  \(plain.verdict.rawValue)")
      for problem in plain.problems { Swift.print("note   " + problem) }
      for line in plain.verdict == .clean ? [] : plain.details { Swift.print("       " + line) }
    }
    for group in report.findings { printFinding(group) }
    if report.runs.count == 1, let order = report.runs[0].outcome.schedule {
      Swift.print("order  " + order.summary)
    }
    let summary = ScheduleSummary(report)
    Swift.print(
      "total  \(summary.schedules) schedules, \(summary.orders) different: \(summary.clean) clean, "
        + "\(summary.crashes) crashed, \(summary.leaks) leaked, \(summary.hangs) hung; "
        + "\(summary.kernels) kernels in \(rounded(summary.seconds)) s")
  }

  private func printFinding(_ runs: [ScheduleVerifyReport.Run]) {
    guard let first = runs.first else { return }
    let outcome = first.outcome
    let more = runs.dropFirst().prefix(8).map { "\($0.seed)" }.joined(separator: ", ")
    let others = runs.count > 1 ? ", and \(runs.count - 1) more: \(more)" : ""
    Swift.print("\(outcome.verdict.rawValue.padding(to: 6)) schedule \(first.seed)\(others)")
    for line in outcome.details { Swift.print("       " + line) }
    if let points = outcome.schedule?.lastPoints, !points.isEmpty {
      Swift.print("       Order at the end, by thread:")
      for point in points.suffix(Self.shownPointCount) { Swift.print("         \(point)") }
    }
    Swift.print("       Again: " + replay(first.seed))
  }

  /// The command that runs an order again.
  private func replay(_ seed: UInt64) -> String {
    let words = ["ring3"] + words + ["--schedule=\(seed)"]
    return words.map { $0.contains(where: { " '\\\"".contains($0) }) ? "'\($0)'" : $0 }
      .joined(separator: " ")
  }

  private func rounded(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension ScheduleReport {
  /// One line: `0x… in 812 points with 240 switches`.
  var summary: String {
    "\(hex(digest)) of seed \(seed) in \(pointCount) points with \(switchCount) switches"
  }
}

/// A run in one order as an object.
private struct ScheduleObject: Encodable {
  var op: String
  var seed: UInt64?
  var outcome: String
  var points: Int?
  var switches: Int?
  var digest: String?
  /// The last points of a finding.
  var order: [String]?
  /// The command that runs the order again.
  var replay: String?
  /// Of a run that did not end: the last thing that was begun.
  var action: String?
  var left: [String]?
  var lost: [String]?
  var bugCheck: String?
  var rule: String?
  var message: String?
  var problems: [String]?
  var seconds: Double

  init(plain: VerifyOutcome) {
    op = "plain"
    outcome = plain.verdict.rawValue
    seconds = plain.seconds
    describe(plain)
  }

  init(_ run: ScheduleVerifyReport.Run, replay: String) {
    op = "schedule"
    seed = run.seed
    outcome = run.outcome.verdict.rawValue
    seconds = run.outcome.seconds
    points = run.outcome.schedule?.pointCount
    switches = run.outcome.schedule?.switchCount
    digest = run.outcome.schedule.map { hex($0.digest) }
    if run.outcome.verdict != .clean {
      order = run.outcome.schedule?.lastPoints.map(\.description)
      self.replay = replay
    }
    describe(run.outcome)
  }

  private mutating func describe(_ outcome: VerifyOutcome) {
    if outcome.isLate { action = outcome.action }
    if !outcome.remainders.isEmpty { left = outcome.remainders.map(\.line) }
    if !outcome.lost.isEmpty { lost = outcome.lost }
    if !outcome.problems.isEmpty { problems = outcome.problems }
    if !outcome.isLate, let found = outcome.bugCheck {
      bugCheck = found.stopLine
      rule = found.rule?.name
      message = found.message
    }
  }
}

/// The counts as an object.
private struct ScheduleSummary: Encodable {
  var op = "summary"
  var schedules: Int
  var orders: Int
  var clean: Int
  var crashes: Int
  var leaks: Int
  var hangs: Int
  var kernels: Int
  var seconds: Double

  init(_ report: ScheduleVerifyReport) {
    schedules = report.runs.count
    orders = report.orderCount
    clean = report.count(.clean)
    crashes = report.count(.crash)
    leaks = report.count(.leak)
    hangs = report.count(.hang)
    kernels = report.runs.count + (report.plain == nil ? 0 : 1)
    seconds = report.seconds
  }
}
