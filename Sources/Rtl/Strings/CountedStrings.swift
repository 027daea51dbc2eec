import CDriverKit

// A driver's counted string as a view: an address and a number of units. Reading the structure
// once keeps the rules in one place; the text itself stays where it is.

/// The text of a UNICODE_STRING.
package struct UnicodeText {
  package var units: UnsafeMutablePointer<UInt16>
  /// The number of UTF-16 units.
  package var count: Int

  init(_ string: UnsafePointer<UNICODE_STRING>) {
    units = faulting(string.pointee.Buffer)
    count = Int(string.pointee.Length / 2)
  }

  init(units: UnsafePointer<UInt16>, count: Int) {
    self.units = UnsafeMutablePointer(mutating: units)
    self.count = count
  }

  /// The unit at a position, in upper case if case is to be ignored.
  @inline(__always)
  func unit(_ index: Int, ignoringCase: Bool) -> UInt16 {
    ignoringCase ? CaseMapping.upcase(units[index]) : units[index]
  }

  /// The difference of the first units that differ, 0 when one text starts with the other.
  func firstDifference(to other: UnicodeText, ignoringCase: Bool) -> Int32 {
    for i in 0..<min(count, other.count) {
      let a = unit(i, ignoringCase: ignoringCase)
      let b = other.unit(i, ignoringCase: ignoringCase)
      if a != b { return Int32(a) &- Int32(b) }
    }
    return 0
  }
}

/// The text of a STRING: ANSI, OEM or UTF-8.
package struct ByteText {
  package var bytes: UnsafeMutablePointer<UInt8>
  package var count: Int

  init(_ string: UnsafePointer<STRING>) {
    bytes = string.pointee.bytes
    count = Int(string.pointee.Length)
  }

  init(bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = UnsafeMutablePointer(mutating: bytes)
    self.count = count
  }

  /// The byte at a position, in upper case if case is to be ignored.
  @inline(__always)
  func byte(_ index: Int, ignoringCase: Bool) -> UInt8 {
    ignoringCase ? CaseMapping.upcaseANSI(bytes[index]) : bytes[index]
  }

  /// The difference of the first bytes that differ, 0 when one text starts with the other.
  func firstDifference(to other: ByteText, ignoringCase: Bool) -> Int32 {
    for i in 0..<min(count, other.count) {
      let a = byte(i, ignoringCase: ignoringCase)
      let b = other.byte(i, ignoringCase: ignoringCase)
      if a != b { return Int32(a) &- Int32(b) }
    }
    return 0
  }
}

extension STRING {
  /// The buffer as bytes; NULL faults where it is used.
  var bytes: UnsafeMutablePointer<UInt8> {
    get { faulting(address: UInt64(UInt(bitPattern: Buffer))) }
    set { Buffer = UnsafeMutableRawPointer(newValue).assumingMemoryBound(to: CChar.self) }
  }
}

extension CaseMapping {
  /// A byte of the ANSI code page in upper case, itself when the code page lacks that.
  package static func upcaseANSI(_ byte: UInt8) -> UInt8 {
    if byte < 0x80 { return byte.uppercasedASCII }
    return CodePage.ansi.byte(of: upcase(CodePage.ansi.unit(of: byte))) ?? byte
  }
}
