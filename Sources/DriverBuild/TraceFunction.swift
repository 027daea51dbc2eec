import Foundation

/// A trace function of Windows software tracing (WPP), as its `FUNC` statement declares it.
///
///     FUNC TraceError{LEVEL=TRACE_LEVEL_ERROR}(FLAGS, MSG, ...);
struct TraceFunction: Equatable {
  var name: String
  /// The conditions with fixed values, in the order written.
  var conditions: [String] = []
  var values: [String] = []
  /// The names of the parameters, `MSG` and `...` among them.
  var parameters: [String] = []
  /// Whether calls have two pairs of parentheses, as `KdPrint((…))`.
  var isDoubled = false

  /// Reads a statement, with or without the word `FUNC`.
  init?(_ statement: String) {
    var rest = statement.trimmingCharacters(in: .whitespacesAndNewlines)[...]
    if rest.hasPrefix("FUNC ") || rest.hasPrefix("FUNC\t") {
      rest = rest.dropFirst(5).drop { $0.isWhitespace }
    }
    name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
    guard !name.isEmpty else { return nil }
    if rest.first == "{" {
      let body = rest.dropFirst().prefix { $0 != "}" }
      for pair in body.split(separator: ",") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        guard sides.count == 2 else { continue }
        conditions.append(sides[0].trimmingCharacters(in: .whitespaces))
        values.append(sides[1].trimmingCharacters(in: .whitespaces))
      }
      rest = rest[body.endIndex...].dropFirst().drop { $0.isWhitespace }
    }
    guard rest.first == "(" else { return nil }
    rest = rest.dropFirst().drop { $0.isWhitespace }
    if rest.first == "(" {
      isDoubled = true
      rest = rest.dropFirst()
    }
    let list = rest.prefix { $0 != ")" }
    guard list.endIndex < rest.endIndex else { return nil }
    parameters = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The macros that let calls compile; the arguments are checked and never evaluated.
  ///
  /// As on a machine where nobody listens to the provider.
  var macros: String {
    let named = parameters.filter { $0 != "..." }
    let leading = named.prefix { $0 != "MSG" }
    let prefix = "WPP_" + (conditions + named.filter { $0 != "MSG" }).joined(separator: "_")
    let hookParameters = (values + named.filter { $0 != "MSG" }).joined(separator: ", ")
    let hookNames = (conditions + named.filter { $0 != "MSG" }).joined(separator: ", ")
    var used = leading.filter { $0 == "EXP" } + named.dropFirst(leading.count)
    if parameters.contains("...") { used.append("##__VA_ARGS__") }
    let arguments = (["0"] + used).joined(separator: ", ")
    let inner = isDoubled ? "Ring3WppCall_\(name)" : name
    var lines: [String] = []
    if !hookNames.isEmpty {
      for hook in ["PRE", "POST"] {
        lines += ["#ifndef \(prefix)_\(hook)", "#define \(prefix)_\(hook)(\(hookNames))", "#endif"]
      }
    }
    let before = hookNames.isEmpty ? "" : "\(prefix)_PRE(\(hookParameters)) "
    let after = hookNames.isEmpty ? "" : " \(prefix)_POST(\(hookParameters))"
    lines.append("#undef \(name)")
    if isDoubled { lines.append("#define \(name)(Arguments) \(inner) Arguments") }
    lines.append(
      "#define \(inner)(\(parameters.joined(separator: ", "))) "
        + "\(before)((void)(0 && Ring3WppIgnore(\(arguments))))\(after)")
    return lines.joined(separator: "\n")
  }

  /// The statements in the configuration blocks of a source or header.
  static func declared(in text: String) -> [TraceFunction] {
    var functions: [TraceFunction] = []
    var rest = text[...]
    while let start = rest.range(of: "begin_wpp config") {
      let end = rest[start.upperBound...].range(of: "end_wpp")?.lowerBound ?? rest.endIndex
      functions += block(rest[start.upperBound..<end])
      rest = rest[end...]
    }
    return functions
  }

  private static func block(_ text: Substring) -> [TraceFunction] {
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      line.drop { $0.isWhitespace || $0 == "/" || $0 == "*" }
    }
    return lines.joined(separator: " ").components(separatedBy: ";").compactMap { statement in
      let trimmed = statement.trimmingCharacters(in: .whitespaces)
      return trimmed.hasPrefix("FUNC") ? TraceFunction(trimmed) : nil
    }
  }
}
