import Foundation
import Ring3
import Synchronization

/// The plain run, and then one run for each of its sites.
struct Verification {
  let subject: VerifySubject

  init(_ subject: VerifySubject) { self.subject = subject }

  /// Runs everything.
  ///
  /// - Parameters:
  ///   - jobs: runs at a time.
  ///   - timeout: the longest time of one run; nil: as the plain run says, and 10 seconds at least.
  func report(jobs: Int, timeout: Double?) throws -> VerifyReport {
    let start = ContinuousClock.now
    let plain = VerifyRun(subject, .record, requestLimit: 10).outcome(limit: timeout ?? 120)
    if plain.sites.isEmpty, let problem = plain.problems.first, plain.verdict == .clean {
      throw VerifyError(description: problem)
    }
    var report = VerifyReport(plain: plain)
    if plain.verdict == .clean || plain.verdict == .leak {
      report.runs = runs(
        plain.sites, jobs: jobs, requestLimit: max(1, plain.seconds * 5),
        limit: timeout ?? max(10, plain.seconds * 20))
    }
    report.seconds = start.duration(to: .now) / .seconds(1)
    report.addSourceLines(subject)
    return report
  }

  private func runs(
    _ sites: [FailureSite], jobs: Int, requestLimit: Double, limit: Double
  ) -> [VerifyReport.Run] {
    let next = Mutex(0)
    let done = Mutex<[VerifyReport.Run]>([])
    let group = DispatchGroup()
    for _ in 0..<min(jobs, max(1, sites.count)) {
      group.enter()
      Thread.detachNewThread { [subject] in
        while true {
          let index = next.withLock { index in
            defer { index += 1 }
            return index
          }
          guard index < sites.count else { break }
          let site = sites[index]
          let run = VerifyRun(subject, .site(site.identifier), requestLimit: requestLimit)
          let outcome = run.outcome(limit: limit)
          done.withLock {
            $0.append(VerifyReport.Run(number: index + 1, site: site, outcome: outcome))
          }
        }
        group.leave()
      }
    }
    group.wait()
    return done.withLock { $0.sorted { $0.number < $1.number } }
  }
}
