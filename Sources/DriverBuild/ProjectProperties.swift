import Foundation

/// The properties of a Visual Studio project, and the conditions over them.
struct ProjectProperties {
  private var values: [String: String]

  init(projectDirectory: String) {
    values = [
      "configuration": "Release", "platform": "x64", "projectdir": projectDirectory + "/",
      "msbuildprojectdirectory": projectDirectory,
      "msbuildthisfiledirectory": projectDirectory + "/",
      "solutiondir": projectDirectory + "/",
    ]
  }

  subscript(name: String) -> String? {
    get { values[name.lowercased()] }
    set { values[name.lowercased()] = newValue }
  }

  /// The text with `$(NAME)` replaced; an unknown name becomes nothing.
  func expanded(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.range(of: "$(") {
      result += rest[..<start.lowerBound]
      let name = rest[start.upperBound...].prefix { $0 != ")" }
      result += self[String(name)] ?? ""
      rest = rest[name.endIndex...].dropFirst()
    }
    return result + rest
  }

  /// Whether every property that the text refers to is known.
  func knowsAll(in text: String) -> Bool {
    text.components(separatedBy: "$(").dropFirst().allSatisfy {
      self[String($0.prefix { $0 != ")" })] != nil
    }
  }

  /// Whether a `Condition` holds; one that is not understood holds.
  func holds(_ condition: String?) -> Bool {
    guard let condition else { return true }
    let alternatives = Self.split(condition, at: "or")
    return alternatives.contains { alternative in
      Self.split(alternative, at: "and").allSatisfy(comparisonHolds)
    }
  }

  private func comparisonHolds(_ text: String) -> Bool {
    for (symbol, expected) in [("==", true), ("!=", false)] {
      let sides = text.components(separatedBy: symbol)
      guard sides.count == 2 else { continue }
      let values = sides.map { side in
        expanded(side.trimmingCharacters(in: Self.padding)).lowercased()
      }
      return (values[0] == values[1]) == expected
    }
    return true
  }

  private static let padding = CharacterSet(charactersIn: " \t\r\n'()")

  private static func split(_ text: String, at word: String) -> [String] {
    text.replacingOccurrences(of: " \(word.uppercased()) ", with: " \(word) ")
      .replacingOccurrences(of: " \(word.capitalized) ", with: " \(word) ")
      .components(separatedBy: " \(word) ")
  }
}
