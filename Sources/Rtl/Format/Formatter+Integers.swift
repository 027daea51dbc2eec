extension Formatter {
  mutating func formatSigned(_ directive: FormatDirective) {
    let raw = arguments.take()
    let value: Int64
    switch directive.size {
    case .byte: value = Int64(Int8(truncatingIfNeeded: raw))
    case .short: value = Int64(Int16(truncatingIfNeeded: raw))
    case .standard, .long: value = Int64(Int32(truncatingIfNeeded: raw))
    case .quad: value = Int64(bitPattern: raw)
    }
    let sign: StaticString =
      value < 0 ? "-" : directive.hasPlus ? "+" : directive.hasSpace ? " " : ""
    formatDigits(directive, prefix: sign, value.magnitude, base: 10, uppercase: false)
  }

  mutating func formatUnsigned(
    _ directive: FormatDirective, base: UInt64, uppercase: Bool = false
  ) {
    let raw = arguments.take()
    let value: UInt64
    switch directive.size {
    case .byte: value = raw & 0xFF
    case .short: value = raw & 0xFFFF
    case .standard, .long: value = raw & 0xFFFF_FFFF
    case .quad: value = raw
    }
    var prefix: StaticString = ""
    if directive.isAlternate && base == 16 && value != 0 { prefix = uppercase ? "0X" : "0x" }
    formatDigits(directive, prefix: prefix, value, base: base, uppercase: uppercase)
  }

  /// A pointer has 16 digits in upper case and no prefix of its own.
  mutating func formatPointer(_ directive: FormatDirective) {
    var full = directive
    full.precision = 16
    let prefix: StaticString = directive.isAlternate ? "0X" : ""
    formatDigits(full, prefix: prefix, arguments.take(), base: 16, uppercase: true)
  }

  private mutating func formatDigits(
    _ directive: FormatDirective, prefix: StaticString, _ value: UInt64, base: UInt64,
    uppercase: Bool
  ) {
    let digits = IntegerText(value, base: base, uppercase: uppercase)
    let digitCount = value == 0 && directive.precision == 0 ? 0 : digits.count
    var leadingZeros = max(0, directive.precision &- digitCount)
    // The alternate octal form begins with a zero.
    if directive.isAlternate, base == 8, leadingZeros == 0, value != 0 || digitCount == 0 {
      leadingZeros = 1
    }
    pad(
      directive, prefix: prefix, count: leadingZeros &+ digitCount,
      zeros: directive.hasZeros && directive.precision < 0
    ) { output in
      output.append(.zero, times: leadingZeros)
      for i in 0..<digitCount { output.append(UInt16(digits[i])) }
    }
  }
}
