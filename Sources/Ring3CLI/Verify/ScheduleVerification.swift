import Foundation
import Ring3
import Synchronization

/// The same script in many orders of threads, each in a new kernel.
struct ScheduleVerification {
  let subject: VerifySubject

  init(_ subject: VerifySubject) { self.subject = subject }

  /// Runs everything: with several seeds once as threads like first.
  ///
  /// - Parameters:
  ///   - jobs: runs at a time.
  ///   - timeout: the longest time of one run in seconds; nil: a minute.
  func report(seeds: Range<UInt64>, jobs: Int, timeout: Double?) throws -> ScheduleVerifyReport {
    let start = ContinuousClock.now
    var report = ScheduleVerifyReport()
    if seeds.count > 1 {
      let plain = VerifyRun(subject, nil, requestLimit: 10).outcome(limit: timeout ?? 120)
      if let problem = plain.problems.first, plain.verdict == .clean, plain.isUnloaded == false {
        throw VerifyError(description: problem)
      }
      report.plain = plain
    }
    if report.plain.map({ $0.verdict == .clean || $0.verdict == .leak }) ?? true {
      report.runs = runs(seeds, jobs: jobs, limit: timeout ?? 60)
    }
    report.seconds = start.duration(to: .now) / .seconds(1)
    report.addSourceLines(subject)
    return report
  }

  private func runs(
    _ seeds: Range<UInt64>, jobs: Int, limit: Double
  ) -> [ScheduleVerifyReport.Run] {
    let next = Mutex(seeds.lowerBound)
    let done = Mutex<[ScheduleVerifyReport.Run]>([])
    let group = DispatchGroup()
    for _ in 0..<min(jobs, seeds.count) {
      group.enter()
      Thread.detachNewThread { [subject] in
        while true {
          let seed = next.withLock { seed in
            defer { if seed < seeds.upperBound { seed += 1 } }
            return seed
          }
          guard seed < seeds.upperBound else { break }
          let run = VerifyRun(subject, nil, requestLimit: 30, schedule: seed)
          let outcome = run.outcome(limit: limit)
          done.withLock { $0.append(ScheduleVerifyReport.Run(seed: seed, outcome: outcome)) }
        }
        group.leave()
      }
    }
    group.wait()
    return done.withLock { $0.sorted { $0.seed < $1.seed } }
  }
}

/// What `ring3 verify --schedules` found.
struct ScheduleVerifyReport: Sendable {
  /// A run in one order.
  struct Run: Sendable {
    var seed: UInt64
    var outcome: VerifyOutcome
  }

  /// The run without an order; nil for one seed alone.
  var plain: VerifyOutcome?
  var runs: [Run] = []
  var started = Date()
  var seconds = 0.0

  var hasFindings: Bool {
    plain.map { $0.verdict != .clean } ?? false || runs.contains { $0.outcome.verdict != .clean }
  }

  /// How many orders were different.
  var orderCount: Int { Set(runs.compactMap { $0.outcome.schedule?.digest }).count }

  var kernelCount: Int { runs.count + (plain == nil ? 0 : 1) }

  var counts: VerdictCounts { VerdictCounts(runs.lazy.map(\.outcome.verdict)) }

  /// Looks up the lines of all stacks at once.
  mutating func addSourceLines(_ subject: VerifySubject) {
    guard var lines = SourceLines(subject) else { return }
    for outcome in [plain].compactMap(\.self) + runs.map(\.outcome) { lines.note(outcome) }
    lines.find()
    plain = plain.map(lines.adding)
    for index in runs.indices { runs[index].outcome = lines.adding(to: runs[index].outcome) }
  }

  /// The findings, each kind once with the seeds that show it, the first one first.
  var findings: [[Run]] {
    var groups: [[Run]] = []
    for run in runs where run.outcome.verdict != .clean {
      if let index = groups.firstIndex(where: { $0[0].outcome.isSame(as: run.outcome) }) {
        groups[index].append(run)
      } else {
        groups.append([run])
      }
    }
    return groups
  }
}
