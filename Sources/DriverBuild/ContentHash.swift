import Foundation

/// A 128-bit digest of what went into a build.
///
/// Not a cryptographic one: it names cache entries that the same user wrote.
struct ContentHash {
  private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var high: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  private mutating func mix(_ word: UInt64) {
    low = (low ^ word) &* 0xFF51_AFD7_ED55_8CCD
    low ^= low >> 32
    high = (high &+ word) &* 0xC4CE_B9FE_1A85_EC53
    high ^= (high >> 29) ^ low
  }

  /// Adds bytes and their number.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < bytes.count {
      tail = tail << 8 | UInt64(bytes[offset])
      offset += 1
    }
    mix(tail)
    mix(UInt64(bytes.count))
  }

  /// Adds a text.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Adds the contents of a file, or that it is not there.
  mutating func addFile(_ path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return add("absent") }
    data.withUnsafeBytes { add($0) }
  }

  /// Half of the digest.
  var word: UInt64 { low ^ high }

  /// The digest as 32 hexadecimal digits.
  var hex: String { Self.hex(low) + Self.hex(high) }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
