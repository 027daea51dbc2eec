/// The outcome of reading a number as `strtol` and its kin do.
package struct ParsedInteger: Equatable {
  /// The digits' value, all ones when it did not fit.
  package var magnitude: UInt64 = 0
  package var isNegative = false
  package var overflowed = false
  /// The units read, 0 when there was no digit.
  package var unitCount = 0

  /// The value with its sign, modulo 2^64.
  package var wrapped: UInt64 { isNegative ? 0 &- magnitude : magnitude }
}

extension UnsafePointer where Pointee: TextUnit {
  /// Reads blanks, a sign, a prefix and digits; base 0 takes the base from the prefix.
  package func parseInteger(base: Int32) -> ParsedInteger {
    var result = ParsedInteger()
    guard base == 0 || (base >= 2 && base <= 36) else { return result }
    var at = 0
    while self[at].isSpaceASCII { at &+= 1 }
    if self[at] == 0x2D || self[at] == 0x2B {
      result.isNegative = self[at] == 0x2D
      at &+= 1
    }
    var radix = UInt64(base)
    if self[at] == 0x30 {
      let isHexadecimal = self[at &+ 1].lowercasedASCII == 0x78
      if base == 0 { radix = isHexadecimal ? 16 : 8 }
      if radix == 16, isHexadecimal, self[at &+ 2].digitValue < 16 { at &+= 2 }
    } else if base == 0 {
      radix = 10
    }
    while self[at].digitValue < radix {
      let (product, lost) = result.magnitude.multipliedReportingOverflow(by: radix)
      let (sum, carried) = product.addingReportingOverflow(UInt64(self[at].digitValue))
      result.overflowed = result.overflowed || lost || carried
      result.magnitude = sum
      at &+= 1
      result.unitCount = at
    }
    if result.overflowed { result.magnitude = .max }
    return result
  }
}
