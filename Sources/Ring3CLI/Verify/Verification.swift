import Foundation
import Ring3
import Synchronization

/// The plain run, one run for each of its sites, and one for each site that only a failure leads to.
struct Verification {
  let subject: VerifySubject
  /// Runs at a time.
  let jobs: Int
  /// The longest time of one run in seconds; nil: as the plain run says, and 10 seconds at least.
  let timeout: Double?
  /// So many sites that only failures lead to are made to fail too, at most.
  let secondFailures: Int

  /// Runs everything.
  func report() throws -> VerifyReport {
    let start = ContinuousClock.now
    let plain = VerifyRun(subject, .record, requestLimit: 10).outcome(limit: timeout ?? 120)
    if plain.sites.isEmpty, let problem = plain.problems.first, plain.verdict == .clean {
      throw VerifyError(description: problem)
    }
    var report = VerifyReport(plain: plain)
    if plain.verdict == .clean || plain.verdict == .leak {
      var known = Set(plain.sites.map(\.identifier))
      var targets = plain.sites.enumerated().map { VerifyTarget(number: $0 + 1, site: $1) }
      while !targets.isEmpty {
        let runs = runs(targets, known, plain)
        report.runs += runs
        targets = report.takeSecondSites(of: runs, &known, limit: secondFailures)
      }
    }
    report.seconds = start.duration(to: .now) / .seconds(1)
    report.addSourceLines(subject)
    return report
  }

  /// Runs once for each of the targets.
  private func runs(
    _ targets: [VerifyTarget], _ known: Set<FailureSite.ID>, _ plain: VerifyOutcome
  ) -> [VerifyReport.Run] {
    let next = Mutex(0)
    let done = Mutex<[VerifyReport.Run]>([])
    let group = DispatchGroup()
    let callCount = plain.callCount
    for _ in 0..<min(jobs, targets.count) {
      group.enter()
      Thread.detachNewThread { [self] in
        while true {
          let index = next.withLock { index in
            defer { index += 1 }
            return index
          }
          guard index < targets.count else { break }
          let target = targets[index]
          let run = VerifyRun(
            subject, target.plan(among: callCount), known: known,
            requestLimit: max(1, plain.seconds * 5))
          let outcome = run.outcome(limit: timeout ?? max(10, plain.seconds * 20))
          done.withLock { $0.append(VerifyReport.Run(target: target, outcome: outcome)) }
        }
        group.leave()
      }
    }
    group.wait()
    return done.withLock { $0.sorted { $0.number < $1.number } }
  }
}

/// A site that is to fail.
struct VerifyTarget: Sendable {
  /// A site that fails before, so that this one is reached.
  struct Cause: Sendable {
    var number: Int
    var site: FailureSite
  }

  /// Its number, from 1: those of the plain run first.
  var number: Int
  var site: FailureSite
  /// What fails before, in order; none for a site of the plain run.
  var causes: [Cause] = []

  /// In runs of more calls blocks far from the failure are not guarded.
  static let mostGuardedCalls = 1000
  private static let guardedBefore = 128
  private static let guardedAfter = 512

  /// The plan of its run.
  ///
  /// - Parameter callCount: calls at sites in the plain run.
  func plan(among callCount: Int) -> FailurePlan {
    let sites = causes.map(\.site) + [site]
    var plan = FailurePlan.sites(sites.map(\.identifier))
    if callCount > Self.mostGuardedCalls {
      let calls = sites.map(\.firstCall)
      plan.guardedCalls =
        (calls.min()! - Self.guardedBefore)..<(calls.max()! + Self.guardedAfter)
    }
    return plan
  }
}

/// Why nothing can be verified.
struct VerifyError: Error, CustomStringConvertible {
  let description: String
}
