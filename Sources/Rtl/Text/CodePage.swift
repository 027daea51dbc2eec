import CRing3

/// One of the two 8-bit character sets of the system.
package enum CodePage: Equatable, Sendable {
  /// Code page 1252, for ANSI strings.
  case ansi
  /// Code page 437, for OEM strings.
  case oem

  /// The UTF-16 unit of a byte.
  package func unit(of byte: UInt8) -> UInt16 {
    if byte < 0x80 { return UInt16(byte) }
    switch self {
    case .ansi: return byte < 0xA0 ? r3_ansi_units()[Int(byte) &- 0x80] : UInt16(byte)
    case .oem: return r3_oem_units()[Int(byte) &- 0x80]
    }
  }

  /// The byte of a UTF-16 unit, or nil when the character set lacks it.
  package func byte(of unit: UInt16) -> UInt8? {
    if unit < 0x80 { return UInt8(unit) }
    switch self {
    case .ansi:
      if unit >= 0xA0, unit <= 0xFF { return UInt8(unit) }
      return search(unit, in: r3_ansi_units(), count: 32)
    case .oem:
      return search(unit, in: r3_oem_units(), count: 128)
    }
  }

  /// The byte of a UTF-16 unit, a question mark when the character set lacks it.
  package func byteOrDefault(of unit: UInt16) -> UInt8 { byte(of: unit) ?? 0x3F }

  private func search(_ unit: UInt16, in table: UnsafePointer<UInt16>, count: Int) -> UInt8? {
    for i in 0..<count where table[i] == unit { return UInt8(0x80 &+ i) }
    return nil
  }
}
