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
    // Equal to itself by one further on: all are the same.
    if start.load(as: UInt8.self) == byte, memcmp(start, start + 1, range.count - 1) == 0 {
      return nil
    }
    return range.first { UnsafeRawPointer(bitPattern: $0)?.load(as: UInt8.self) != byte }
  }

  private static var words: UInt64 { UInt64(PoolLayout.guardByte) &* 0x0101_0101_0101_0101 }

  /// Fills the end of a slot, of at least 8 bytes; most ends have no more than 24.
  @inline(__always)
  static func fillEnd(_ start: UnsafeMutableRawPointer, _ count: Int) {
    guard count <= 24 else {
      memset(start, Int32(PoolLayout.guardByte), count)
      return
    }
    start.storeBytes(of: words, as: UInt64.self)
    if count > 16 { start.storeBytes(of: words, toByteOffset: 8, as: UInt64.self) }
    start.storeBytes(of: words, toByteOffset: count &- 8, as: UInt64.self)
  }

  /// Whether the end of a slot is as it was filled.
  @inline(__always)
  static func isEndFilled(_ start: UnsafeMutableRawPointer, _ count: Int) -> Bool {
    guard count <= 24 else {
      let first = UInt(bitPattern: start)
      return firstOther(than: PoolLayout.guardByte, first..<first + UInt(count)) == nil
    }
    let middle = count > 16 ? 8 : 0
    return start.loadUnaligned(as: UInt64.self) == words
      && start.loadUnaligned(fromByteOffset: middle, as: UInt64.self) == words
      && start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) == words
  }
}
