extension FixedWidthInteger where Self: UnsignedInteger {
  /// The value in upper-case hexadecimal digits behind `0x`, padded with zeros to `digits`.
  package func hexadecimal(digits: Int = 0) -> String {
    let text = String(self, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
  }

  /// Reads `0x` and hexadecimal digits or decimal digits; nil for anything else or a value out of range.
  package init?(number text: some StringProtocol) {
    let digits: Substring
    let radix: Int
    if text.hasPrefix("0x") || text.hasPrefix("0X") {
      (digits, radix) = (Substring(text.dropFirst(2)), 16)
    } else {
      (digits, radix) = (Substring(text), 10)
    }
    // The standard initializer also takes a sign.
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    guard let value = Self(digits, radix: radix) else { return nil }
    self = value
  }
}
