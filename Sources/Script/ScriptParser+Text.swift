extension ScriptParser {
  /// The bytes of a text in quotation marks, and whether all of them were written as characters.
  func text(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> (bytes: [UInt8], isUnicode: Bool) {
    var reader = EscapeReader(bytes: word.bytes.dropFirst(start + 1).dropLast(), scanner: scanner)
    return try reader.read()
  }
}

/// Replaces the escapes of a text.
private struct EscapeReader {
  var rest: ArraySlice<UInt8>
  let scanner: LineScanner
  var isUnicode = true

  static let remedy = #"Escapes are \n \r \t \0 \\ \" \x41 and \u{E9}; a backslash itself is \\."#

  init(bytes: ArraySlice<UInt8>, scanner: LineScanner) {
    (rest, self.scanner) = (bytes, scanner)
  }

  mutating func read() throws(ScriptError) -> (bytes: [UInt8], isUnicode: Bool) {
    var result: [UInt8] = []
    result.reserveCapacity(rest.count)
    while let byte = rest.popFirst() {
      if byte == 0x5C { try escape(into: &result) } else { result.append(byte) }
    }
    return (result, isUnicode)
  }

  private mutating func escape(into result: inout [UInt8]) throws(ScriptError) {
    let start = rest.startIndex - 1
    switch rest.popFirst() {
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "0"): result.append(0)
    case UInt8(ascii: "\\"): result.append(0x5C)
    case UInt8(ascii: "\""): result.append(0x22)
    case UInt8(ascii: "x"): result.append(try byte(from: start))
    case UInt8(ascii: "u"): result += try scalar(from: start)
    default: throw scanner.error("This is no escape", at: start, remedy: Self.remedy)
    }
  }

  /// `\xNN`.
  private mutating func byte(from start: Int) throws(ScriptError) -> UInt8 {
    guard let high = rest.popFirst()?.hexadecimalDigit,
      let low = rest.popFirst()?.hexadecimalDigit
    else {
      throw scanner.error(
        #"\x is not followed by two hexadecimal digits"#, at: start, remedy: Self.remedy)
    }
    if high >= 8 { isUnicode = false }
    return high << 4 | low
  }

  /// `\u{N…}`.
  private mutating func scalar(from start: Int) throws(ScriptError) -> [UInt8] {
    var value: UInt32 = 0
    var count = 0
    if rest.popFirst() == UInt8(ascii: "{") {
      while count < 7, let byte = rest.popFirst() {
        if byte == UInt8(ascii: "}"), count > 0, let scalar = Unicode.Scalar(value) {
          return Array(Character(scalar).utf8)
        }
        guard let digit = byte.hexadecimalDigit else { break }
        value = value << 4 | UInt32(digit)
        count += 1
      }
    }
    throw scanner.error(
      #"\u is not followed by the number of a character in braces"#, at: start,
      remedy: Self.remedy)
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexadecimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension LineScanner.Word {
  /// Whether the word is made of letters, digits and `_` and begins with a letter or `_`.
  var isName: Bool {
    guard !bytes.isEmpty, !beginsWithDigit else { return false }
    return bytes.allSatisfy { byte in
      let isLetter = (0x61...0x7A).contains(byte | 0x20)
      return isLetter || byte == 0x5F || (0x30...0x39).contains(byte)
    }
  }

  var beginsWithDigit: Bool { bytes.first.map { (0x30...0x39).contains($0) } ?? false }

  /// The word in quotation marks for a message, cut when it is long.
  var shown: String { quoted(text) }
}

/// A text in quotation marks for a message, cut when it is long.
func quoted(_ text: String) -> String {
  text.count > 40 ? "'\(text.prefix(40))…'" : "'\(text)'"
}
