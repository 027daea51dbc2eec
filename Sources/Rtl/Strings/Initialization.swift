import CDriverKit
import NTTypes

// RtlInit…: counted strings over text that ends with a zero.

/// The longest text of a UNICODE_STRING, in bytes, so that a terminator still counts.
private var longestUnicode: UInt { 0xFFFC }
private var longestANSI: UInt { 0xFFFE }

@c(r3_RtlInitUnicodeString)
package func rtlInitUnicodeString(
  _ string: UnsafeMutablePointer<UNICODE_STRING>, _ text: UnsafeMutablePointer<UInt16>?
) {
  var byteCount: UInt = 0
  if let text { byteCount = min(UInt(bitPattern: text.text.textLength) &* 2, longestUnicode) }
  string.pointee.set(text, byteCount: byteCount)
}

@c(r3_RtlInitUnicodeStringEx)
package func rtlInitUnicodeStringEx(
  _ string: UnsafeMutablePointer<UNICODE_STRING>, _ text: UnsafeMutablePointer<UInt16>?
) -> Int32 {
  var byteCount: UInt = 0
  if let text { byteCount = UInt(bitPattern: text.text.textLength) &* 2 }
  guard byteCount <= longestUnicode else { return NTStatus.nameTooLong.code }
  string.pointee.set(text, byteCount: byteCount)
  return NTStatus.success.code
}

@c(r3_RtlInitAnsiString)
package func rtlInitAnsiString(
  _ string: UnsafeMutablePointer<STRING>, _ text: UnsafeMutablePointer<UInt8>?
) {
  var byteCount: UInt = 0
  if let text { byteCount = min(UInt(bitPattern: text.text.textLength), longestANSI) }
  string.pointee.set(text, byteCount: byteCount)
}

@c(r3_RtlInitAnsiStringEx)
package func rtlInitAnsiStringEx(
  _ string: UnsafeMutablePointer<STRING>, _ text: UnsafeMutablePointer<UInt8>?
) -> Int32 {
  var byteCount: UInt = 0
  if let text { byteCount = UInt(bitPattern: text.text.textLength) }
  guard byteCount <= longestANSI else { return NTStatus.nameTooLong.code }
  string.pointee.set(text, byteCount: byteCount)
  return NTStatus.success.code
}

extension UNICODE_STRING {
  /// Points to text of so many bytes and, when there is any, its terminator.
  fileprivate mutating func set(_ text: UnsafeMutablePointer<UInt16>?, byteCount: UInt) {
    Length = UInt16(truncatingIfNeeded: byteCount)
    MaximumLength = text == nil ? 0 : UInt16(truncatingIfNeeded: byteCount &+ 2)
    Buffer = text
  }
}

extension STRING {
  /// Points to text of so many bytes and, when there is any, its terminator.
  fileprivate mutating func set(_ text: UnsafeMutablePointer<UInt8>?, byteCount: UInt) {
    Length = UInt16(truncatingIfNeeded: byteCount)
    MaximumLength = text == nil ? 0 : UInt16(truncatingIfNeeded: byteCount &+ 1)
    Buffer = text.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }
  }
}
