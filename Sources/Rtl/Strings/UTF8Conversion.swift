import CDriverKit
import NTTypes

// Conversions between UTF-8 and UTF-16. A NULL destination asks for the size. What is no valid
// encoding becomes U+FFFD and STATUS_SOME_NOT_MAPPED; a character is written whole or not at all.

@c(r3_RtlUTF8ToUnicodeN)
package func rtlUTF8ToUnicodeN(
  _ units: UnsafeMutablePointer<UInt16>?, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ bytes: UnsafePointer<UInt8>?,
  _ byteCount: UInt32
) -> Int32 {
  guard let bytes else { return NTStatus.invalidParameter4.code }
  guard units != nil || resultSize != nil else { return NTStatus.invalidParameter.code }
  var progress = ConversionProgress(capacity: units == nil ? nil : Int(capacity / 2))
  var read = 0
  while read < Int(byteCount) {
    let scalar = (bytes + read).decodeUTF8(available: Int(byteCount) &- read)
    read &+= scalar.unitCount
    let unitCount = scalar.value < 0x10000 ? 1 : 2
    guard progress.accept(scalar, unitCount: unitCount) else { break }
    guard let target = units.map({ $0 + (progress.written &- unitCount) }) else { continue }
    if unitCount == 1 {
      target[0] = UInt16(truncatingIfNeeded: scalar.value)
    } else {
      let rest = scalar.value &- 0x10000
      target[0] = UInt16(truncatingIfNeeded: 0xD800 | rest >> 10)
      target[1] = UInt16(truncatingIfNeeded: 0xDC00 | rest & 0x3FF)
    }
  }
  resultSize?.pointee = UInt32(truncatingIfNeeded: progress.written &* 2)
  return progress.status.code
}

@c(r3_RtlUnicodeToUTF8N)
package func rtlUnicodeToUTF8N(
  _ bytes: UnsafeMutablePointer<UInt8>?, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ units: UnsafePointer<UInt16>?,
  _ byteCount: UInt32
) -> Int32 {
  guard let units else { return NTStatus.invalidParameter4.code }
  guard bytes != nil || resultSize != nil, byteCount % 2 == 0 else {
    return byteCount % 2 == 0
      ? NTStatus.invalidParameter.code : NTStatus.invalidParameter5.code
  }
  var progress = ConversionProgress(capacity: bytes == nil ? nil : Int(capacity))
  var read = 0
  while read < Int(byteCount / 2) {
    let scalar = (units + read).decodeUTF16(available: Int(byteCount / 2) &- read)
    read &+= scalar.unitCount
    let encoded = EncodedUTF8(scalar.value)
    guard progress.accept(scalar, unitCount: encoded.count) else { break }
    guard let target = bytes.map({ $0 + (progress.written &- encoded.count) }) else { continue }
    for i in 0..<encoded.count { target[i] = encoded[i] }
  }
  resultSize?.pointee = UInt32(truncatingIfNeeded: progress.written)
  return progress.status.code
}

/// How far a conversion got.
private struct ConversionProgress {
  /// nil when only the size is asked for.
  let capacity: Int?
  var written = 0
  var status = NTStatus.success

  /// Counts a character, unless it does not fit.
  mutating func accept(_ scalar: DecodedScalar, unitCount: Int) -> Bool {
    if let capacity, written &+ unitCount > capacity {
      status = .bufferTooSmall
      return false
    }
    if !scalar.isValid { status = .someNotMapped }
    written &+= unitCount
    return true
  }
}
