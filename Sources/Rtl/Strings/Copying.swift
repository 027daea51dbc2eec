import CDriverKit
import Glibc
import NTTypes

// Copying and appending within the room of the destination.

@c(r3_RtlCopyUnicodeString)
package func rtlCopyUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UNICODE_STRING>?
) {
  guard let source else {
    destination.pointee.Length = 0
    return
  }
  let count = min(source.pointee.Length, destination.pointee.MaximumLength)
  destination.pointee.Length = count
  if count > 0 { memmove(destination.pointee.Buffer, source.pointee.Buffer, Int(count)) }
  destination.pointee.terminateIfRoom()
}

@c(r3_RtlCopyString)
package func rtlCopyString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<STRING>?
) {
  guard let source else {
    destination.pointee.Length = 0
    return
  }
  let count = min(source.pointee.Length, destination.pointee.MaximumLength)
  destination.pointee.Length = count
  if count > 0 { memmove(destination.pointee.Buffer, source.pointee.Buffer, Int(count)) }
}

@c(r3_RtlAppendUnicodeStringToString)
package func rtlAppendUnicodeStringToString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UNICODE_STRING>
) -> Int32 {
  destination.pointee.append(source.pointee.Buffer, byteCount: UInt(source.pointee.Length))
}

@c(r3_RtlAppendUnicodeToString)
package func rtlAppendUnicodeToString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UInt16>?
) -> Int32 {
  guard let source else { return NTStatus.success.code }
  return destination.pointee.append(
    source, byteCount: UInt(bitPattern: source.textLength) &* 2)
}

@c(r3_RtlAppendStringToString)
package func rtlAppendStringToString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<STRING>
) -> Int32 {
  destination.pointee.append(source.pointee.Buffer, byteCount: UInt(source.pointee.Length))
}

@c(r3_RtlAppendAsciizToString)
package func rtlAppendAsciizToString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UInt8>?
) -> Int32 {
  guard let source else { return NTStatus.success.code }
  return destination.pointee.append(source, byteCount: UInt(bitPattern: source.textLength))
}

extension UNICODE_STRING {
  /// Puts a zero behind the text when there is room for one.
  func terminateIfRoom() {
    guard UInt(Length) + 2 <= UInt(MaximumLength) else { return }
    faulting(Buffer)[Int(Length / 2)] = 0
  }

  /// Appends bytes when they fit, and a terminator when that fits as well.
  fileprivate mutating func append(_ source: UnsafeRawPointer?, byteCount: UInt) -> Int32 {
    guard UInt(Length) &+ byteCount <= UInt(MaximumLength) else {
      return NTStatus.bufferTooSmall.code
    }
    guard byteCount > 0 else { return NTStatus.success.code }
    let end = UnsafeMutableRawPointer(faulting(Buffer)) + Int(Length)
    memmove(end, faulting(source), Int(bitPattern: byteCount))
    Length = UInt16(truncatingIfNeeded: UInt(Length) &+ byteCount)
    terminateIfRoom()
    return NTStatus.success.code
  }
}

extension STRING {
  /// Appends bytes when they fit.
  fileprivate mutating func append(_ source: UnsafeRawPointer?, byteCount: UInt) -> Int32 {
    guard UInt(Length) &+ byteCount <= UInt(MaximumLength) else {
      return NTStatus.bufferTooSmall.code
    }
    guard byteCount > 0 else { return NTStatus.success.code }
    let end = UnsafeMutableRawPointer(bytes) + Int(Length)
    memmove(end, faulting(source), Int(bitPattern: byteCount))
    Length = UInt16(truncatingIfNeeded: UInt(Length) &+ byteCount)
    return NTStatus.success.code
  }
}
