import Foundation

/// The elements of a Visual Studio project: just enough XML for such files.
struct XMLScanner {
  /// A step through the text.
  enum Event {
    case open(name: String, attributes: [String: String])
    case close
    case text(String)
  }

  private var rest: Substring
  private var pendingClose = false

  init(_ text: String) { rest = text[...] }

  /// The next step; nil at the end.
  mutating func next() -> Event? {
    if pendingClose {
      pendingClose = false
      return .close
    }
    while let first = rest.first {
      if first != "<" { return .text(Self.decoded(take(upTo: "<"))) }
      if skip(from: "<!--", through: "-->") || skip(from: "<?", through: "?>")
        || skip(from: "<!", through: ">")
      {
        continue
      }
      rest.removeFirst()
      let tag = takeTag()
      return tag.first == "/" ? .close : open(tag)
    }
    return nil
  }

  private mutating func open(_ tag: Substring) -> Event {
    var tag = tag
    if tag.last == "/" {
      tag.removeLast()
      pendingClose = true
    }
    let name = tag.prefix { !$0.isWhitespace }
    var attributes: [String: String] = [:]
    var cursor = tag[name.endIndex...]
    while let equals = cursor.firstIndex(of: "=") {
      let key = cursor[..<equals].filter { !$0.isWhitespace }
      let value = cursor[cursor.index(after: equals)...].drop { $0.isWhitespace }
      guard let quote = value.first, quote == "\"" || quote == "'" else { break }
      let content = value.dropFirst().prefix { $0 != quote }
      attributes[String(key)] = Self.decoded(content)
      cursor = value[content.endIndex...].dropFirst()
    }
    return .open(name: String(name), attributes: attributes)
  }

  /// Takes the text of a tag; `>` may stand in an attribute.
  private mutating func takeTag() -> Substring {
    var quote: Character?
    let tag = rest.prefix { character in
      if let open = quote {
        if character == open { quote = nil }
        return true
      }
      if character == "\"" || character == "'" { quote = character }
      return character != ">"
    }
    rest = rest[tag.endIndex...].dropFirst()
    return tag
  }

  private mutating func take(upTo end: Character) -> Substring {
    let part = rest.prefix { $0 != end }
    rest = rest[part.endIndex...]
    return part
  }

  private mutating func skip(from start: String, through end: String) -> Bool {
    guard rest.hasPrefix(start) else { return false }
    let after = rest.dropFirst(start.count)
    rest = after.range(of: end).map { rest[$0.upperBound...] } ?? rest[rest.endIndex...]
    return true
  }

  private static func decoded(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'", "&amp;": "&"]
    var result = String(text)
    for (entity, character) in entities.sorted(by: { $0.key > $1.key }) {
      result = result.replacing(entity, with: character)
    }
    return result
  }
}
