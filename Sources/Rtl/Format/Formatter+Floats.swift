import CRing3

extension Formatter {
  /// Formats a double; the C library makes the digits, flags and width are done here.
  mutating func formatFloat(_ directive: FormatDirective) {
    let value = Double(bitPattern: arguments.take())
    let isNegative = value.sign == .minus
    let sign: StaticString =
      isNegative ? "-" : directive.hasPlus ? "+" : directive.hasSpace ? " " : ""
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1000) { buffer in
      guard let base = buffer.baseAddress else { return }
      let digits = FloatText(buffer: base, capacity: buffer.count)
      let count = digits.write(value.magnitude, directive)
      pad(directive, prefix: sign, count: count, zeros: directive.hasZeros && value.isFinite) {
        output in
        for i in 0..<count { output.append(UInt16(base[i])) }
      }
    }
  }
}

/// The characters of a double without its sign, in a buffer of the caller.
private struct FloatText {
  let buffer: UnsafeMutablePointer<UInt8>
  let capacity: Int

  /// Writes the number as a directive asks and returns the number of characters.
  func write(_ value: Double, _ directive: FormatDirective) -> Int {
    let letter = UInt8(truncatingIfNeeded: directive.letter)
    // 309 digits before the point leave room for this many after it.
    var precision = min(directive.precision, 500)
    switch letter | 0x20 {
    case UInt8(ascii: "a"): if precision < 0 { precision = 13 }
    case UInt8(ascii: "g"):
      if precision < 0 { precision = 6 }
      if directive.isAlternate && value.isFinite {
        return writeGeneralInFull(value, letter: letter, precision: max(1, precision))
      }
    default: if precision < 0 { precision = 6 }
    }
    let count = convert(value, letter: letter, precision: precision)
    guard directive.isAlternate, precision == 0, value.isFinite else { return count }
    return insertPoint(count: count)
  }

  /// Calls the C library with a format made here.
  private func convert(_ value: Double, letter: UInt8, precision: Int) -> Int {
    var format: InlineArray<8, CChar> = .init(repeating: 0)
    format[0] = 0x25
    format[1] = 0x2E
    format[2] = CChar(truncatingIfNeeded: 0x30 &+ precision / 100)
    format[3] = CChar(truncatingIfNeeded: 0x30 &+ precision / 10 % 10)
    format[4] = CChar(truncatingIfNeeded: 0x30 &+ precision % 10)
    format[5] = CChar(bitPattern: letter)
    let count = withUnsafePointer(to: &format) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 8) { text in
        buffer.withMemoryRebound(to: CChar.self, capacity: capacity) { destination in
          strfromd(destination, capacity, text, value)
        }
      }
    }
    return min(Int(count), capacity &- 1)
  }

  /// `%#g` keeps trailing zeros: it is `%e` or `%f` with the digits counted out.
  private func writeGeneralInFull(_ value: Double, letter: UInt8, precision: Int) -> Int {
    let isUppercase = letter & 0x20 == 0
    let e = isUppercase ? UInt8(ascii: "E") : UInt8(ascii: "e")
    let count = convert(value, letter: e, precision: precision &- 1)
    let exponent = exponent(count: count)
    guard exponent >= -4, exponent < precision else {
      return precision == 1 ? insertPoint(count: count) : count
    }
    let decimals = precision &- 1 &- exponent
    let written = convert(value, letter: UInt8(ascii: "f"), precision: decimals)
    return decimals == 0 ? insertPoint(count: written) : written
  }

  /// The exponent at the end of what `%e` wrote.
  private func exponent(count: Int) -> Int {
    var at = 0
    while at < count, buffer[at] | 0x20 != 0x65 { at &+= 1 }
    var value = 0
    for i in (at &+ 2)..<max(count, at &+ 2) { value = value &* 10 &+ Int(buffer[i] &- 0x30) }
    return buffer[at &+ 1] == 0x2D ? 0 &- value : value
  }

  /// Puts a decimal point after the leading digits, before an exponent.
  private func insertPoint(count: Int) -> Int {
    var at = 0
    while at < count, buffer[at].isDigitASCII { at &+= 1 }
    // A hexadecimal number: the point stands after "0x1".
    if at == 1, at < count, buffer[at] | 0x20 == 0x78 { at = 3 }
    var i = count
    while i > at {
      buffer[i] = buffer[i &- 1]
      i &-= 1
    }
    buffer[at] = 0x2E
    return count &+ 1
  }
}
