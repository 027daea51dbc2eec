/// Where two runs of bytes differ.
struct ByteDifference: CustomStringConvertible {
  let actual: [UInt8]
  let expected: [UInt8]
  /// Offset of the first byte that differs, or that only one of them has.
  let offset: Int

  /// Lines of 16 bytes that are shown before the first difference, and in all.
  private static let leadingLineCount = 1
  private static let lineCount = 6

  /// Nil when there is no difference.
  init?(actual: [UInt8], expected: [UInt8]) {
    guard actual != expected else { return nil }
    self.actual = actual
    self.expected = expected
    let pairs = zip(actual, expected)
    offset =
      pairs.enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(actual.count, expected.count)
  }

  /// A sentence, and the lines of a dump round the first difference.
  var description: String {
    ([headline] + lines).joined(separator: "\n")
  }

  private var headline: String {
    let place = "offset \(offset) (0x\(Self.hexadecimal(offset)))"
    let lengths =
      actual.count == expected.count
      ? "both are \(actual.count) bytes long"
      : "\(actual.count) bytes came, \(expected.count) are expected"
    guard offset < actual.count, offset < expected.count else {
      return offset < expected.count
        ? "The bytes end at \(place): \(lengths)."
        : "There are more bytes from \(place) on: \(lengths)."
    }
    let (byte, wanted) = (Self.hexadecimal(actual[offset]), Self.hexadecimal(expected[offset]))
    return "The bytes differ from \(place) on: 0x\(byte), expected 0x\(wanted); \(lengths)."
  }

  private var lines: [String] {
    let end = (max(actual.count, expected.count) + 15) / 16
    let first = max(0, offset / 16 - Self.leadingLineCount)
    let last = min(end, first + Self.lineCount)
    var lines: [String] = []
    if first > 0 { lines.append("  …") }
    for line in first..<max(first, last) {
      let start = line * 16
      let (came, wanted) = (Self.part(actual, start), Self.part(expected, start))
      if came == wanted {
        lines.append("    " + Self.dump(came, at: start))
      } else {
        if !wanted.isEmpty { lines.append("  - " + Self.dump(wanted, at: start)) }
        if !came.isEmpty { lines.append("  + " + Self.dump(came, at: start)) }
      }
    }
    if last < end { lines.append("  …") }
    return lines
  }

  private static func part(_ bytes: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
    start < bytes.count ? bytes[start..<min(start + 16, bytes.count)] : []
  }

  /// `00000010  68 65 6C 6C 6F                                    hello`.
  private static func dump(_ bytes: ArraySlice<UInt8>, at offset: Int) -> String {
    var digits = ""
    for index in 0..<16 {
      if index == 8 { digits += " " }
      digits += index < bytes.count ? hexadecimal(bytes[bytes.startIndex + index]) + " " : "   "
    }
    let text = bytes.map { (0x20...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "." }
    let place = hexadecimal(offset)
    let padding = String(repeating: "0", count: max(0, 8 - place.count))
    return "\(padding)\(place)  \(digits) \(String(text))"
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  private static func hexadecimal(_ number: Int) -> String {
    String(number, radix: 16, uppercase: true)
  }
}
