import CDriverKit
import NTTypes

// Conversions between UTF-16 and the two 8-bit code pages. Both have one byte for a character.

@c(r3_RtlMultiByteToUnicodeN)
package func rtlMultiByteToUnicodeN(
  _ units: UnsafeMutablePointer<UInt16>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ bytes: UnsafePointer<UInt8>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.ansi.decode(bytes, byteCount, into: units, capacity, resultSize)
}

@c(r3_RtlOemToUnicodeN)
package func rtlOemToUnicodeN(
  _ units: UnsafeMutablePointer<UInt16>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ bytes: UnsafePointer<UInt8>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.oem.decode(bytes, byteCount, into: units, capacity, resultSize)
}

@c(r3_RtlUnicodeToMultiByteN)
package func rtlUnicodeToMultiByteN(
  _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ units: UnsafePointer<UInt16>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.ansi.encode(units, byteCount, into: bytes, capacity, resultSize)
}

@c(r3_RtlUpcaseUnicodeToMultiByteN)
package func rtlUpcaseUnicodeToMultiByteN(
  _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ units: UnsafePointer<UInt16>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.ansi.encode(units, byteCount, into: bytes, capacity, resultSize, upcases: true)
}

@c(r3_RtlUnicodeToOemN)
package func rtlUnicodeToOemN(
  _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ units: UnsafePointer<UInt16>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.oem.encode(units, byteCount, into: bytes, capacity, resultSize)
}

@c(r3_RtlUpcaseUnicodeToOemN)
package func rtlUpcaseUnicodeToOemN(
  _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: UInt32,
  _ resultSize: UnsafeMutablePointer<UInt32>?, _ units: UnsafePointer<UInt16>,
  _ byteCount: UInt32
) -> Int32 {
  CodePage.oem.encode(units, byteCount, into: bytes, capacity, resultSize, upcases: true)
}

@c(r3_RtlMultiByteToUnicodeSize)
package func rtlMultiByteToUnicodeSize(
  _ size: UnsafeMutablePointer<UInt32>, _ bytes: UnsafePointer<UInt8>, _ byteCount: UInt32
) -> Int32 {
  size.pointee = byteCount &* 2
  return NTStatus.success.code
}

@c(r3_RtlUnicodeToMultiByteSize)
package func rtlUnicodeToMultiByteSize(
  _ size: UnsafeMutablePointer<UInt32>, _ units: UnsafePointer<UInt16>, _ byteCount: UInt32
) -> Int32 {
  size.pointee = byteCount / 2
  return NTStatus.success.code
}

extension CodePage {
  /// Converts what fits and says how many bytes were written.
  func decode(
    _ bytes: UnsafePointer<UInt8>, _ byteCount: UInt32,
    into units: UnsafeMutablePointer<UInt16>, _ capacity: UInt32,
    _ resultSize: UnsafeMutablePointer<UInt32>?
  ) -> Int32 {
    let count = min(byteCount, capacity / 2)
    for i in 0..<Int(count) { units[i] = unit(of: bytes[i]) }
    resultSize?.pointee = count &* 2
    return byteCount > count ? NTStatus.bufferOverflow.code : NTStatus.success.code
  }

  /// Converts what fits, a question mark for what the code page lacks.
  func encode(
    _ units: UnsafePointer<UInt16>, _ byteCount: UInt32,
    into bytes: UnsafeMutablePointer<UInt8>, _ capacity: UInt32,
    _ resultSize: UnsafeMutablePointer<UInt32>?, upcases: Bool = false
  ) -> Int32 {
    let available = byteCount / 2
    let count = min(available, capacity)
    for i in 0..<Int(count) {
      bytes[i] = byteOrDefault(of: upcases ? CaseMapping.upcase(units[i]) : units[i])
    }
    resultSize?.pointee = count
    return available > count ? NTStatus.bufferOverflow.code : NTStatus.success.code
  }
}
