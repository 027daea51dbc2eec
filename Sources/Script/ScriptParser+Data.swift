import NTTypes

extension ScriptParser {
  private static let forms =
    #"Write "text", wide:"text", hex:00ff10, zero:4096, fill:ab:4096, file:PATH, handle:EVENT or address:BUFFER; several joined by +."#

  /// One of the data forms.
  func data(
    _ scanner: inout LineScanner, of action: String, orLength: Bool = false
  ) throws(ScriptError) -> ScriptData {
    let what = orLength ? "a length or data" : "data"
    let remedy = (orLength ? "Write a number of bytes, or data. " : "") + Self.forms
    guard let word = try scanner.next() else {
      throw scanner.error("\(action) needs \(what)", remedy: remedy)
    }
    let pieces = pieces(of: word)
    if pieces.count == 1 { return try piece(word, scanner, orLength, remedy) }
    var parts: [ScriptData] = []
    for word in pieces { parts.append(try piece(word, scanner, false, remedy)) }
    return .joined(parts)
  }

  /// The data that a word joins by `+`; a `+` in a text or a path joins nothing.
  private func pieces(of word: LineScanner.Word) -> [LineScanner.Word] {
    var starts = [word.range.lowerBound]
    var isQuoted = false
    var index = word.range.lowerBound
    while index < word.range.upperBound {
      switch word.bytes[index] {
      case 0x5C where isQuoted: index += 1
      case 0x22: isQuoted.toggle()
      case 0x2B where !isQuoted && beginsData(word.bytes[(index + 1)...]): starts.append(index + 1)
      default: break
      }
      index += 1
    }
    return starts.indices.map { number in
      let end = number + 1 < starts.count ? starts[number + 1] - 1 : word.range.upperBound
      return LineScanner.Word(
        range: starts[number]..<end, bytes: word.bytes[starts[number]..<end])
    }
  }

  private func beginsData(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.first == 0x22
      || ["hex:", "zero:", "fill:", "wide:", "file:", "handle:", "address:"].contains {
        bytes.starts(with: $0.utf8)
      }
  }

  private func piece(
    _ word: LineScanner.Word, _ scanner: LineScanner, _ orLength: Bool, _ remedy: String
  ) throws(ScriptError) -> ScriptData {
    if word.bytes.first == 0x22 { return .bytes(try text(word, from: 0, scanner).bytes) }
    guard let colon = word.bytes.firstIndex(of: 0x3A) else {
      throw scanner.error(
        "\(word.shown) is \(orLength ? "neither a length nor data" : "no data")",
        at: word.range.lowerBound, remedy: remedy)
    }
    let form = String(decoding: word.bytes[..<colon], as: UTF8.self)
    let start = colon + 1 - word.range.lowerBound
    switch form {
    case "hex": return .bytes(try hexadecimal(word, from: start, scanner))
    case "zero":
      return .fill(byte: 0, count: try count(word, from: start, scanner, example: "zero:4096"))
    case "fill": return try fill(word, from: start, scanner)
    case "wide": return .bytes(try wide(word, from: start, scanner))
    case "file": return .file(path: try path(word, from: start, scanner))
    case "handle":
      let name = String(decoding: word.bytes[(colon + 1)...], as: UTF8.self)
      guard events.contains(name) else {
        throw scanner.error(
          "No line before makes the event \(quoted(name))", at: colon + 1,
          remedy: suggestion(for: name, among: events.sorted()) ?? "Make it first: event done")
      }
      return .handle(name: name)
    case "address": return try address(word, from: start, scanner)
    default:
      throw scanner.error(
        "\(form.count > 40 ? "This" : form + ":") is no form of data", at: word.range.lowerBound,
        remedy: remedy)
    }
  }

