import CDriverKit
import NTTypes

// Integers to counted strings and back.

@c(r3_RtlIntegerToUnicodeString)
package func rtlIntegerToUnicodeString(
  _ value: UInt32, _ base: UInt32, _ string: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  writeInteger(UInt64(value), base: base, string)
}

@c(r3_RtlInt64ToUnicodeString)
package func rtlInt64ToUnicodeString(
  _ value: UInt64, _ base: UInt32, _ string: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  writeInteger(value, base: base, string)
}

/// Writes a number as text; the terminator is written when there is room for it.
@c(r3_RtlIntegerToChar)
package func rtlIntegerToChar(
  _ value: UInt32, _ base: UInt32, _ length: UInt32, _ text: UnsafeMutablePointer<UInt8>
) -> Int32 {
  guard let radix = radix(base) else { return NTStatus.invalidParameter.code }
  let digits = IntegerText(UInt64(value), base: radix, uppercase: true)
  guard digits.count <= Int(length) else { return NTStatus.bufferOverflow.code }
  for i in 0..<digits.count { text[i] = digits[i] }
  if digits.count < Int(length) { text[digits.count] = 0 }
  return NTStatus.success.code
}

@c(r3_RtlUnicodeStringToInteger)
package func rtlUnicodeStringToInteger(
  _ string: UnsafePointer<UNICODE_STRING>, _ base: UInt32, _ value: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let text = UnicodeText(string)
  guard let number = readInteger(base: base, { $0 < text.count ? text.units[$0] : 0 }) else {
    return NTStatus.invalidParameter.code
  }
  value.pointee = UInt32(truncatingIfNeeded: number.value)
  return NTStatus.success.code
}

/// Reads a 64-bit number and, when asked, tells where the text behind it begins.
@c(r3_RtlUnicodeStringToInt64)
package func rtlUnicodeStringToInt64(
  _ string: UnsafePointer<UNICODE_STRING>, _ base: UInt32, _ value: UnsafeMutablePointer<UInt64>,
  _ end: UnsafeMutablePointer<UnsafeMutablePointer<UInt16>>?
) -> Int32 {
  let text = UnicodeText(string)
  guard let number = readInteger(base: base, { $0 < text.count ? text.units[$0] : 0 }) else {
    return NTStatus.invalidParameter.code
  }
  value.pointee = number.value
  end?.pointee = text.units + number.unitCount
  return NTStatus.success.code
}

@c(r3_RtlCharToInteger)
package func rtlCharToInteger(
  _ text: UnsafePointer<UInt8>, _ base: UInt32, _ value: UnsafeMutablePointer<UInt32>
) -> Int32 {
  guard let number = readInteger(base: base, { UInt16(text[$0]) }) else {
    return NTStatus.invalidParameter.code
  }
  value.pointee = UInt32(truncatingIfNeeded: number.value)
  return NTStatus.success.code
}

/// The bases that these functions know; 0 means 10.
private func radix(_ base: UInt32) -> UInt64? {
  switch base {
  case 0: 10
  case 2, 8, 10, 16: UInt64(base)
  default: nil
  }
}

private func writeInteger(
  _ value: UInt64, base: UInt32, _ string: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  guard let radix = radix(base) else { return NTStatus.invalidParameter.code }
  let digits = IntegerText(value, base: radix, uppercase: true)
  guard digits.count * 2 <= Int(string.pointee.MaximumLength) else {
    return NTStatus.bufferOverflow.code
  }
  let units = faulting(string.pointee.Buffer)
  for i in 0..<digits.count { units[i] = UInt16(digits[i]) }
  string.pointee.Length = UInt16(digits.count * 2)
  string.pointee.terminateIfRoom()
  return NTStatus.success.code
}

/// Reads blanks, a sign and digits, modulo 2^64; nil for a bad base.
///
/// Base 0 looks for 0x, 0o or 0b. A text without a digit is 0. `unit` gives the text's units, and 0 behind its end.
private func readInteger(
  base: UInt32, _ unit: (Int) -> UInt16
) -> (value: UInt64, unitCount: Int)? {
  var at = 0
  while unit(at) != 0, unit(at) <= 0x20 { at &+= 1 }
  let isNegative = unit(at) == 0x2D
  if isNegative || unit(at) == 0x2B { at &+= 1 }
  guard var radix = radix(base) else { return nil }
  if base == 0, unit(at) == 0x30 {
    switch unit(at &+ 1) {
    case 0x78: radix = 16
    case 0x6F: radix = 8
    case 0x62: radix = 2
    default: break
    }
    if radix != 10 { at &+= 2 }
  }
  var value: UInt64 = 0
  while unit(at).digitValue < radix {
    value = value &* radix &+ UInt64(unit(at).digitValue)
    at &+= 1
  }
  return (isNegative ? 0 &- value : value, at)
}
