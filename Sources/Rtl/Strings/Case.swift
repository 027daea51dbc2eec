import CDriverKit
import NTTypes

// Upper and lower case of characters and counted strings.

@c(r3_RtlUpcaseUnicodeChar)
package func rtlUpcaseUnicodeChar(_ character: ShortArgument) -> UInt16 {
  CaseMapping.upcase(character.lowShort)
}

@c(r3_RtlDowncaseUnicodeChar)
package func rtlDowncaseUnicodeChar(_ character: ShortArgument) -> UInt16 {
  CaseMapping.downcase(character.lowShort)
}

@c(r3_RtlUpperChar)
package func rtlUpperChar(_ character: ByteArgument) -> UInt8 {
  CaseMapping.upcaseANSI(character.lowByte)
}

@c(r3_RtlUpperString)
package func rtlUpperString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<STRING>
) {
  let count = min(source.pointee.Length, destination.pointee.MaximumLength)
  let from = source.pointee.bytes
  let to = destination.pointee.bytes
  for i in 0..<Int(count) { to[i] = CaseMapping.upcaseANSI(from[i]) }
  destination.pointee.Length = count
}

@c(r3_RtlUpcaseUnicodeString)
package func rtlUpcaseUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  mapCase(destination, source, allocates: allocates.isTrue, CaseMapping.upcase)
}

@c(r3_RtlDowncaseUnicodeString)
package func rtlDowncaseUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  mapCase(destination, source, allocates: allocates.isTrue, CaseMapping.downcase)
}

private func mapCase(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  allocates: Bool, _ map: (UInt16) -> UInt16
) -> Int32 {
  let byteCount = source.pointee.Length
  if allocates {
    guard let memory = StringMemory.allocate(byteCount: max(Int(byteCount), 1)) else {
      return NTStatus.noMemory.code
    }
    destination.pointee.MaximumLength = byteCount
    destination.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
  } else if byteCount > destination.pointee.MaximumLength {
    return NTStatus.bufferOverflow.code
  }
  let from = faulting(source.pointee.Buffer)
  let to = faulting(destination.pointee.Buffer)
  for i in 0..<Int(byteCount / 2) { to[i] = map(from[i]) }
  destination.pointee.Length = byteCount
  return NTStatus.success.code
}
