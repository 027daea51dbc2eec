extension BugCheck {
  /// The report: the stop line as Windows has it, the rule with mistake and remedy, what the code and its
  /// parameters mean, the request in hand, and the driver's calls of the event and of its causes.
  public var message: String {
    [heading, ruleLines, meaningLines, circumstances, calls, more]
      .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  /// The first line of the report: `*** STOP: 0x000000D1 (0x…, 0x…, 0x…, 0x…)`.
  public var stopLine: String {
    let values = parameters.map { $0.hexadecimal(digits: 16) }.joined(separator: ", ")
    return "*** STOP: \(code.rawValue.hexadecimal(digits: 8)) (\(values))"
  }

  private var heading: [String] {
    [stopLine, code.name ?? "a code that Ring3 does not know"]
  }

  private var ruleLines: [String] {
    guard let rule else { return [] }
    return ["Rule: \(rule.name)", rule.mistake, "Remedy: \(rule.remedy)"]
  }

  /// What the code says; what the rule says already is not said again.
  private var meaningLines: [String] {
    var lines = rule.map(\.values.isEmpty) == false ? [] : [code.meaning].compactMap(\.self)
    if let detail { lines.append("In this case: \(detail).") }
    if let subject = context.subject { lines.append("About: \(subject)") }
    return lines + parameterLines
  }

  /// What the parameters tell in this case; nil where the rule's mistake is the same sentence.
  public var detail: String? {
    guard let detail = code.detail(parameters) else { return nil }
    let said = rule.map { $0.mistake.lowercased() }
    return said == detail.lowercased() + "." ? nil : detail
  }

  /// The parameters of which there is something to say; the others stand in the stop line.
  private var parameterLines: [String] {
    zip(1..., zip(parameters, code.parameterMeanings)).filter { !Self.unsaid.contains($0.1.1) }
      .map { number, pair in
        "  \(number)  \(pair.0.hexadecimal(digits: 16))  \(pair.1)"
      }
  }

  private static let unsaid: Set<String> = [
    "unused", "reserved", "depends on the rule", "depends on the check", "the rule that was broken",
    "which check failed",
  ]

  private var circumstances: [String] {
    var lines: [String] = []
    if let irql = context.irql { lines.append("IRQL: \(irql)") }
    if let request = context.request { lines.append("Request: \(request)") }
    if let line = context.line { lines.append("Script: line \(line)") }
    if context.count > 1 { lines.append("Times: \(context.count)") }
    return lines
  }

  private var calls: [String] {
    var lines: [String] = []
    if !context.frames.isEmpty {
      lines.append("Calls, newest first:")
      lines += context.frames.map { "  \($0)" }
    }
    for cause in context.causes where !cause.frames.isEmpty {
      lines.append("Before, \(cause.event) by:")
      lines += cause.frames.map { "  \($0)" }
    }
    return lines
  }

  private var more: [String] {
    rule.map { ["More: ring3 explain \($0.name), or the page \($0.page)"] } ?? []
  }
}
