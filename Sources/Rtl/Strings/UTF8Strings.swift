import CDriverKit
import NTTypes

// Conversions between UNICODE_STRING and UTF-8 strings, with a terminator.

@c(r3_RtlUTF8StringToUnicodeString)
package func rtlUTF8StringToUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  let text = ByteText(source)
  var size: UInt32 = 0
  _ = rtlUTF8ToUnicodeN(nil, 0, &size, text.bytes, UInt32(text.count))
  guard size <= 0xFFFD else { return NTStatus.invalidParameter2.code }
  if allocates.isTrue {
    guard let memory = StringMemory.allocate(byteCount: Int(size) + 2) else {
      return NTStatus.noMemory.code
    }
    destination.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
    destination.pointee.MaximumLength = UInt16(size + 2)
  } else if size + 2 > UInt32(destination.pointee.MaximumLength) {
    return NTStatus.bufferOverflow.code
  }
  let units = faulting(destination.pointee.Buffer)
  let status = rtlUTF8ToUnicodeN(units, size, nil, text.bytes, UInt32(text.count))
  units[Int(size / 2)] = 0
  destination.pointee.Length = UInt16(size)
  return status
}

@c(r3_RtlUnicodeStringToUTF8String)
package func rtlUnicodeStringToUTF8String(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  let text = UnicodeText(source)
  let byteCount = UInt32(text.count * 2)
  var size: UInt32 = 0
  _ = rtlUnicodeToUTF8N(nil, 0, &size, text.units, byteCount)
  guard size <= 0xFFFE else { return NTStatus.invalidParameter2.code }
  if allocates.isTrue {
    guard let memory = StringMemory.allocate(byteCount: Int(size) + 1) else {
      return NTStatus.noMemory.code
    }
    destination.pointee.bytes = memory.assumingMemoryBound(to: UInt8.self)
    destination.pointee.MaximumLength = UInt16(size + 1)
  } else if size + 1 > UInt32(destination.pointee.MaximumLength) {
    return NTStatus.bufferOverflow.code
  }
  let bytes = destination.pointee.bytes
  let status = rtlUnicodeToUTF8N(bytes, size, nil, text.units, byteCount)
  bytes[Int(size)] = 0
  destination.pointee.Length = UInt16(size)
  return status
}
