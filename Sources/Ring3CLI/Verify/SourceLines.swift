import DriverBuild
import Ring3

/// Source lines of places in the drivers of all runs, found with few calls of the tool.
struct SourceLines {
  private let subject: VerifySubject
  private let symbolizer: Symbolizer
  private var offsets: [String: Set<UInt64>] = [:]
  private var places: [String: [UInt64: [BugCheck.SourcePlace]]] = [:]

  /// Nil without the tool.
  init?(_ subject: VerifySubject) {
    guard let symbolizer = Symbolizer() else { return nil }
    self.subject = subject
    self.symbolizer = symbolizer
  }

  // MARK: What is to be found

  mutating func note(_ frames: some Sequence<BugCheck.Frame>) {
    for frame in frames where frame.places.isEmpty {
      if let module = frame.module { offsets[module, default: []].insert(frame.lookupOffset) }
    }
  }

  mutating func note(_ outcome: VerifyOutcome) {
    note(outcome.remainders.compactMap(\.frame))
    guard let context = outcome.bugCheck?.context else { return }
    note(context.frames)
    for cause in context.causes { note(cause.frames) }
  }

  mutating func find() {
    for (module, offsets) in offsets {
      guard let path = subject.path(of: module) else { continue }
      let offsets = offsets.sorted()
      let found = symbolizer.places(
        ofMany: offsets, image: path, isShort: path.hasSuffix(".so"))
      for (offset, chain) in zip(offsets, found) {
        places[module, default: [:]][offset] = chain.map {
          BugCheck.SourcePlace(function: $0.function, file: $0.file, line: $0.line)
        }
      }
    }
  }

  // MARK: What was found

  func adding(to frame: BugCheck.Frame) -> BugCheck.Frame {
    guard let module = frame.module, frame.places.isEmpty else { return frame }
    var frame = frame
    frame.places = places[module]?[frame.lookupOffset] ?? []
    return frame
  }

  func adding(to site: FailureSite) -> FailureSite {
    var site = site
    site.frames = site.frames.map(adding)
    return site
  }

  func adding(to outcome: VerifyOutcome) -> VerifyOutcome {
    var outcome = outcome
    for index in outcome.remainders.indices {
      outcome.remainders[index].frame = outcome.remainders[index].frame.map(adding)
    }
    guard var bugCheck = outcome.bugCheck else { return outcome }
    bugCheck.context.frames = bugCheck.context.frames.map(adding)
    for index in bugCheck.context.causes.indices {
      bugCheck.context.causes[index].frames = bugCheck.context.causes[index].frames.map(adding)
    }
    outcome.bugCheck = bugCheck
    return outcome
  }
}

extension BugCheck.Frame {
  /// The offset to look up: a call may be the last instruction of its line, so one byte before its
  /// return.
  fileprivate var lookupOffset: UInt64 {
    guard let offset, offset > 0 else { return 0 }
    return isFault ? offset : offset - 1
  }
}
