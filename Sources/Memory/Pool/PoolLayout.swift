import Machine

/// Sizes of blocks, and the classes that they are grouped in.
///
/// A small block lies in a slot of a page that it shares with blocks of its class:
/// `header (16) | requested bytes | guard (8) | rest | trailer (16, only when there is one)`.
/// A larger block is a run of whole pages; what is known of it lies in a ``PageDescriptor``, and a
/// guard follows the requested bytes when they do not end with a page.
enum PoolLayout {
  static let headerByteCount = 16
  static let guardByteCount = 8
  static let trailerByteCount = 16
  /// The byte that fills what lies between the requested bytes and the end of a block.
  static let guardByte: UInt8 = 0xB7
  static let guardWord: UInt64 = 0xB7B7_B7B7_B7B7_B7B7
  /// The byte that fills new blocks of a machine that verifies, and freed ones.
  static let freshByte: UInt8 = 0xCB
  static let freedByte: UInt8 = 0xDB

  /// Largest request that shares a page.
  static var largestSmall: Int { 2048 - 16 - 8 }
  /// Runs of up to so many pages are kept by class; longer ones come and go one by one.
  static var longestCachedRun: Int { 16 }
  /// Largest request for such a run.
  static var largestKept: Int { longestCachedRun << 12 }
  /// The class of a run of `n` pages is this plus `n`.
  static var runClassBase: Int { 31 }
  /// The class of a longer run.
  static var longRunClass: Int { 63 }
  static var classesPerKind: Int { 64 }
  static var indexCount: Int { 192 }

  /// Fills `sizes` with the slot size of each small class, ascending; gives their number.
  ///
  /// Every 16 bytes up to 256; above, the sizes that a page holds a whole number of times.
  static func slotSizes(_ body: (_ number: Int, _ size: Int) -> Void) -> Int {
    var number = 0
    for size in stride(from: 32, through: 256, by: 16) {
      body(number, size)
      number += 1
    }
    for parts in stride(from: 15, through: 2, by: -1) {
      body(number, (pageSize / parts) & ~15)
      number += 1
    }
    return number
  }

  /// Pages for a request that does not share one.
  @inline(__always)
  static func pageCount(_ byteCount: Int) -> Int {
    let needed = byteCount & 0xFFF == 0 ? byteCount : byteCount &+ 8
    return (needed &+ 0xFFF) &>> 12
  }
}
