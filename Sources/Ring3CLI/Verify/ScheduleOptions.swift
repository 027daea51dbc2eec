import ArgumentParser

/// The orders in which `ring3 verify` lets threads run.
struct ScheduleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Run the script in so many orders of threads, DPCs and timers instead of letting requests for memory \
      fail: those of the seeds from 1, or from --schedule, on.
      """, valueName: "count"))
  var schedules: Int?

  @Option(
    help: ArgumentHelp(
      "Run the script in the order of this seed; alone, in that one only.", valueName: "seed"))
  var schedule: UInt64?

  @Flag(
    help: "With an order: send each request by a thread of its own, when the seed says so.")
  var concurrent = false

  func validate() throws {
    if concurrent, seeds == nil {
      throw ValidationError("--concurrent needs --schedules or --schedule.")
    }
    if let schedules, schedules < 1 { throw ValidationError("--schedules must be above 0.") }
  }

  /// The seeds; nil when nothing was said of orders.
  var seeds: Range<UInt64>? {
    if schedules == nil, schedule == nil { return nil }
    let first = schedule ?? 1
    let (end, overflow) = first.addingReportingOverflow(UInt64(schedules ?? 1))
    return first..<(overflow ? .max : end)
  }
}
