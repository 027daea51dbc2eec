// Numbers from text and text from numbers.

@c(r3_atoi)
package func crtAtoi(_ text: UnsafePointer<UInt8>) -> Int32 {
  text.parseInteger(base: 10).clampedToInt32
}

@c(r3__wtoi)
package func crtWtoi(_ text: UnsafePointer<UInt16>) -> Int32 {
  text.parseInteger(base: 10).clampedToInt32
}

@c(r3_atol)
package func crtAtol(_ text: UnsafePointer<UInt8>) -> Int32 {
  text.parseInteger(base: 10).clampedToInt32
}

@c(r3__wtol)
package func crtWtol(_ text: UnsafePointer<UInt16>) -> Int32 {
  text.parseInteger(base: 10).clampedToInt32
}

@c(r3__atoi64)
package func crtAtoi64(_ text: UnsafePointer<UInt8>) -> Int64 {
  text.parseInteger(base: 10).clampedToInt64
}

@c(r3__wtoi64)
package func crtWtoi64(_ text: UnsafePointer<UInt16>) -> Int64 {
  text.parseInteger(base: 10).clampedToInt64
}

@c(r3_strtol)
package func crtStrtol(
  _ text: UnsafePointer<UInt8>, _ end: UnsafeMutablePointer<UnsafePointer<UInt8>>?, _ base: Int32
) -> Int32 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToInt32
}

@c(r3_wcstol)
package func crtWcstol(
  _ text: UnsafePointer<UInt16>, _ end: UnsafeMutablePointer<UnsafePointer<UInt16>>?, _ base: Int32
) -> Int32 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToInt32
}

@c(r3_strtoul)
package func crtStrtoul(
  _ text: UnsafePointer<UInt8>, _ end: UnsafeMutablePointer<UnsafePointer<UInt8>>?, _ base: Int32
) -> UInt32 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToUInt32
}

@c(r3_wcstoul)
package func crtWcstoul(
  _ text: UnsafePointer<UInt16>, _ end: UnsafeMutablePointer<UnsafePointer<UInt16>>?, _ base: Int32
) -> UInt32 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToUInt32
}

@c(r3__strtoui64)
package func crtStrtoui64(
  _ text: UnsafePointer<UInt8>, _ end: UnsafeMutablePointer<UnsafePointer<UInt8>>?, _ base: Int32
) -> UInt64 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.overflowed ? .max : number.wrapped
}

@c(r3__wcstoui64)
package func crtWcstoui64(
  _ text: UnsafePointer<UInt16>, _ end: UnsafeMutablePointer<UnsafePointer<UInt16>>?, _ base: Int32
) -> UInt64 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.overflowed ? .max : number.wrapped
}

@c(r3__strtoi64)
package func crtStrtoi64(
  _ text: UnsafePointer<UInt8>, _ end: UnsafeMutablePointer<UnsafePointer<UInt8>>?, _ base: Int32
) -> Int64 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToInt64
}

@c(r3__wcstoi64)
package func crtWcstoi64(
  _ text: UnsafePointer<UInt16>, _ end: UnsafeMutablePointer<UnsafePointer<UInt16>>?, _ base: Int32
) -> Int64 {
  let number = text.parseInteger(base: base)
  end?.pointee = text + number.unitCount
  return number.clampedToInt64
}

@c(r3__itoa)
package func crtItoa(
  _ value: Int32, _ text: UnsafeMutablePointer<UInt8>, _ base: Int32
) -> UnsafeMutablePointer<UInt8> {
  _ = NumberToWrite(value, base: base).write(to: text, size: .max)
  return text
}

@c(r3__itow)
package func crtItow(
  _ value: Int32, _ text: UnsafeMutablePointer<UInt16>, _ base: Int32
) -> UnsafeMutablePointer<UInt16> {
  _ = NumberToWrite(value, base: base).write(to: text, size: .max)
  return text
}

@c(r3__itoa_s)
package func crtItoaS(
  _ value: Int32, _ text: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(value, base: base).write(to: text, size: size)
}

@c(r3__itow_s)
package func crtItowS(
  _ value: Int32, _ text: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(value, base: base).write(to: text, size: size)
}

