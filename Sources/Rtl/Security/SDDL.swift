import NTTypes

/// What is wrong with the text of a security descriptor, and where.
package struct SDDLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was expected.
  package let reason: String
  /// The number of characters before the mistake.
  package let position: Int

  package var description: String { "\(reason) at character \(position + 1)" }
}

extension SecurityDescriptor {
  /// Reads the text form: `O:owner G:group D:flags(entry)… S:flags(entry)…`.
  package init(sddl: String) throws(SDDLError) {
    var parser = SDDLParser(sddl)
    self = try parser.descriptor()
  }

  /// The text form.
  package var sddl: String {
    var text = ""
    if let owner { text += "O:\(owner.sddl)" }
    if let group { text += "G:\(group.sddl)" }
    text += "D:" + (isProtected ? "P" : "")
    text += dacl.map { $0.map(\.sddl).joined() } ?? "NO_ACCESS_CONTROL"
    if let sacl { text += "S:" + sacl.map(\.sddl).joined() }
    return text
  }
}

extension AccessControlEntry {
  var sddl: String {
    let flags = SDDLNames.flags.filter { self.flags & $0.value != 0 }.map(\.letters).joined()
    let kind = SDDLNames.kinds.first { $0.value == self.kind }?.letters ?? ""
    return "(\(kind);\(flags);\(rightsText);;;\(identifier.sddl))"
  }

  private var rightsText: String {
    if kind != .mandatoryLabel {
      if let name = SDDLNames.rights.first(where: { $0.value == rights.rawValue }) {
        return name.letters
      }
      // Several generic or standard rights have their letters; other mixtures are a number.
      if rights.rawValue & 0x0FF0_FFFF == 0 {
        return SDDLNames.rights.filter { rights.rawValue & $0.value == $0.value }.map(\.letters)
          .joined()
      }
    }
    return "0x" + String(rights.rawValue, radix: 16)
  }
}

/// The letters of SDDL, wider rights before those that they include.
private enum SDDLNames {
  static var kinds: [(letters: String, value: AccessControlEntry.Kind)] {
    [("A", .allow), ("D", .deny), ("AU", .audit), ("AL", .alarm), ("ML", .mandatoryLabel)]
  }

  static var flags: [(letters: String, value: UInt8)] {
    [
      ("OI", 0x01), ("CI", 0x02), ("NP", 0x04), ("IO", 0x08), ("ID", 0x10), ("SA", 0x40),
      ("FA", 0x80),
    ]
  }

  static var rights: [(letters: String, value: UInt32)] {
    [
      ("GA", 0x1000_0000), ("GX", 0x2000_0000), ("GW", 0x4000_0000), ("GR", 0x8000_0000),
      ("FA", 0x001F_01FF), ("FR", 0x0012_0089), ("FW", 0x0012_0116), ("FX", 0x0012_00A0),
      ("KA", 0x000F_003F), ("SD", 0x0001_0000), ("RC", 0x0002_0000), ("WD", 0x0004_0000),
      ("WO", 0x0008_0000), ("CC", 0x0001), ("DC", 0x0002), ("LC", 0x0004), ("SW", 0x0008),
      ("RP", 0x0010), ("WP", 0x0020), ("DT", 0x0040), ("LO", 0x0080), ("CR", 0x0100),
    ]
  }

  /// Letters that are read but not written.
  static var moreRights: [(letters: String, value: UInt32)] {
    [("KR", 0x0002_0019), ("KW", 0x0002_0006), ("KX", 0x0002_0019)]
  }

  /// Rights of a mandatory label.
  static var policies: [(letters: String, value: UInt32)] {
    [("NW", 0x1), ("NR", 0x2), ("NX", 0x4)]
  }
}

/// Reads SDDL from left to right.
private struct SDDLParser {
  private let text: [Character]
  private var at = 0

  init(_ text: String) { self.text = Array(text) }

  mutating func descriptor() throws(SDDLError) -> SecurityDescriptor {
    var result = SecurityDescriptor()
    var seen: Set<Character> = []
    skipSpaces()
    while at < text.count {
      let letter = Character(text[at].uppercased())
      guard "OGDS".contains(letter), seen.insert(letter).inserted else {
        throw error("O:, G:, D: or S: expected, each once")
      }
      at += 1
      try expect(":")
      switch letter {
      case "O": result.owner = try identifier(ends: Self.isEndOfPart)
      case "G": result.group = try identifier(ends: Self.isEndOfPart)
      case "D": (result.isProtected, result.dacl) = try list()
      default: (_, result.sacl) = try list()
      }
      skipSpaces()
    }
    return result
  }

