/// A security identifier as a value: `S-1-5-32-544` is the group of administrators.
package struct SecurityIdentifier: Hashable, Sendable {
  /// The authority, 48 bits.
  package var authority: UInt64
  /// The parts behind it, 15 at most.
  package var parts: [UInt32]

  package init(authority: UInt64, _ parts: UInt32...) {
    self.authority = authority
    self.parts = parts
  }

  /// The system itself (`SY`).
  package static var localSystem: Self { Self(authority: 5, 18) }
  /// The group of administrators (`BA`).
  package static var administrators: Self { Self(authority: 5, 32, 544) }
  /// The group of users (`BU`).
  package static var users: Self { Self(authority: 5, 32, 545) }
  /// Everybody (`WD`).
  package static var everyone: Self { Self(authority: 1, 0) }
  /// Everybody who has logged on (`AU`).
  package static var authenticatedUsers: Self { Self(authority: 5, 11) }
  /// Code that runs with fewer rights (`RC`).
  package static var restrictedCode: Self { Self(authority: 5, 12) }

  /// Reads the bytes of an identifier; more bytes may follow.
  package init?(bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count >= 8, bytes[0] == 1, bytes[1] <= 15,
      bytes.count >= 8 + Int(bytes[1]) * 4
    else { return nil }
    authority = bytes[2..<8].reduce(0) { $0 << 8 | UInt64($1) }
    parts = (0..<Int(bytes[1])).map { bytes.number(at: 8 + $0 * 4) }
  }

  /// The bytes as they lie in memory.
  package var bytes: [UInt8] {
    let head = [1, UInt8(parts.count)] + (0..<6).map { UInt8(authority >> (40 - $0 * 8) & 0xFF) }
    return head + parts.flatMap(\.littleEndianBytes)
  }
}

extension SecurityIdentifier: LosslessStringConvertible {
  /// Reads `S-1-…` or one of the two letters that SDDL has for well-known identifiers.
  package init?(_ text: String) {
    if let known = Self.abbreviations.first(where: { $0.letters == text.uppercased() }) {
      self = known.identifier
      return
    }
    let fields = text.split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count >= 3, fields.count <= 18, fields[0].uppercased() == "S", fields[1] == "1",
      let authority = Self.number(fields[2]), authority < 1 << 48
    else { return nil }
    self.authority = authority
    parts = []
    for field in fields.dropFirst(3) {
      guard let part = Self.number(field), let fitting = UInt32(exactly: part) else { return nil }
      parts.append(fitting)
    }
  }

  package var description: String {
    let head = authority < 1 << 32 ? "\(authority)" : "0x" + String(authority, radix: 16)
    return (["S-1-" + head] + parts.map(String.init)).joined(separator: "-")
  }

  /// The two letters of SDDL, or the whole identifier.
  var sddl: String {
    Self.abbreviations.first { $0.identifier == self }?.letters ?? description
  }

  private static func number(_ text: Substring) -> UInt64? {
    guard text.utf8.first?.isDigitASCII == true else { return nil }
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt64(text.dropFirst(2), radix: 16) }
    return UInt64(text)
  }

  private typealias Abbreviation = (letters: String, identifier: SecurityIdentifier)

  private static var abbreviations: [Abbreviation] {
    [
      ("SY", .localSystem), ("BA", .administrators), ("WD", .everyone), ("BU", .users),
      ("AU", .authenticatedUsers), ("RC", .restrictedCode),
      ("CO", Self(authority: 3, 0)), ("CG", Self(authority: 3, 1)), ("OW", Self(authority: 3, 4)),
      ("NU", Self(authority: 5, 2)), ("IU", Self(authority: 5, 4)), ("SU", Self(authority: 5, 6)),
      ("AN", Self(authority: 5, 7)), ("ED", Self(authority: 5, 9)), ("PS", Self(authority: 5, 10)),
      ("LS", Self(authority: 5, 19)), ("NS", Self(authority: 5, 20)),
      ("WR", Self(authority: 5, 33)),
      ("BG", Self(authority: 5, 32, 546)), ("PU", Self(authority: 5, 32, 547)),
      ("AO", Self(authority: 5, 32, 548)), ("SO", Self(authority: 5, 32, 549)),
      ("PO", Self(authority: 5, 32, 550)), ("BO", Self(authority: 5, 32, 551)),
      ("RE", Self(authority: 5, 32, 552)), ("RU", Self(authority: 5, 32, 554)),
      ("RD", Self(authority: 5, 32, 555)), ("NO", Self(authority: 5, 32, 556)),
      ("UD", Self(authority: 5, 84, 0, 0, 0, 0, 0)),
      ("AC", Self(authority: 15, 2, 1)),
      ("LW", Self(authority: 16, 4096)), ("ME", Self(authority: 16, 8192)),
      ("HI", Self(authority: 16, 12288)), ("SI", Self(authority: 16, 16384)),
    ]
  }
}

extension FixedWidthInteger {
  /// The bytes, the lowest first.
  package var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}

extension [UInt8] {
  /// The little-endian number at an offset, which the caller has checked.
  func number<Number: FixedWidthInteger>(at offset: Int) -> Number {
    (0..<Number.bitWidth / 8).reduce(0) { $0 | Number(self[offset + $1]) << ($1 * 8) }
  }
}
