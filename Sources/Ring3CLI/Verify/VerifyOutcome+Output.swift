import Ring3

// What is said of a run, whatever was tried in it.
extension VerifyOutcome {
  /// What is wrong with the run, in lines.
  var details: [String] {
    var lines = failures
    if !isLate, let bugCheck {
      lines += bugCheck.message.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
    }
    return lines
  }

  /// What is wrong apart from a bug check.
  var failures: [String] {
    var lines: [String] = []
    if isLate { lines.append("The run did not end at: \(action)") }
    lines += lost.map { "Lost: \($0)" }
    lines += remainders.map(\.line)
    return lines
  }

  /// Prints the run as a finding: verdict and title, the stacks that it is about, what is wrong.
  func printFinding(_ title: String, _ frames: [BugCheck.Frame] = []) {
    print("\(verdict.rawValue.padding(to: 6)) \(title)")
    for frame in frames { print("         \(frame)") }
    for line in details { print("       " + line) }
  }
}

extension VerifyOutcome.Remainder {
  /// What is left, and who asked for it.
  var line: String { "Left: \(text)" + (frame.map { ", asked for at \($0)" } ?? "") }
}

/// How a run ended, as an object; others add to it what was tried.
struct OutcomeObject: Encodable {
  var outcome: String
  /// Of a run that did not end: the last thing that was begun.
  var action: String?
  var left: [String]?
  var lost: [String]?
  var bugCheck: String?
  var rule: String?
  /// The stack of the bug check.
  var bugCheckStack: [String]?
  var message: String?
  var problems: [String]?
  var seconds: Double

  /// - Parameter verdict: the outcome's, when nil.
  init(_ run: VerifyOutcome, _ verdict: VerifyOutcome.Verdict? = nil) {
    outcome = (verdict ?? run.verdict).rawValue
    seconds = run.seconds
    if run.isLate { action = run.action }
    if !run.remainders.isEmpty { left = run.remainders.map(\.line) }
    if !run.lost.isEmpty { lost = run.lost }
    if !run.problems.isEmpty { problems = run.problems }
    if !run.isLate, let found = run.bugCheck {
      bugCheck = found.stopLine
      rule = found.rule?.name
      bugCheckStack = found.context.frames.map { "\($0)" }
      message = found.message
    }
  }
}

/// Two objects as one, with the members of both.
struct JoinedObject<First: Encodable, Second: Encodable>: Encodable {
  let first: First
  let second: Second

  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  func encode(to encoder: any Encoder) throws {
    try first.encode(to: encoder)
    try second.encode(to: encoder)
  }
}
