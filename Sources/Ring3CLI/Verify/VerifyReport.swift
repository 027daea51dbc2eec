import DriverBuild
import Foundation
import Ring3

/// What `ring3 verify` found.
struct VerifyReport: Sendable {
  /// A run in which one site failed.
  struct Run: Sendable {
    /// The site's place in the plain run, from 1.
    var number: Int
    var site: FailureSite
    var outcome: VerifyOutcome

    var verdict: VerifyOutcome.Verdict {
      let verdict = outcome.verdict
      return verdict == .clean && outcome.failureCount == 0 ? .unreached : verdict
    }
  }

  var plain: VerifyOutcome
  var runs: [Run] = []
  var started = Date()
  var seconds = 0.0

  init(plain: VerifyOutcome) { self.plain = plain }

  func count(_ verdict: VerifyOutcome.Verdict) -> Int {
    runs.count { $0.verdict == verdict }
  }

  var hasFindings: Bool {
    plain.verdict != .clean || runs.contains { $0.verdict != .clean && $0.verdict != .unreached }
  }

  /// Looks up the lines of all stacks at once.
  mutating func addSourceLines(_ subject: VerifySubject) {
    guard let symbolizer = Symbolizer() else { return }
    let findings = runs.indices.filter { ![.clean, .unreached].contains(runs[$0].verdict) }
    var lines = SourceLines(subject, symbolizer)
    for index in findings { lines.note(runs[index].site.frames) }
    lines.note(plain.sites.flatMap(\.frames))
    lines.find()
    for index in findings {
      runs[index].site.frames = runs[index].site.frames.map(lines.adding)
      runs[index].outcome.remainders = runs[index].outcome.remainders.map { remainder in
        var remainder = remainder
        remainder.frame = remainder.frame.map(lines.adding)
        return remainder
      }
    }
    plain.sites = plain.sites.map { site in
      var site = site
      site.frames = site.frames.map(lines.adding)
      return site
    }
    for index in runs.indices where !findings.contains(index) {
      runs[index].site.frames = plain.sites[runs[index].number - 1].frames
    }
  }
}

/// Source lines of places in images, found with one call of the tool for each image.
private struct SourceLines {
  private let subject: VerifySubject
  private let symbolizer: Symbolizer
  private var offsets: [String: Set<UInt64>] = [:]
  private var places: [String: [UInt64: [BugCheck.SourcePlace]]] = [:]

  init(_ subject: VerifySubject, _ symbolizer: Symbolizer) {
    self.subject = subject
    self.symbolizer = symbolizer
  }

  mutating func note(_ frames: [BugCheck.Frame]) {
    for frame in frames {
      if let module = frame.module, let offset = frame.offset, offset > 0 {
        offsets[module, default: []].insert(offset)
      }
    }
  }

  mutating func find() {
    for (module, offsets) in offsets {
      guard let path = subject.path(of: module) else { continue }
      let offsets = offsets.sorted()
      // A call may be the last instruction of its line: one byte before its return.
      let found = symbolizer.places(of: offsets.map { $0 - 1 }, image: path)
      for (offset, chain) in zip(offsets, found) {
        places[module, default: [:]][offset] = chain.map {
          BugCheck.SourcePlace(function: $0.function, file: $0.file, line: $0.line)
        }
      }
    }
  }

  func adding(to frame: BugCheck.Frame) -> BugCheck.Frame {
    guard let module = frame.module, let offset = frame.offset, frame.places.isEmpty else {
      return frame
    }
    var frame = frame
    frame.places = places[module]?[offset] ?? []
    return frame
  }
}
