import CDriverKit
import NTTypes

// GUIDs as text: {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}, 38 characters.

private var guidTextCount: Int { 38 }

/// The positions of the digit pairs in the text, one for each byte of a GUID in memory.
private func pairPosition(ofByte index: Int) -> Int {
  let positions: StaticString =
    "\u{07}\u{05}\u{03}\u{01}\u{0C}\u{0A}\u{11}\u{0F}\u{14}\u{16}\u{19}\u{1B}\u{1D}\u{1F}\u{21}\u{23}"
  return Int(positions.utf8Start[index])
}

/// Writes a GUID as text into memory made for it.
@c(r3_RtlStringFromGUID)
package func rtlStringFromGUID(
  _ guid: UnsafePointer<UInt8>, _ string: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  rtlStringFromGUIDEx(guid, string, 1)
}

/// Writes a GUID as text, into new memory or into the string's own.
@c(r3_RtlStringFromGUIDEx)
package func rtlStringFromGUIDEx(
  _ guid: UnsafePointer<UInt8>, _ string: UnsafeMutablePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  let size = guidTextCount * 2 + 2
  if allocates.isTrue {
    guard let memory = StringMemory.allocate(byteCount: size) else {
      return NTStatus.noMemory.code
    }
    string.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
    string.pointee.MaximumLength = UInt16(size)
  } else if Int(string.pointee.MaximumLength) < size {
    return NTStatus.bufferTooSmall.code
  }
  let units = faulting(string.pointee.Buffer)
  for i in 0..<guidTextCount { units[i] = 0x2D }
  units[0] = 0x7B
  units[guidTextCount - 1] = 0x7D
  units[guidTextCount] = 0
  for byte in 0..<16 {
    let at = pairPosition(ofByte: byte)
    units[at] = digit(guid[byte] >> 4)
    units[at + 1] = digit(guid[byte] & 15)
  }
  string.pointee.Length = UInt16(guidTextCount * 2)
  return NTStatus.success.code
}

/// Reads a GUID; the text may go on behind the closing brace.
@c(r3_RtlGUIDFromString)
package func rtlGUIDFromString(
  _ string: UnsafePointer<UNICODE_STRING>, _ guid: UnsafeMutablePointer<UInt8>
) -> Int32 {
  let text = UnicodeText(string)
  let invalid = NTStatus.invalidParameter.code
  guard text.count >= guidTextCount else { return invalid }
  guard text.units[0] == 0x7B, text.units[guidTextCount - 1] == 0x7D,
    text.units[9] == 0x2D, text.units[14] == 0x2D, text.units[19] == 0x2D, text.units[24] == 0x2D
  else { return invalid }
  for byte in 0..<16 {
    let at = pairPosition(ofByte: byte)
    let high = text.units[at].digitValue
    let low = text.units[at + 1].digitValue
    guard high < 16, low < 16 else { return invalid }
    guid[byte] = high << 4 | low
  }
  return NTStatus.success.code
}

/// A hexadecimal digit in lower case.
private func digit(_ value: UInt8) -> UInt16 {
  UInt16(value < 10 ? 0x30 &+ value : 0x57 &+ value)
}
