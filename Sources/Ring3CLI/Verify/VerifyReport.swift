import Foundation
import Ring3

/// What `ring3 verify` found.
struct VerifyReport: Sendable {
  /// A run in which one site failed, and those before it that lead to it.
  struct Run: Sendable {
    var target: VerifyTarget
    var outcome: VerifyOutcome

    var number: Int { target.number }

    var verdict: VerifyOutcome.Verdict {
      let verdict = outcome.verdict
      return verdict == .clean && outcome.failureCount <= target.causes.count
        ? .unreached : verdict
    }
  }

  var plain: VerifyOutcome
  var runs: [Run] = []
  /// Sites that only failures lead to and that were not made to fail: the limit was reached.
  var leftOutCount = 0
  var started = Date()
  var seconds = 0.0

  init(plain: VerifyOutcome) { self.plain = plain }

  var counts: VerdictCounts { VerdictCounts(runs.lazy.map(\.verdict)) }

  var hasFindings: Bool { plain.verdict != .clean || runs.contains(where: \.isFinding) }

  /// Sites that only a failure leads to, of those that were made to fail.
  var secondCount: Int { runs.count { !$0.target.causes.isEmpty } }

  /// Whether blocks far from a failure were without guarded pages.
  var limitsGuards: Bool {
    plain.callCount > VerifyTarget.mostGuardedCalls && !runs.isEmpty
  }

  /// The sites that these runs came to and none before, to fail in their turn.
  ///
  /// A run with a finding leads no further: what comes after a mistake is no news.
  mutating func takeSecondSites(
    of runs: [Run], _ known: inout Set<FailureSite.ID>, limit: Int
  ) -> [VerifyTarget] {
    var targets: [VerifyTarget] = []
    for run in runs where run.verdict == .clean {
      let cause = VerifyTarget.Cause(number: run.number, site: run.target.site)
      for site in run.outcome.sites where known.insert(site.identifier).inserted {
        if secondCount + targets.count >= limit {
          leftOutCount += 1
        } else {
          targets.append(
            VerifyTarget(
              number: self.runs.count + targets.count + 1, site: site,
              causes: run.target.causes + [cause]))
        }
      }
    }
    return targets
  }

  /// Looks up the lines of all stacks at once.
  mutating func addSourceLines(_ subject: VerifySubject) {
    guard var lines = SourceLines(subject) else { return }
    lines.note(plain)
    lines.note(plain.sites.lazy.flatMap(\.frames))
    for run in runs {
      lines.note(run.outcome)
      if !run.target.causes.isEmpty { lines.note(run.target.site.frames) }
    }
    lines.find()
    plain = lines.adding(to: plain)
    plain.sites = plain.sites.map(lines.adding)
    for index in runs.indices {
      runs[index].outcome = lines.adding(to: runs[index].outcome)
      runs[index].target.site = lines.adding(to: runs[index].target.site)
      runs[index].target.causes = runs[index].target.causes.map { cause in
        VerifyTarget.Cause(number: cause.number, site: lines.adding(to: cause.site))
      }
    }
  }
}

extension VerifyReport.Run {
  var isFinding: Bool { verdict != .clean && verdict != .unreached }

  /// What fails: `site 3, ExAllocatePool2 'Shrt' fails`.
  var title: String {
    let first = "site \(number), \(target.site.callText) fails"
    let before = target.causes.reversed().map { ", after site \($0.number), \($0.site.callText)" }
    return first + before.joined()
  }
}

extension FailureSite {
  /// The routine and the tag.
  var callText: String { routine + (tag.map { " '\($0)'" } ?? "") }
}

extension VerifyOutcome {
  /// Calls at the sites that are described.
  var callCount: Int { sites.reduce(0) { $0 + $1.callCount } }
}
