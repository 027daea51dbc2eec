import Ring3

/// The rules that a report speaks of, each once.
struct SarifRules {
  /// The rule of objects that are left without a verdict.
  static let leak = "ObjectLeft"

  let list: [SarifLog.Rule]
  private let indices: [String: Int]

  init(_ report: RunReport) {
    var list: [SarifLog.Rule] = []
    var indices: [String: Int] = [:]
    for verdict in report.verdicts where indices[verdict.name] == nil {
      indices[verdict.name] = list.count
      list.append(Self.rule(verdict))
    }
    if !report.leaks.isEmpty, indices[Self.leak] == nil {
      indices[Self.leak] = list.count
      list.append(Self.leakRule)
    }
    self.list = list
    self.indices = indices
  }

  /// The index of a rule of the report.
  func index(of name: String) -> Int { indices[name] ?? 0 }

  private static func rule(_ verdict: RunReport.Verdict) -> SarifLog.Rule {
    rule(
      verdict.name, verdict.mistake, remedy: verdict.remedy,
      code: [verdict.code, verdict.codeName].compactMap(\.self).joined(separator: " "),
      page: verdict.page, tags: ["driver"] + verdict.classes)
  }

  private static let leakRule = rule(
    leak, "A driver left an object when it was unloaded.",
    remedy: "Delete the object, or let go of the reference that keeps it.", code: "", page: nil,
    tags: ["driver", "leak"])

  private static func rule(
    _ name: String, _ mistake: String, remedy: String?, code: String, page: String?, tags: [String]
  ) -> SarifLog.Rule {
    var text = [mistake]
    var markdown = [mistake]
    if let remedy {
      text.append("Remedy: " + remedy)
      markdown.append("**Remedy**: " + markdownEscaped(remedy))
    }
    if !code.isEmpty {
      text.append("Bug check: " + code)
      markdown.append("**Bug check**: `\(code)`")
    }
    if page != nil {
      text.append("More: ring3 explain \(name)")
      markdown.append("More: `ring3 explain \(name)`")
    }
    return SarifLog.Rule(
      id: name, name: name, shortDescription: SarifLog.Message(text: mistake),
      fullDescription: SarifLog.Message(
        text: [mistake, remedy].compactMap(\.self).joined(separator: " ")),
      help: SarifLog.Help(
        text: text.joined(separator: "\n"), markdown: markdown.joined(separator: "\n\n")),
      properties: SarifLog.RuleProperties(tags: tags))
  }

  /// A text without a meaning in Markdown.
  private static func markdownEscaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\`*_[]<>#".contains(character) { result += "\\" }
      result.append(character)
    }
  }
}
