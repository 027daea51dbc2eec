// MARK: Buffers

extension ScriptParser {
  /// What a request gives for input: data, a buffer of the script, or a pointer, with the length it states.
  func input(_ scanner: inout LineScanner, of action: String) throws(ScriptError) -> Buffer {
    if let place = try place(&scanner) { return try stated(place, &scanner) }
    return try stated(.data(try data(&scanner, of: action)), &scanner)
  }

  /// What a request gives for output: the same, or a number of bytes.
  func output(_ scanner: inout LineScanner, of action: String) throws(ScriptError) -> Buffer {
    if let place = try place(&scanner) { return try stated(place, &scanner) }
    return try stated(try contents(&scanner, of: action), &scanner)
  }

  /// A number of bytes or data.
  func contents(_ scanner: inout LineScanner, of action: String) throws(ScriptError) -> Buffer {
    guard let word = try scanner.peek(), word.beginsWithDigit else {
      return .data(try data(&scanner, of: action, orLength: true))
    }
    return .length(
      try number(
        &scanner, of: action, example: "\(action) 4096", limit: ScriptLimits.dataLength))
  }

  /// `buffer NAME LENGTH|DATA`.
  func newBuffer(_ scanner: inout LineScanner) throws(ScriptError) -> Action.Kind {
    let name = try newName(
      &scanner, of: "buffer", for: "a buffer",
      remedy: "Write a new name of letters, digits and _ that begins with a letter: buffer block 64"
    )
    let word = try scanner.peek()
    let contents = try contents(&scanner, of: "buffer")
    if let word, contents.byteCount == 0 {
      throw scanner.error(
        "\(word.shown) makes a buffer of no bytes, which has no address",
        at: word.range.lowerBound, remedy: "Give it at least one byte: buffer block 1")
    }
    return .buffer(name: name, contents)
  }

  /// A buffer of the script, or `pointer ADDRESS`.
  private func place(_ scanner: inout LineScanner) throws(ScriptError) -> Buffer? {
    guard let word = try scanner.peek() else { return nil }
    if buffers.contains(word.text) {
      _ = try scanner.next()
      return .named(word.text)
    }
    guard word.text == "pointer" else { return nil }
    _ = try scanner.next()
    let example = "pointer 0x1000 length 64"
    let address = try number(&scanner, of: "pointer", example: example, limit: .max)
    guard try scanner.peek()?.text == "length" else {
      throw scanner.error(
        "pointer needs a length, for there is no buffer that has one",
        remedy: "Write it behind the address: \(example)")
    }
    return .pointer(address)
  }

  /// A buffer with `length NUMBER` behind it, when it states another length than its own.
  private func stated(_ buffer: Buffer, _ scanner: inout LineScanner) throws(ScriptError) -> Buffer
  {
    guard try scanner.peek()?.text == "length" else { return buffer }
    _ = try scanner.next()
    let length = try number(
      &scanner, of: "length", example: "length 0xFFFFFFFF", limit: ScriptLimits.statedLength)
    return .stated(buffer, length: length)
  }
}

extension Buffer {
  /// The number of bytes; nil when only running the script shows it.
  fileprivate var byteCount: UInt64? {
    switch self {
    case .length(let count): count
    case .data(let data): data.byteCount
    case .named, .pointer: nil
    case .stated(let buffer, _): buffer.byteCount
    }
  }
}
