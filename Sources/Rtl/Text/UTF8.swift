// UTF-8 and UTF-16 by hand: the standard library's transcoders take iterators with storage of their
// own, and a driver's pointer may fault in the middle.

/// One character read from text, and how many units it took.
package struct DecodedScalar: Equatable {
  package var value: UInt32
  package var unitCount: Int
  /// Whether the units were a valid encoding; `value` is U+FFFD otherwise.
  package var isValid: Bool

  static func invalid(unitCount: Int) -> DecodedScalar {
    DecodedScalar(value: 0xFFFD, unitCount: unitCount, isValid: false)
  }
}

extension UnsafePointer<UInt8> {
  /// Reads a character of UTF-8; `available` is at least 1.
  ///
  /// A bad sequence takes as many bytes as are the start of a good one, at least 1.
  package func decodeUTF8(available: Int) -> DecodedScalar {
    let lead = self[0]
    if lead < 0x80 { return DecodedScalar(value: UInt32(lead), unitCount: 1, isValid: true) }
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { lowest = 0xA0 }
      if lead == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { lowest = 0x90 }
      if lead == 0xF4 { highest = 0x8F }
    default: return .invalid(unitCount: 1)
    }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    var n = 1
    while n < length {
      guard n < available, self[n] >= lowest, self[n] <= highest else {
        return .invalid(unitCount: n)
      }
      value = value << 6 | UInt32(self[n] & 0x3F)
      lowest = 0x80
      highest = 0xBF
      n &+= 1
    }
    return DecodedScalar(value: value, unitCount: length, isValid: true)
  }
}

extension UnsafePointer<UInt16> {
  /// Reads a character of UTF-16; `available` is at least 1.
  package func decodeUTF16(available: Int) -> DecodedScalar {
    let first = self[0]
    guard first & 0xF800 == 0xD800 else {
      return DecodedScalar(value: UInt32(first), unitCount: 1, isValid: true)
    }
    guard first < 0xDC00, available > 1 else { return .invalid(unitCount: 1) }
    let second = self[1]
    guard second & 0xFC00 == 0xDC00 else { return .invalid(unitCount: 1) }
    let value = 0x10000 &+ (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
    return DecodedScalar(value: value, unitCount: 2, isValid: true)
  }
}

/// The UTF-8 form of one character: up to four bytes, the first in the lowest position.
package struct EncodedUTF8 {
  package var bytes: UInt32
  package var count: Int

  package init(_ scalar: UInt32) {
    func trail(_ shift: UInt32) -> UInt32 { 0x80 | (scalar >> shift & 0x3F) }
    switch scalar {
    case 0..<0x80: (bytes, count) = (scalar, 1)
    case 0x80..<0x800: (bytes, count) = ((0xC0 | scalar >> 6) | trail(0) << 8, 2)
    case 0x800..<0x10000:
      (bytes, count) = ((0xE0 | scalar >> 12) | trail(6) << 8 | trail(0) << 16, 3)
    default:
      bytes = (0xF0 | scalar >> 18 & 7) | trail(12) << 8 | trail(6) << 16 | trail(0) << 24
      count = 4
    }
  }

  package subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: bytes >> UInt32(truncatingIfNeeded: index &* 8))
  }
}
