/// The four characters that name the owner of an allocation.
///
/// A driver writes the characters in reverse, `'derF'`, so that memory shows them in order: `Fred`.
public struct PoolTag: RawRepresentable, Hashable, Sendable {
  /// The tag as the number that a driver passes; its lowest byte is the first character.
  public let rawValue: UInt32
  /// Makes a tag of the number that a driver passes.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Makes a tag of one to four ASCII characters, filled up with blanks; nil for any other text.
  public init?(text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard (1...4).contains(bytes.count), bytes.allSatisfy(Self.isPrintable) else { return nil }
    let padded = bytes + Array(repeating: 0x20, count: 4 - bytes.count)
    rawValue = padded.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The four bytes in the order that memory shows them.
  public var bytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> ($0 * 8)) }
  }

  /// Whether each byte is a printable ASCII character.
  public var isPrintable: Bool { bytes.allSatisfy(Self.isPrintable) }

  private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }
}

extension PoolTag: ExpressibleByStringLiteral {
  /// Makes a tag in source text; what does not fit into four ASCII characters is cut off or printed as `?`.
  public init(stringLiteral text: String) {
    let bytes = text.utf8.map { Self.isPrintable($0) ? $0 : 0x3F }
    rawValue = (0..<4).reversed().reduce(0) {
      $0 << 8 | UInt32($1 < bytes.count ? bytes[$1] : 0x20)
    }
  }
}

extension PoolTag: CustomStringConvertible {
  /// The four characters, with a dot for each byte that is not printable.
  public var description: String {
    String(decoding: bytes.map { Self.isPrintable($0) ? $0 : 0x2E }, as: UTF8.self)
  }
}
