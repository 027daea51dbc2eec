import CDriverKit
import NTTypes

// Conversions between UNICODE_STRING and ANSI or OEM strings.

@c(r3_RtlAnsiStringToUnicodeString)
package func rtlAnsiStringToUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.ansi.decode(source, into: destination, allocates: allocates.isTrue)
}

@c(r3_RtlOemStringToUnicodeString)
package func rtlOemStringToUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.decode(source, into: destination, allocates: allocates.isTrue)
}

@c(r3_RtlOemStringToCountedUnicodeString)
package func rtlOemStringToCountedUnicodeString(
  _ destination: UnsafeMutablePointer<UNICODE_STRING>, _ source: UnsafePointer<STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.decode(source, into: destination, allocates: allocates.isTrue, isCounted: true)
}

@c(r3_RtlUnicodeStringToAnsiString)
package func rtlUnicodeStringToAnsiString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.ansi.encode(source, into: destination, allocates: allocates.isTrue)
}

@c(r3_RtlUpcaseUnicodeStringToAnsiString)
package func rtlUpcaseUnicodeStringToAnsiString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.ansi.encode(source, into: destination, allocates: allocates.isTrue, upcases: true)
}

@c(r3_RtlUnicodeStringToOemString)
package func rtlUnicodeStringToOemString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.encode(source, into: destination, allocates: allocates.isTrue)
}

@c(r3_RtlUpcaseUnicodeStringToOemString)
package func rtlUpcaseUnicodeStringToOemString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.encode(source, into: destination, allocates: allocates.isTrue, upcases: true)
}

@c(r3_RtlUnicodeStringToCountedOemString)
package func rtlUnicodeStringToCountedOemString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.encode(source, into: destination, allocates: allocates.isTrue, isCounted: true)
}

@c(r3_RtlUpcaseUnicodeStringToCountedOemString)
package func rtlUpcaseUnicodeStringToCountedOemString(
  _ destination: UnsafeMutablePointer<STRING>, _ source: UnsafePointer<UNICODE_STRING>,
  _ allocates: BooleanArgument
) -> Int32 {
  CodePage.oem.encode(
    source, into: destination, allocates: allocates.isTrue, isCounted: true, upcases: true)
}

// MARK: Sizes with a terminator, in bytes

@c(r3_RtlxAnsiStringToUnicodeSize)
package func rtlxAnsiStringToUnicodeSize(_ source: UnsafePointer<STRING>) -> UInt32 {
  UInt32(source.pointee.Length) &* 2 &+ 2
}

@c(r3_RtlxUnicodeStringToAnsiSize)
package func rtlxUnicodeStringToAnsiSize(_ source: UnsafePointer<UNICODE_STRING>) -> UInt32 {
  UInt32(source.pointee.Length / 2) &+ 1
}

@c(r3_RtlxOemStringToUnicodeSize)
package func rtlxOemStringToUnicodeSize(_ source: UnsafePointer<STRING>) -> UInt32 {
  rtlxAnsiStringToUnicodeSize(source)
}

@c(r3_RtlxUnicodeStringToOemSize)
package func rtlxUnicodeStringToOemSize(_ source: UnsafePointer<UNICODE_STRING>) -> UInt32 {
  rtlxUnicodeStringToAnsiSize(source)
}

extension CodePage {
  /// Converts a whole string; one that does not fit is refused.
  fileprivate func decode(
    _ source: UnsafePointer<STRING>, into destination: UnsafeMutablePointer<UNICODE_STRING>,
    allocates: Bool, isCounted: Bool = false
  ) -> Int32 {
    let text = ByteText(source)
    let terminator = isCounted ? 0 : 2
    let size = text.count * 2 + terminator
    guard size <= 0xFFFF else { return NTStatus.invalidParameter2.code }
    if allocates {
      guard let memory = StringMemory.allocate(byteCount: max(size, 1)) else {
        return NTStatus.noMemory.code
      }
      destination.pointee.Buffer = memory.assumingMemoryBound(to: UInt16.self)
      destination.pointee.MaximumLength = UInt16(size)
    } else if size > Int(destination.pointee.MaximumLength) {
      return NTStatus.bufferOverflow.code
    }
    let units = faulting(destination.pointee.Buffer)
    for i in 0..<text.count { units[i] = unit(of: text.bytes[i]) }
    if !isCounted { units[text.count] = 0 }
    destination.pointee.Length = UInt16(text.count * 2)
    return NTStatus.success.code
  }

  /// Converts a string; one that does not fit is cut off and the status says so.
  fileprivate func encode(
    _ source: UnsafePointer<UNICODE_STRING>, into destination: UnsafeMutablePointer<STRING>,
    allocates: Bool, isCounted: Bool = false, upcases: Bool = false
  ) -> Int32 {
    let text = UnicodeText(source)
    let size = text.count + (isCounted ? 0 : 1)
    var count = text.count
    var status = NTStatus.success
    if allocates {
      guard let memory = StringMemory.allocate(byteCount: max(size, 1)) else {
        return NTStatus.noMemory.code
      }
      destination.pointee.bytes = memory.assumingMemoryBound(to: UInt8.self)
      destination.pointee.MaximumLength = UInt16(size)
    } else if size > Int(destination.pointee.MaximumLength) {
      status = .bufferOverflow
      guard destination.pointee.MaximumLength > 0 else { return status.code }
      count = Int(destination.pointee.MaximumLength) - (isCounted ? 0 : 1)
    }
    let bytes = destination.pointee.bytes
    for i in 0..<count {
      bytes[i] = byteOrDefault(of: upcases ? CaseMapping.upcase(text.units[i]) : text.units[i])
    }
    if !isCounted { bytes[count] = 0 }
    destination.pointee.Length = UInt16(count)
    return status.code
  }
}
