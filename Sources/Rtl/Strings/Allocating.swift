import CDriverKit
import Glibc
import NTTypes

// Strings that are made for the caller, and giving them back.

@c(r3_RtlFreeUnicodeString)
package func rtlFreeUnicodeString(_ string: UnsafeMutablePointer<UNICODE_STRING>) {
  guard let buffer = string.pointee.Buffer else { return }
  StringMemory.free(buffer)
  string.pointee = UNICODE_STRING()
}

@c(r3_RtlFreeAnsiString)
package func rtlFreeAnsiString(_ string: UnsafeMutablePointer<STRING>) {
  guard let buffer = string.pointee.Buffer else { return }
  StringMemory.free(buffer)
  string.pointee = STRING()
}

@c(r3_RtlFreeOemString)
package func rtlFreeOemString(_ string: UnsafeMutablePointer<STRING>) {
  guard let buffer = string.pointee.Buffer else { return }
  StringMemory.free(buffer)
}

@c(r3_RtlFreeUTF8String)
package func rtlFreeUTF8String(_ string: UnsafeMutablePointer<STRING>) {
  rtlFreeAnsiString(string)
}

/// Copies a string into new memory; flags: 1 with a terminator, 2 (with 1) even when it is empty.
@c(r3_RtlDuplicateUnicodeString)
package func rtlDuplicateUnicodeString(
  _ flags: UInt32, _ source: UnsafePointer<UNICODE_STRING>?,
  _ destination: UnsafeMutablePointer<UNICODE_STRING>?
) -> Int32 {
  guard let destination, flags <= 3, flags != 2 else { return NTStatus.invalidParameter.code }
  let text = source?.pointee ?? UNICODE_STRING()
  guard text.isWellFormed else { return NTStatus.invalidParameter.code }
  destination.pointee = UNICODE_STRING()
  if text.Length == 0, flags & 2 == 0 { return NTStatus.success.code }
  let terminator = flags & 1 == 0 ? 0 : 2
  guard Int(text.Length) + terminator <= 0xFFFF else { return NTStatus.nameTooLong.code }
  guard let memory = StringMemory.allocate(byteCount: Int(text.Length) + terminator) else {
    return NTStatus.noMemory.code
  }
  let units = memory.assumingMemoryBound(to: UInt16.self)
  if text.Length > 0 { memmove(memory, text.Buffer, Int(text.Length)) }
  if terminator > 0 { units[Int(text.Length / 2)] = 0 }
  destination.pointee.Length = text.Length
  destination.pointee.MaximumLength = text.Length + UInt16(terminator)
  destination.pointee.Buffer = units
  return NTStatus.success.code
}

/// Makes a string of text that ends with a zero; says whether there was memory.
@c(r3_RtlCreateUnicodeString)
package func rtlCreateUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ text: UnsafePointer<UInt16>
) -> UInt8 {
  let byteCount = text.textLength &* 2 &+ 2
  guard byteCount <= 0xFFFE, let memory = StringMemory.allocate(byteCount: byteCount) else {
    return 0
  }
  memmove(memory, text, byteCount)
  destination.pointee.Length = UInt16(byteCount - 2)
  destination.pointee.MaximumLength = UInt16(byteCount)
  destination.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
  return 1
}

/// Checks lengths and buffer of a string; no flag is defined.
@c(r3_RtlValidateUnicodeString)
package func rtlValidateUnicodeString(
  _ flags: UInt32, _ string: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let isValid = flags == 0 && (string?.pointee.isWellFormed ?? true)
  return isValid ? NTStatus.success.code : NTStatus.invalidParameter.code
}

extension UNICODE_STRING {
  /// Whether the lengths are even and fit each other and the buffer is there when it must be.
  var isWellFormed: Bool {
    Length % 2 == 0 && MaximumLength % 2 == 0 && Length <= MaximumLength
      && (Buffer != nil || MaximumLength == 0)
  }
}
