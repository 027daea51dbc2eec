import Foundation

/// The words of a file in the managed object format: names, numbers, strings and marks.
struct MofScanner {
  /// One word.
  enum Token: Equatable {
    /// A name or a number.
    case word(String)
    /// A string without its quotes.
    case string(String)
    /// A single character such as `[`.
    case mark(Character)
  }

  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// The next word; nil at the end.
  mutating func next() -> Token? {
    skipSpace()
    guard let first = rest.first else { return nil }
    if first == "\"" { return .string(string()) }
    if Self.isWordPart(first) {
      let word = rest.prefix(while: Self.isWordPart)
      rest = rest.dropFirst(word.count)
      return .word(String(word))
    }
    rest = rest.dropFirst()
    return .mark(first)
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private mutating func string() -> String {
    var result = ""
    rest = rest.dropFirst()
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let escaped = rest.popFirst() {
        result.append(escaped)
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// Passes over blanks, comments and directives.
  private mutating func skipSpace() {
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
      } else if first == "#" || rest.hasPrefix("//") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest = rest.range(of: "*/").map { rest[$0.upperBound...] } ?? ""
      } else {
        return
      }
    }
  }
}
