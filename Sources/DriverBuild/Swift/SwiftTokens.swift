/// The words and punctuation of a Swift source, without comments and the insides of strings.
struct SwiftTokens: Sequence, IteratorProtocol {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  /// The next word, or a punctuation character by itself; nil at the end.
  mutating func next() -> Substring? {
    while let first = rest.first {
      if starts(with: "//") {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
      } else if starts(with: "/*") {
        skipComment()
      } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "#") {
        if !skipString() { return take(1) }
      } else if first <= 0x20 {
        rest = rest.dropFirst()
      } else if Self.isWord(first) {
        return take(rest.prefix(while: Self.isWord).count)
      } else {
        return take(1)
      }
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { rest.starts(with: $0) }
  }

  private mutating func take(_ count: Int) -> Substring {
    defer { rest = rest.dropFirst(count) }
    return Substring(rest.prefix(count))
  }

  /// Comments nest.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        rest = rest.dropFirst(2)
      } else if starts(with: "*/") {
        depth -= 1
        rest = rest.dropFirst(2)
      } else {
        rest = rest.dropFirst()
      }
    } while depth > 0 && !rest.isEmpty
  }

  /// Skips a string of any form; false when no string begins here.
  ///
  /// What is interpolated counts as text of the string.
  private mutating func skipString() -> Bool {
    let hashes = rest.prefix { $0 == UInt8(ascii: "#") }
    var body = rest[hashes.endIndex...]
    let quotes = body.prefix { $0 == UInt8(ascii: "\"") }
    guard !quotes.isEmpty else { return false }
    let width = quotes.count >= 3 ? 3 : 1
    let end = Array(repeating: UInt8(ascii: "\""), count: width) + Array(hashes)
    body = body.dropFirst(width)
    while !body.isEmpty, !body.starts(with: end) {
      let isEscape = hashes.isEmpty && body.first == UInt8(ascii: "\\")
      body = body.dropFirst(isEscape ? 2 : 1)
    }
    rest = body.dropFirst(end.count)
    return true
  }
}
