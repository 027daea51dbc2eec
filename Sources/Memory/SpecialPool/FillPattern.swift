import Glibc

/// Bytes that memory is filled with, so that whoever changes it is found.
package enum FillPattern {
  /// The byte beside a block that is guarded.
  package static var guardByte: UInt8 { PoolLayout.guardByte }

  /// The address of the first byte that is not the pattern; nil when all are.
  package static func firstOther(than byte: UInt8, _ range: Range<UInt>) -> UInt? {
    guard !range.isEmpty, let start = UnsafeRawPointer(bitPattern: range.lowerBound) else {
      return nil
    }
    if range.count <= 64 {
      // Most ends of blocks.
      let words = UInt64(byte) &* 0x0101_0101_0101_0101
      var offset = 0
      while offset &+ 8 <= range.count,
        start.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == words
      {
        offset &+= 8
      }
      while offset < range.count, start.load(fromByteOffset: offset, as: UInt8.self) == byte {
        offset &+= 1
      }
      return offset < range.count ? range.lowerBound + UInt(offset) : nil
    }
    // Equal to itself by one further on: all are the same.
    if start.load(as: UInt8.self) == byte, memcmp(start, start + 1, range.count - 1) == 0 {
      return nil
    }
    return range.first { UnsafeRawPointer(bitPattern: $0)?.load(as: UInt8.self) != byte }
  }
}
