import NTTypes

/// Cuts a line into words, and knows where each one stands.
struct LineScanner {
  /// A run of characters without blanks outside quotation marks.
  struct Word {
    let range: Range<Int>
    let bytes: ArraySlice<UInt8>
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  let number: Int
  let bytes: [UInt8]
  private var position = 0

  init(_ line: Substring, number: Int) {
    (bytes, self.number) = (Array(line.utf8), number)
  }

  /// The whole line without the blanks around it.
  var text: String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let trimmed = bytes.drop(while: isBlank)
    let end = trimmed.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? trimmed.startIndex
    return String(decoding: trimmed[..<end], as: UTF8.self)
  }

  /// An error at a byte of the line; without one, at the place that was reached.
  func error(_ message: String, at offset: Int? = nil, remedy: String) -> ScriptError {
    let offset = min(offset ?? position, bytes.count)
    return ScriptError(
      line: number, column: String(decoding: bytes[..<offset], as: UTF8.self).count + 1,
      text: String(decoding: bytes, as: UTF8.self), message: message, remedy: remedy)
  }

  /// Refuses what cannot be seen, except tabs.
  func checkCharacters() throws(ScriptError) {
    guard let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
      return
    }
    throw error(
      "The line holds the control character \(bytes[offset].hexadecimal(digits: 2))", at: offset,
      remedy: #"In a text write it as an escape: "\x00"."#)
  }

  /// Skips blanks; a `#` at the beginning of a word ends the line.
  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
      position += 1
    }
    if position < bytes.count, bytes[position] == 0x23 { position = bytes.count }
  }

  /// The next word; nil at the end of the line.
  mutating func next() throws(ScriptError) -> Word? {
    skipBlanks()
    let start = position
    while position < bytes.count, bytes[position] != 0x20, bytes[position] != 0x09 {
      if bytes[position] == 0x22 {
        try skipQuoted(escapes: true)
        // Data may go on behind a +.
        if position == bytes.count || bytes[position] != 0x2B { try checkEndOfWord() }
      } else {
        position += 1
      }
    }
    return start == position ? nil : word(start..<position)
  }

  /// The next word without moving on.
  func peek() throws(ScriptError) -> Word? {
    var copy = self
    return try copy.next()
  }

  /// The next word as a name of a device: what stands in quotation marks is taken as it is.
  mutating func path() throws(ScriptError) -> String? {
    skipBlanks()
    guard position < bytes.count, bytes[position] == 0x22 else { return try next()?.text }
    let start = position + 1
    try skipQuoted(escapes: false)
    try checkEndOfWord()
    return word(start..<position - 1).text
  }

  private func word(_ range: Range<Int>) -> Word { Word(range: range, bytes: bytes[range]) }

  /// Moves behind the closing quotation mark.
  private mutating func skipQuoted(escapes: Bool) throws(ScriptError) {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != 0x22 {
      position += escapes && bytes[position] == 0x5C ? 2 : 1
    }
    guard position < bytes.count else {
      throw error(
        "The text has no closing quotation mark", at: start,
        remedy: #"End it with ". Inside it a quotation mark is written \"."#)
    }
    position += 1
  }

  private func checkEndOfWord() throws(ScriptError) {
    guard position < bytes.count, bytes[position] != 0x20, bytes[position] != 0x09 else { return }
    throw error(
      "Something follows the closing quotation mark",
      remedy: #"Put a blank between the words. Inside a text a quotation mark is written \"."#)
  }
}
