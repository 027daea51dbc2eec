import ArgumentParser
import NTTypes
import Reports

/// `ring3 explain`: what a rule of the verifier is about.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what a rule is, what breaks it and what to do; without one, lists them.",
    discussion: """
      A rule is named as verdicts name it, in any case, or by the code of its bug check, such as \
      0xC4, with the value of the parameter that tells the rules of one code apart: 0xC4/0x62.
      """)

  @Argument(help: "The rule's name, or a code.")
  var rule: String?

  @OptionGroup var reporting: OutputOptions

  func run() throws {
    guard let rule else { return list() }
    let found = Self.rules(rule)
    guard !found.isEmpty else {
      throw reporting.failure("explain", "There is no rule \(rule).\(Self.suggestion(rule))")
    }
    for (index, rule) in found.enumerated() {
      if reporting.json {
        reporting.printJSON(RuleReport(rule))
      } else {
        print((index == 0 ? "" : "\n") + Self.text(rule))
      }
    }
  }

  private func list() {
    for (name, rules) in VerifierRule.subjects where !rules.isEmpty {
      guard !reporting.json else {
        for rule in rules { reporting.printJSON(RuleReport(rule)) }
        continue
      }
      print(name)
      for rule in rules { print("  " + rule.name.padding(to: 34) + rule.mistake) }
      print("")
    }
    if !reporting.json { print("ring3 explain RULE says more of one.") }
  }

  /// The rules that a word stands for.
  static func rules(_ word: String) -> [VerifierRule] {
    let parts = word.split(separator: "/", maxSplits: 1)
    if let code = parts.first.flatMap({ UInt32(number: $0) }) {
      let rules = VerifierRule.all.filter { $0.code.rawValue == code }
      guard parts.count == 2 else { return rules }
      guard let value = UInt64(number: parts[1]) else { return [] }
      let named = rules.filter { $0.values.contains(value) }
      return named.isEmpty ? rules.filter(\.values.isEmpty) : named
    }
    return VerifierRule.all.filter { $0.name.lowercased() == word.lowercased() }
  }

  /// Names that hold the word, or a part of it.
  private static func suggestion(_ word: String) -> String {
    let word = word.lowercased()
    let near = VerifierRule.all.map(\.name).filter {
      let name = $0.lowercased()
      return !word.isEmpty && (name.contains(word) || word.contains(name))
    }
    return near.isEmpty
      ? " ring3 explain lists all." : " Did you mean \(near.prefix(5).joined(separator: ", "))?"
  }

  static func text(_ rule: VerifierRule) -> String {
    var lines = [rule.name, "", rule.mistake, "Remedy: \(rule.remedy)", ""]
    lines.append("Bug check: \(rule.code)")
    if !rule.values.isEmpty {
      let values = rule.values.map { hex($0) }.joined(separator: ", ")
      lines.append("Parameter \(rule.selector): \(values)")
    }
    var conditions = rule.needsSanitizer ? ["in drivers built with --kasan"] : []
    if !rule.classes.isEmpty {
      conditions.append("with --verify=\(rule.classes.wordList.joined(separator: ","))")
    }
    lines.append("Checked: " + (conditions.isEmpty ? "always" : conditions.joined(separator: ", ")))
    lines.append("Page: \(rule.page)")
    return lines.joined(separator: "\n")
  }
}

/// A rule as an object.
struct RuleReport: Encodable {
  var op = "rule"
  var name: String
  var code: String
  var codeName: String?
  var parameter: Int?
  var values: [String]?
  var classes: [String]
  var mistake: String
  var remedy: String
  var page: String

  init(_ rule: VerifierRule) {
    name = rule.name
    code = "0x" + rule.code.rawValue.hexadecimal(8)
    codeName = rule.code.name
    parameter = rule.values.isEmpty ? nil : rule.selector
    values = rule.values.isEmpty ? nil : rule.values.map { hex($0) }
    classes = rule.classes.wordList
    mistake = rule.mistake
    remedy = rule.remedy
    page = rule.page
  }
}

extension FixedWidthInteger {
  /// The number of decimal digits, or of hexadecimal ones behind `0x`.
  init?(number text: some StringProtocol) {
    let text = text.lowercased()
    let digits = text.hasPrefix("0x") ? (String(text.dropFirst(2)), 16) : (text, 10)
    guard digits.0.first?.isHexDigit == true, let value = Self(digits.0, radix: digits.1) else {
      return nil
    }
    self = value
  }
}
