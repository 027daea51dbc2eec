import Ring3

/// Prints what was found in orders of threads.
struct ScheduleOutput {
  let reporting: OutputOptions
  let replay: ReplayCommand

  func print(_ report: ScheduleVerifyReport) {
    if reporting.json {
      if let plain = report.plain {
        reporting.printJSON(JoinedObject(ScheduleObject(), OutcomeObject(plain)))
      }
      for run in report.runs {
        reporting.printJSON(
          JoinedObject(ScheduleObject(run, replay), OutcomeObject(run.outcome)))
      }
      reporting.printJSON(
        JoinedObject(
          ScheduleSummary(schedules: report.runs.count, orders: report.orderCount),
          CountsObject(report.counts, kernels: report.kernelCount, seconds: report.seconds)))
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
    Swift.print(
      "total  \(report.runs.count) schedules, \(report.orderCount) different: \(report.counts.text); "
        + "\(report.kernelCount) kernels in \(report.seconds.tenths) s")
  }

  private func printFinding(_ runs: [ScheduleVerifyReport.Run]) {
    guard let first = runs.first else { return }
    let more = runs.dropFirst().prefix(8).map { "\($0.seed)" }.joined(separator: ", ")
    let others = runs.count > 1 ? ", and \(runs.count - 1) more: \(more)" : ""
    first.outcome.printFinding("schedule \(first.seed)\(others)")
    for line in first.orderLines { Swift.print("       " + line) }
    Swift.print("       Again: " + replay.text(first.seed))
  }
}

extension ScheduleVerifyReport.Run {
  /// As many of the last points of an order are shown.
  private static let shownPointCount = 16

  /// The end of the order, in lines; none when it is not known.
  var orderLines: [String] {
    guard let points = outcome.schedule?.lastPoints, !points.isEmpty else { return [] }
    return ["Order at the end, by thread:"]
      + points.suffix(Self.shownPointCount).map { "  \($0)" }
  }
}

extension ScheduleReport {
  /// One line: `0x… in 812 points with 240 switches`.
  var summary: String {
    "\(hex(digest)) of seed \(seed) in \(pointCount) points with \(switchCount) switches"
  }
}

/// What was tried in a run, as an object: an order, or none.
private struct ScheduleObject: Encodable {
  var op = "plain"
  var seed: UInt64?
  var points: Int?
  var switches: Int?
  var digest: String?
  /// The last points of a finding.
  var order: [String]?
  /// The command that runs the order again.
  var replay: String?

  init() {}

  init(_ run: ScheduleVerifyReport.Run, _ replay: ReplayCommand) {
    op = "schedule"
    seed = run.seed
    points = run.outcome.schedule?.pointCount
    switches = run.outcome.schedule?.switchCount
    digest = run.outcome.schedule.map { hex($0.digest) }
    if run.outcome.verdict != .clean {
      order = run.outcome.schedule?.lastPoints.map(\.description)
      self.replay = replay.text(run.seed)
    }
  }
}

private struct ScheduleSummary: Encodable {
  var op = "summary"
  var schedules: Int
  var orders: Int
}
