import Ring3

/// How one run ended.
struct VerifyOutcome: Sendable {
  /// What is wrong with a run, the worst first.
  enum Verdict: String, Sendable, CaseIterable {
    case crash, hang, leak, clean
    /// The call that was to fail did not come.
    case unreached
  }

  /// Something that was left, and where it was asked for when that is known.
  struct Remainder: Sendable {
    var text: String
    var frame: BugCheck.Frame?
  }

  /// The sites that were reached, without those that were known before.
  var sites: [FailureSite] = []
  /// How many calls failed.
  var failureCount = 0
  var bugCheck: BugCheck?
  var remainders: [Remainder] = []
  /// Requests that did not end.
  var lost: [String] = []
  /// Why the drivers were not loaded, their device did not start or an action could not be done.
  var problems: [String] = []
  /// The last thing that was begun.
  var action = "load"
  /// The order in which threads ran, with a seed.
  var schedule: ScheduleReport?
  /// The drivers were loaded, and unloaded in the end.
  var isUnloaded = false
  /// The time was over before the run.
  var isLate = false
  var seconds = 0.0

  var verdict: Verdict {
    if isLate || !lost.isEmpty { return .hang }
    if let bugCheck {
      switch (bugCheck.code.rawValue, bugCheck.parameter1) {
      case (0xC4, 0x62), (0xC4, 0x60), (0xC7, 0): return .leak
      case (0x133, _), (0x5233_0005, _): return .hang
      default: return .crash
      }
    }
    return remainders.isEmpty ? .clean : .leak
  }
}

extension VerifyOutcome {
  /// Whether another run ended in the same way.
  func isSame(as other: VerifyOutcome) -> Bool {
    verdict == other.verdict && bugCheck?.code == other.bugCheck?.code
      && bugCheck?.rule?.name == other.bugCheck?.rule?.name
      && (bugCheck?.code.rawValue == 0x5233_0005
        || bugCheck?.context.frames.first?.offset == other.bugCheck?.context.frames.first?.offset)
      && remainders.map(\.text) == other.remainders.map(\.text) && lost == other.lost
  }
}
