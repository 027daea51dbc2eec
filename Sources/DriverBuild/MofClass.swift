/// A class of management instrumentation, as far as a header tells of it.
struct MofClass {
  /// A data item or a parameter.
  struct Item {
    var type: String
    var name: String
    /// The number of elements, for an array of fixed length.
    var count: String?
    /// The place among the items of the class.
    var id: Int
    var isInput = false
    var isOutput = false
  }

  /// A routine that the driver executes.
  struct Method {
    var name: String
    var id: Int
    var parameters: [Item]
  }

  /// The name in the format.
  var name: String
  /// The name in the header.
  var headerName: String
  var guid: String?
  var items: [Item] = []
  var methods: [Method] = []

  /// The classes that a text declares.
  static func all(in text: String) -> [MofClass] {
    var parser = Parser(scanner: MofScanner(text))
    return parser.classes()
  }
}

/// Reads declarations; what it does not understand it passes over.
private struct Parser {
  var scanner: MofScanner
  private var current: MofScanner.Token?

  init(scanner: MofScanner) {
    self.scanner = scanner
    advance()
  }

  private mutating func advance() { current = scanner.next() }

  private mutating func take(_ mark: Character) -> Bool {
    guard current == .mark(mark) else { return false }
    advance()
    return true
  }

  private mutating func word() -> String? {
    guard case .word(let word)? = current else { return nil }
    advance()
    return word
  }

  mutating func classes() -> [MofClass] {
    var result: [MofClass] = []
    while current != nil {
      let qualifiers = qualifiers()
      guard word() == "class", let name = word() else {
        advance()
        continue
      }
      while let token = current, token != .mark("{"), token != .mark(";") { advance() }
      var made = MofClass(
        name: name, headerName: qualifiers["headername"] ?? name, guid: qualifiers["guid"])
      if take("{") { members(of: &made) }
      result.append(made)
    }
    return result
  }

  private mutating func members(of made: inout MofClass) {
    while current != nil, !take("}") {
      let qualifiers = qualifiers()
      guard let type = word(), let name = word() else {
        advance()
        continue
      }
      if take("(") {
        let id = qualifiers["wmimethodid"].flatMap { Int($0) } ?? 0
        made.methods.append(.init(name: name, id: id, parameters: parameters()))
      } else {
        let count = count()
        if let id = qualifiers["wmidataid"].flatMap({ Int($0) }) {
          made.items.append(.init(type: type, name: name, count: count, id: id))
        }
      }
      while let token = current, token != .mark(";"), token != .mark("}") { advance() }
      _ = take(";")
    }
    made.items.sort { $0.id < $1.id }
  }

  private mutating func parameters() -> [MofClass.Item] {
    var result: [MofClass.Item] = []
    while current != nil, !take(")") {
      let qualifiers = qualifiers()
      guard let type = word(), let name = word() else {
        advance()
        continue
      }
      result.append(
        .init(
          type: type, name: name, count: count(), id: result.count,
          isInput: qualifiers["in"] != nil, isOutput: qualifiers["out"] != nil))
      _ = take(",")
    }
    return result
  }

  private mutating func count() -> String? {
    guard take("[") else { return nil }
    let count = word()
    _ = take("]")
    return count
  }

  /// The qualifiers in brackets by name in lower case, each with its first value.
  private mutating func qualifiers() -> [String: String] {
    var result: [String: String] = [:]
    guard take("[") else { return result }
    while current != nil, !take("]") {
      guard let name = word()?.lowercased() else {
        advance()
        continue
      }
      result[name] = ""
      guard take("(") else { continue }
      switch current {
      case .word(let value)?, .string(let value)?: result[name] = value
      default: break
      }
      while current != nil, !take(")") { advance() }
    }
    return result
  }
}