  /// An owner or a group ends where the next part begins: at a letter before a colon.
  private static func isEndOfPart(_ text: [Character], _ index: Int) -> Bool {
    text[index] == " " || (index + 1 < text.count && text[index + 1] == ":")
  }

  private mutating func list() throws(SDDLError) -> (Bool, [AccessControlEntry]?) {
    let flags = takeWhile { $0 != "(" && $0 != ":" && $0 != " " }
    var rest = flags.uppercased()
    // The letter of the next part is not a flag.
    if at < text.count, text[at] == ":" {
      at -= 1
      rest.removeLast()
    }
    if rest == "NO_ACCESS_CONTROL" { return (false, nil) }
    var isProtected = false
    while !rest.isEmpty {
      guard let flag = ["P", "AR", "AI"].first(where: { rest.hasPrefix($0) }) else {
        throw error("P, AR or AI expected")
      }
      if flag == "P" { isProtected = true }
      rest.removeFirst(flag.count)
    }
    var entries: [AccessControlEntry] = []
    skipSpaces()
    while at < text.count, text[at] == "(" {
      entries.append(try entry())
      skipSpaces()
    }
    return (isProtected, entries)
  }

  private mutating func entry() throws(SDDLError) -> AccessControlEntry {
    try expect("(")
    let kindLetters = field()
    guard let kind = SDDLNames.kinds.first(where: { $0.letters == kindLetters })?.value else {
      throw error("a kind of entry (A, D, AU, AL or ML) expected")
    }
    try expect(";")
    var flags: UInt8 = 0
    try letterPairs(SDDLNames.flags, "a flag") { flags |= $0 }
    try expect(";")
    let rights = try rights(kind)
    try expect(";")
    guard field().isEmpty else { throw error("entries for object types are not supported") }
    try expect(";")
    guard field().isEmpty else { throw error("entries for object types are not supported") }
    try expect(";")
    let identifier = try identifier { text, index in ") ;".contains(text[index]) }
    guard at < text.count, text[at] == ")" else { throw error("conditions are not supported: )") }
    at += 1
    return AccessControlEntry(kind, flags: flags, AccessMask(rawValue: rights), identifier)
  }

  private mutating func rights(_ kind: AccessControlEntry.Kind) throws(SDDLError) -> UInt32 {
    skipSpaces()
    if at < text.count, text[at].isNumber {
      let number = field()
      let value =
        number.hasPrefix("0X") ? UInt32(number.dropFirst(2), radix: 16) : UInt32(number)
      guard let value else { throw error("a number of 32 bits expected") }
      return value
    }
    var mask: UInt32 = 0
    let names =
      kind == .mandatoryLabel ? SDDLNames.policies : SDDLNames.rights + SDDLNames.moreRights
    try letterPairs(names, "a right") { mask |= $0 }
    return mask
  }

  /// Reads pairs of letters up to the next semicolon.
  private mutating func letterPairs<Value>(
    _ names: [(letters: String, value: Value)], _ what: String, _ add: (Value) -> Void
  ) throws(SDDLError) {
    skipSpaces()
    while at < text.count, text[at] != ";" {
      let letters = String(text[at..<min(at + 2, text.count)]).uppercased()
      guard let name = names.first(where: { $0.letters == letters }) else {
        throw error("\(what) expected, not \(letters)")
      }
      add(name.value)
      at += 2
      skipSpaces()
    }
  }

  private mutating func identifier(
    ends: ([Character], Int) -> Bool
  ) throws(SDDLError) -> SecurityIdentifier {
    skipSpaces()
    let start = at
    while at < text.count, !ends(text, at) { at += 1 }
    guard let identifier = SecurityIdentifier(String(text[start..<at])) else {
      at = start
      throw error("a security identifier expected")
    }
    skipSpaces()
    return identifier
  }

  /// The text up to the next semicolon or bracket, in upper case without spaces around it.
  private mutating func field() -> String {
    skipSpaces()
    return takeWhile { $0 != ";" && $0 != ")" && $0 != " " }.uppercased()
  }

  private mutating func takeWhile(_ condition: (Character) -> Bool) -> String {
    let start = at
    while at < text.count, condition(text[at]) { at += 1 }
    return String(text[start..<at])
  }

  private mutating func expect(_ character: Character) throws(SDDLError) {
    skipSpaces()
    guard at < text.count, text[at] == character else { throw error("\(character) expected") }
    at += 1
  }

  private mutating func skipSpaces() {
    while at < text.count, text[at] == " " { at += 1 }
  }

  private func error(_ reason: String) -> SDDLError {
    SDDLError(reason: reason, position: at)
  }
}