@c(r3__ultoa)
package func crtUltoa(
  _ value: UInt32, _ text: UnsafeMutablePointer<UInt8>, _ base: Int32
) -> UnsafeMutablePointer<UInt8> {
  _ = NumberToWrite(magnitude: UInt64(value), base: base).write(to: text, size: .max)
  return text
}

@c(r3__i64toa)
package func crtI64toa(
  _ value: Int64, _ text: UnsafeMutablePointer<UInt8>, _ base: Int32
) -> UnsafeMutablePointer<UInt8> {
  _ = NumberToWrite(value, base: base).write(to: text, size: .max)
  return text
}

@c(r3__ultoa_s)
package func crtUltoaS(
  _ value: UInt32, _ text: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(magnitude: UInt64(value), base: base).write(to: text, size: size)
}

@c(r3__ultow_s)
package func crtUltowS(
  _ value: UInt32, _ text: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(magnitude: UInt64(value), base: base).write(to: text, size: size)
}

@c(r3__i64toa_s)
package func crtI64toaS(
  _ value: Int64, _ text: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(value, base: base).write(to: text, size: size)
}

@c(r3__i64tow_s)
package func crtI64towS(
  _ value: Int64, _ text: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(value, base: base).write(to: text, size: size)
}

@c(r3__ui64toa_s)
package func crtUi64toaS(
  _ value: UInt64, _ text: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(magnitude: value, base: base).write(to: text, size: size)
}

@c(r3__ui64tow_s)
package func crtUi64towS(
  _ value: UInt64, _ text: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ base: Int32
) -> Int32 {
  NumberToWrite(magnitude: value, base: base).write(to: text, size: size)
}

extension ParsedInteger {
  /// The value as an int, at its limit when it does not fit.
  var clampedToInt32: Int32 {
    if isNegative { return magnitude > 0x8000_0000 ? .min : Int32(truncatingIfNeeded: wrapped) }
    return magnitude > 0x7FFF_FFFF ? .max : Int32(truncatingIfNeeded: magnitude)
  }

  /// The value as an unsigned int; a sign wraps it round, all ones when it does not fit.
  var clampedToUInt32: UInt32 {
    magnitude > 0xFFFF_FFFF ? .max : UInt32(truncatingIfNeeded: wrapped)
  }

  /// The value as a 64-bit integer, at its limit when it does not fit.
  var clampedToInt64: Int64 {
    if isNegative { return magnitude > 1 << 63 ? .min : Int64(bitPattern: wrapped) }
    return magnitude > UInt64(Int64.max) ? .max : Int64(magnitude)
  }
}

/// A number to be written as text in a base; only base 10 has a sign.
private struct NumberToWrite {
  var magnitude: UInt64
  var isNegative = false
  var base: Int32

  init(magnitude: UInt64, base: Int32) {
    self.magnitude = magnitude
    self.base = base
  }

  init<Value: SignedInteger & FixedWidthInteger>(_ value: Value, base: Int32) {
    self.base = base
    isNegative = base == 10 && value < 0
    // Another base shows the bits, as many as the type has.
    magnitude =
      isNegative
      ? UInt64(truncatingIfNeeded: value.magnitude)
      : UInt64(truncatingIfNeeded: Value.Magnitude(truncatingIfNeeded: value))
  }

  /// Writes the text and its terminator; a failure leaves an empty text.
  func write<Unit: TextUnit>(to destination: UnsafeMutablePointer<Unit>?, size: UInt) -> Int32 {
    guard let destination, size > 0 else { return CrtError.invalid }
    destination[0] = 0
    guard base >= 2, base <= 36 else { return CrtError.invalid }
    var text = IntegerText(magnitude, base: UInt64(base), uppercase: false)
    if isNegative { text.prepend(0x2D) }
    guard UInt(text.count) < size else { return CrtError.range }
    for i in 0..<text.count { destination[i] = Unit(text[i]) }
    destination[text.count] = 0
    return CrtError.none
  }
}

// MARK: Magnitudes

@c(r3_abs)
package func crtAbs(_ value: Int32) -> Int32 { value < 0 ? 0 &- value : value }

@c(r3_labs)
package func crtLabs(_ value: Int32) -> Int32 { value < 0 ? 0 &- value : value }
