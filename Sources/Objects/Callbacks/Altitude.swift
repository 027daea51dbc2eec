import CDriverKit

/// A place among filters: a decimal number as text, of which any number of digits counts.
package struct Altitude: Equatable {
  private let whole: UInt64
  private let fraction: UInt64

  /// Below all others.
  package static var lowest: Self { Self(whole: 0, fraction: 0) }

  private init(whole: UInt64, fraction: UInt64) {
    (self.whole, self.fraction) = (whole, fraction)
  }

  /// Reads a counted string of a driver; nil for what is no number.
  package init?(_ text: UNICODE_STRING) {
    guard text.Length > 0, let buffer = text.Buffer else { return nil }
    var (whole, fraction) = (UInt64(0), UInt64(0))
    var unit: UInt64 = 1_000_000_000_000_000_000
    var isBehindPoint = false
    for index in 0..<Int(text.Length) / 2 {
      switch buffer[index] {
      case 0x2E where !isBehindPoint: isBehindPoint = true
      case let digit where (0x30...0x39).contains(digit):
        let value = UInt64(digit - 0x30)
        if isBehindPoint {
          unit /= 10
          fraction += value * unit
        } else {
          let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
          guard !overflow else { return nil }
          whole = product + value
        }
      default: return nil
      }
    }
    (self.whole, self.fraction) = (whole, fraction)
  }

  package static func > (a: Self, b: Self) -> Bool {
    a.whole == b.whole ? a.fraction > b.fraction : a.whole > b.whole
  }
}