  /// `address:BUFFER`, or `address:NUMBER` for any address.
  private func address(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> ScriptData {
    let text = String(decoding: word.bytes.dropFirst(start), as: UTF8.self)
    if let value = UInt64(number: text) { return .bytes(value.littleEndianBytes) }
    guard buffers.contains(text) else {
      throw scanner.error(
        "No line before makes the buffer \(quoted(text))", at: word.range.lowerBound + start,
        remedy: suggestion(for: text, among: buffers.sorted())
          ?? "Make it first: buffer block 64. Any other address is a number: address:0x1000")
    }
    return .address(name: text)
  }

  /// A number in a word of its own.
  func number(
    _ scanner: inout LineScanner, of action: String, example: String, limit: UInt64
  ) throws(ScriptError) -> UInt64 {
    guard let word = try scanner.next() else {
      throw scanner.error("\(action) needs a number", remedy: "Write it behind: \(example)")
    }
    return try number(
      word.text, at: word.range.lowerBound, scanner, example: example, limit: limit)
  }

  private func number(
    _ text: String, at offset: Int, _ scanner: LineScanner, example: String, limit: UInt64
  ) throws(ScriptError) -> UInt64 {
    guard let value = UInt64(number: text) else {
      throw scanner.error(
        "\(quoted(text)) is no number from 0 to \(limit)", at: offset,
        remedy: "Write decimal digits, or hexadecimal digits behind 0x: \(example)")
    }
    guard value <= limit else {
      throw scanner.error(
        "\(quoted(text)) is too large", at: offset, remedy: "The largest number here is \(limit).")
    }
    return value
  }

  private func count(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner, example: String
  ) throws(ScriptError) -> UInt64 {
    let text = String(decoding: word.bytes.dropFirst(start), as: UTF8.self)
    return try number(
      text, at: word.range.lowerBound + start, scanner, example: example,
      limit: ScriptLimits.dataLength)
  }

  /// `fill:XX:N`.
  private func fill(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> ScriptData {
    let digits = Array(word.bytes.dropFirst(start).prefix { $0 != 0x3A })
    let end = start + digits.count
    guard digits.count == 2, let high = digits[0].hexadecimalDigit,
      let low = digits[1].hexadecimalDigit, end < word.bytes.count
    else {
      throw scanner.error(
        "fill: needs a byte of two hexadecimal digits and a number",
        at: word.range.lowerBound + start, remedy: "Write fill:ab:4096 for 4096 bytes of 0xAB.")
    }
    return .fill(
      byte: high << 4 | low,
      count: try count(word, from: end + 1, scanner, example: "fill:ab:4096"))
  }

  private func hexadecimal(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> [UInt8] {
    let digits = word.bytes.dropFirst(start)
    var result: [UInt8] = []
    result.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for index in digits.indices {
      guard let digit = digits[index].hexadecimalDigit else {
        throw scanner.error(
          "hex: is followed by something that is no hexadecimal digit", at: index,
          remedy: "Write two digits 0-9, a-f for each byte: hex:00ff10")
      }
      if let first = high {
        result.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else {
      throw scanner.error(
        "hex: is followed by an odd number of digits", at: word.range.lowerBound,
        remedy: "Write two digits for each byte: hex:00ff10")
    }
    return result
  }

  /// A text in quotation marks as UTF-16, as Windows keeps its strings.
  private func wide(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> [UInt8] {
    guard word.bytes.dropFirst(start).first == 0x22 else {
      throw scanner.error(
        "wide: needs a text in quotation marks", at: word.range.lowerBound + start,
        remedy: #"Write wide:"text"."#)
    }
    let content = try text(word, from: start, scanner)
    guard content.isUnicode else {
      throw scanner.error(
        #"wide: cannot hold a byte written \x"#, at: word.range.lowerBound + start,
        remedy: #"Write the character as \u{E9}, or the bytes as hex: data."#)
    }
    return String(decoding: content.bytes, as: UTF8.self).utf16
      .flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private func path(
    _ word: LineScanner.Word, from start: Int, _ scanner: LineScanner
  ) throws(ScriptError) -> String {
    let rest = word.bytes.dropFirst(start)
    let bytes = rest.first == 0x22 ? try text(word, from: start, scanner).bytes : Array(rest)
    guard !bytes.isEmpty, !bytes.contains(0) else {
      throw scanner.error(
        "file: needs the path of a file", at: word.range.lowerBound + start,
        remedy: #"Write file:input.bin, or file:"my input.bin" with blanks."#)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
