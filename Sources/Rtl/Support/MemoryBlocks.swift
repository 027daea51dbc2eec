import Glibc

// Blocks of memory, where no leaf in assembly serves.

/// How many bytes at the start repeat the pattern; whole ULONGs only.
@c(r3_RtlCompareMemoryUlong)
package func rtlCompareMemoryUlong(
  _ memory: UnsafePointer<UInt32>, _ byteCount: UInt, _ pattern: UInt32
) -> UInt {
  let count = byteCount / 4
  var n: UInt = 0
  while n < count, memory[Int(bitPattern: n)] == pattern { n &+= 1 }
  return n &* 4
}

@c(r3_RtlFillMemoryUlong)
package func rtlFillMemoryUlong(
  _ memory: UnsafeMutablePointer<UInt32>, _ byteCount: UInt, _ pattern: UInt32
) {
  var n: UInt = 0
  while n < byteCount / 4 {
    memory[Int(bitPattern: n)] = pattern
    n &+= 1
  }
}

@c(r3_RtlFillMemoryUlonglong)
package func rtlFillMemoryUlonglong(
  _ memory: UnsafeMutablePointer<UInt64>, _ byteCount: UInt, _ pattern: UInt64
) {
  var n: UInt = 0
  while n < byteCount / 8 {
    memory[Int(bitPattern: n)] = pattern
    n &+= 1
  }
}

/// The CRC-32 of a block, continued from an earlier one.
@c(r3_RtlCrc32)
package func rtlCrc32(
  _ buffer: UnsafePointer<UInt8>, _ byteCount: UInt, _ initial: UInt32
) -> UInt32 {
  var crc = ~initial
  var n: UInt = 0
  while n < byteCount {
    crc ^= UInt32(buffer[Int(bitPattern: n)])
    for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
    n &+= 1
  }
  return ~crc
}

// MARK: Byte order

@c(r3_RtlUshortByteSwap)
package func rtlUshortByteSwap(_ value: ShortArgument) -> UInt16 { value.lowShort.byteSwapped }

@c(r3_RtlUlongByteSwap)
package func rtlUlongByteSwap(_ value: UInt32) -> UInt32 { value.byteSwapped }

@c(r3_RtlUlonglongByteSwap)
package func rtlUlonglongByteSwap(_ value: UInt64) -> UInt64 { value.byteSwapped }

// MARK: LUIDs

@c(r3_RtlCopyLuid)
package func rtlCopyLuid(
  _ destination: UnsafeMutablePointer<UInt64>, _ source: UnsafePointer<UInt64>
) {
  destination.pointee = source.pointee
}
