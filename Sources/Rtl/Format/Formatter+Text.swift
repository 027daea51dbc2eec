extension Formatter {
  mutating func formatCharacter(_ directive: FormatDirective, isWide: Bool) {
    let raw = arguments.take()
    let unit = isWide ? UInt16(truncatingIfNeeded: raw) : UInt16(raw & 0xFF)
    pad(directive, count: 1, zeros: directive.hasZeros) { output in
      output.append(unit, fromWide: isWide)
    }
  }

  /// `%s`: text up to its zero or to the precision, `(null)` for NULL.
  mutating func formatText(_ directive: FormatDirective, isWide: Bool) {
    let limit = directive.precision < 0 ? Int(Int32.max) : directive.precision
    guard let address = UnsafeRawPointer(bitPattern: UInt(arguments.take())) else {
      formatNull(directive, limit: limit)
      return
    }
    let text = FormatText(address: address, isWide: isWide)
    formatUnits(directive, text, count: text.length(atMost: limit))
  }

  /// `%Z`, `%wZ`: a pointer to an ANSI_STRING or a UNICODE_STRING, of Length bytes.
  mutating func formatCountedText(_ directive: FormatDirective) {
    guard let string = UnsafeRawPointer(bitPattern: UInt(arguments.take())) else {
      formatNull(directive, limit: .max)
      return
    }
    let byteCount = Int(string.loadUnaligned(as: UInt16.self))
    let buffer = (string + 8).loadUnaligned(as: UInt.self)
    guard let address = UnsafeRawPointer(bitPattern: buffer) else {
      formatNull(directive, limit: .max)
      return
    }
    let isWide = directive.size == .long
    formatUnits(
      directive, FormatText(address: address, isWide: isWide),
      count: isWide ? byteCount / 2 : byteCount)
  }

  private mutating func formatUnits(
    _ directive: FormatDirective, _ text: FormatText, count: Int
  ) {
    pad(directive, count: count, zeros: directive.hasZeros) { output in
      for i in 0..<count { output.append(text[i], fromWide: text.isWide) }
    }
  }

  private mutating func formatNull(_ directive: FormatDirective, limit: Int) {
    let text: StaticString = "(null)"
    let count = min(limit, text.utf8CodeUnitCount)
    pad(directive, count: count, zeros: directive.hasZeros) { output in
      for i in 0..<count { output.append(UInt16(text.utf8Start[i])) }
    }
  }
}
