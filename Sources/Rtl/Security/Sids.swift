import CDriverKit
import Glibc
import NTTypes

// Security identifiers in a driver's memory: revision, count, a six-byte authority, then the parts.

package typealias SidPointer = UnsafeMutablePointer<SID>

extension SidPointer {
  /// The parts behind the head.
  var parts: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(self) + 8).assumingMemoryBound(to: UInt32.self)
  }

  /// The bytes that it takes.
  var byteCount: Int { 8 + Int(pointee.SubAuthorityCount) * 4 }

  var isValid: Bool { pointee.Revision & 0x0F == 1 && pointee.SubAuthorityCount <= 15 }
}

@c(r3_RtlLengthRequiredSid)
package func rtlLengthRequiredSid(_ partCount: UInt32) -> UInt32 { 8 &+ partCount &* 4 }

@c(r3_RtlLengthSid)
package func rtlLengthSid(_ sid: SidPointer) -> UInt32 { UInt32(sid.byteCount) }

@c(r3_RtlInitializeSid)
package func rtlInitializeSid(
  _ sid: SidPointer, _ authority: UnsafePointer<SID_IDENTIFIER_AUTHORITY>, _ count: ByteArgument
) -> Int32 {
  guard count.lowByte <= 15 else { return NTStatus.invalidParameter.code }
  sid.pointee.Revision = 1
  sid.pointee.SubAuthorityCount = count.lowByte
  sid.pointee.IdentifierAuthority = authority.pointee
  return NTStatus.success.code
}

@c(r3_RtlSubAuthoritySid)
package func rtlSubAuthoritySid(
  _ sid: SidPointer, _ index: UInt32
) -> UnsafeMutablePointer<UInt32> {
  sid.parts + Int(index)
}

@c(r3_RtlSubAuthorityCountSid)
package func rtlSubAuthorityCountSid(_ sid: SidPointer) -> UnsafeMutablePointer<UInt8> {
  (UnsafeMutableRawPointer(sid) + 1).assumingMemoryBound(to: UInt8.self)
}

@c(r3_RtlIdentifierAuthoritySid)
package func rtlIdentifierAuthoritySid(
  _ sid: SidPointer
) -> UnsafeMutablePointer<SID_IDENTIFIER_AUTHORITY> {
  (UnsafeMutableRawPointer(sid) + 2).assumingMemoryBound(to: SID_IDENTIFIER_AUTHORITY.self)
}

@c(r3_RtlValidSid)
package func rtlValidSid(_ sid: SidPointer?) -> UInt8 { (sid?.isValid ?? false).boolean }

@c(r3_RtlEqualSid)
package func rtlEqualSid(_ a: SidPointer, _ b: SidPointer) -> UInt8 {
  guard a.pointee.SubAuthorityCount == b.pointee.SubAuthorityCount else { return 0 }
  return (memcmp(a, b, a.byteCount) == 0).boolean
}

/// Whether two identifiers differ in their last part at most.
@c(r3_RtlEqualPrefixSid)
package func rtlEqualPrefixSid(_ a: SidPointer, _ b: SidPointer) -> UInt8 {
  guard a.pointee.SubAuthorityCount == b.pointee.SubAuthorityCount else { return 0 }
  let count = a.pointee.SubAuthorityCount == 0 ? 8 : a.byteCount - 4
  return (memcmp(a, b, count) == 0).boolean
}

@c(r3_RtlCopySid)
package func rtlCopySid(
  _ capacity: UInt32, _ destination: SidPointer, _ source: SidPointer
) -> Int32 {
  guard source.byteCount <= Int(capacity) else { return NTStatus.bufferTooSmall.code }
  memmove(destination, source, source.byteCount)
  return NTStatus.success.code
}

/// Writes an identifier as text: `S-1-5-32-544`.
@c(r3_RtlConvertSidToUnicodeString)
package func rtlConvertSidToUnicodeString(
  _ string: UnsafeMutablePointer<UNICODE_STRING>, _ sid: SidPointer, _ allocates: BooleanArgument
) -> Int32 {
  guard sid.isValid else { return NTStatus(bits: 0xC000_0078).code }
  var text = SidText()
  text.write(sid)
  let byteCount = text.count * 2
  if allocates.isTrue {
    guard let memory = StringMemory.allocate(byteCount: byteCount + 2) else {
      return NTStatus.noMemory.code
    }
    string.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
    string.pointee.MaximumLength = UInt16(byteCount + 2)
  } else if byteCount > Int(string.pointee.MaximumLength) {
    return NTStatus.bufferOverflow.code
  }
  let units = faulting(string.pointee.Buffer)
  for i in 0..<text.count { units[i] = UInt16(text.characters[i]) }
  string.pointee.Length = UInt16(byteCount)
  string.pointee.terminateIfRoom()
  return NTStatus.success.code
}

/// An identifier's text, with room for the longest one.
private struct SidText {
  var characters: InlineArray<192, UInt8> = .init(repeating: 0)
  var count = 0

  mutating func write(_ sid: SidPointer) {
    append(UInt8(ascii: "S"))
    appendNumber(UInt64(sid.pointee.Revision & 0x0F))
    let authority = UnsafeRawPointer(sid) + 2
    var value: UInt64 = 0
    for i in 0..<6 { value = value << 8 | UInt64((authority + i).load(as: UInt8.self)) }
    if value >> 32 == 0 {
      appendNumber(value)
    } else {
      appendHexadecimal(value)
    }
    for i in 0..<Int(sid.pointee.SubAuthorityCount) { appendNumber(UInt64(sid.parts[i])) }
  }

  private mutating func append(_ character: UInt8) {
    characters[count] = character
    count += 1
  }

  private mutating func appendNumber(_ value: UInt64) {
    append(UInt8(ascii: "-"))
    let digits = IntegerText(value, base: 10, uppercase: false)
    for i in 0..<digits.count { append(digits[i]) }
  }

  private mutating func appendHexadecimal(_ value: UInt64) {
    append(UInt8(ascii: "-"))
    append(UInt8(ascii: "0"))
    append(UInt8(ascii: "x"))
    let digits = IntegerText(value, base: 16, uppercase: false)
    for _ in digits.count..<12 { append(UInt8(ascii: "0")) }
    for i in 0..<digits.count { append(digits[i]) }
  }
}
