/// Finds the types in Swift sources that are declared to conform to `SwiftDriver`.
///
/// It reads declarations, not what they mean: a conformance that comes from a superclass or from
/// another protocol is not seen.
struct SwiftDriverTypes {
  private var tokens: [Substring]
  private var position = 0
  /// The names of the types whose braces are open; nil for other braces.
  private var scopes: [Substring?] = []
  private var found: [String] = []

  /// The names of the types, with those of the types round them, in order.
  static func names(in text: String) -> [String] {
    var scan = SwiftDriverTypes(tokens: Array(SwiftTokens(text)))
    scan.run()
    return scan.found
  }

  private init(tokens: [Substring]) { self.tokens = tokens }

  private static let declarations: Set<Substring> = [
    "class", "extension", "struct", "enum", "actor", "protocol",
  ]

  private mutating func run() {
    var pending: Substring?
    while position < tokens.count {
      let token = tokens[position]
      position += 1
      switch token {
      case "{":
        scopes.append(pending)
        pending = nil
      case "}":
        _ = scopes.popLast()
      case _ where Self.declarations.contains(token):
        if let name = declaredName() {
          pending = name
          if token == "class" || token == "extension", conforms() { add(name) }
        }
      default: break
      }
    }
  }

  /// The name behind a declaring word, with its dots; nil when that word declares no type here.
  private mutating func declaredName() -> Substring? {
    guard position + 1 < tokens.count, let first = tokens[position].first,
      first.isLetter || first == "_"
    else { return nil }
    var name = tokens[position]
    var next = position + 1
    while next + 1 < tokens.count, tokens[next] == "." {
      name += "." + tokens[next + 1]
      next += 2
    }
    guard next < tokens.count, [":", "{", "<", "where"].contains(tokens[next]) else { return nil }
    position = next
    return name
  }

  /// Whether the list of inheritance, which ends at a brace, names the protocol.
  private func conforms() -> Bool {
    tokens[position...].prefix { $0 != "{" && $0 != "where" }.contains("SwiftDriver")
  }

  private mutating func add(_ name: Substring) {
    // A type in a function cannot be named from elsewhere.
    guard !scopes.contains(where: { $0 == nil }) else { return }
    let full = (scopes.compactMap(\.self) + [name]).joined(separator: ".")
    if !found.contains(full) { found.append(full) }
  }
}
