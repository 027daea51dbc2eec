/// A report for people at a terminal.
enum TextReport {
  static func text(of report: RunReport) -> String {
    var parts = [head(report)]
    for (index, verdict) in report.verdicts.enumerated() {
      parts.append("\(index + 1). \(place(verdict, report))\n\(verdict.text)")
    }
    if !failures(report).isEmpty {
      parts.append((["What failed:"] + failures(report)).joined(separator: "\n"))
    }
    if !report.leaks.isEmpty {
      parts.append((["What was left:"] + report.leaks.map { "  \($0)" }).joined(separator: "\n"))
    }
    return parts.map(visible).joined(separator: "\n\n") + "\n"
  }

  private static func head(_ report: RunReport) -> String {
    var lines = ["\(report.title): \(summary(report))"]
    if let script = report.script { lines.append("Script: \(script)") }
    if !report.classes.isEmpty {
      lines.append("Checked: \(report.classes.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// The outcome in a sentence.
  static func summary(_ report: RunReport) -> String {
    let failed = report.actions.count { $0.failure != nil }
    let parts = [
      counted(report.actions.count, "action", "actions"),
      report.verdicts.isEmpty
        ? "no rule broken" : counted(report.verdicts.count, "verdict", "verdicts"),
      failed == 0 ? "" : "\(failed) failed",
      report.leaks.isEmpty ? "" : "\(report.leaks.count) left behind",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many)"
  }

  private static func place(_ verdict: RunReport.Verdict, _ report: RunReport) -> String {
    guard let index = verdict.action, report.actions.indices.contains(index) else {
      return verdict.name
    }
    let action = report.actions[index]
    return "\(verdict.name) in " + (action.line.map { "line \($0): " } ?? "") + action.text
  }

  private static func failures(_ report: RunReport) -> [String] {
    report.actions.compactMap { action in
      action.failure.map { "  \(action.text): \($0)" }
    }
  }

  /// Without characters that move the cursor or change the terminal.
  static func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar == "\n" || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
            ? scalar : "\u{FFFD}"
        }))
  }
}
