/// The 16 bytes before a block that shares its page.
struct BlockHeader {
  /// Ties the word to its address: a wild pointer, a damaged header and a freed block all differ.
  var check: UInt64
  var word: BlockWord

  /// Makes the block of a plain header freed: the flags, nothing but `live`, are the last byte.
  @inline(__always)
  static func markFreed(_ header: UnsafeMutablePointer<BlockHeader>) {
    UnsafeMutableRawPointer(header).storeBytes(of: 0, toByteOffset: 15, as: UInt8.self)
  }

  /// What ``check`` is for a block with nothing special.
  @inline(__always)
  static func seal(_ address: UInt, _ cookie: UInt64, _ word: BlockWord) -> UInt64 {
    UInt64(address) ^ cookie ^ word.bits
  }

  /// What ``seal(_:_:_:)`` is changed by when the block has a trailer or is moved inside its slot,
  /// so that the short way of freeing does not take it.
  static let special: UInt64 = 0x6D2B_79F5_0C15_8E3A
}

/// Tag, size, class and state of a block in one word.
///
/// Bits 0-31 tag, 32-47 requested bytes (unused for runs), 48-55 class index, 56-63 flags.
struct BlockWord: Equatable {
  var bits: UInt64

  @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  init(tag: UInt32, byteCount: Int, index: Int, flags: UInt64) {
    bits =
      UInt64(tag) | UInt64(truncatingIfNeeded: byteCount) << 32
      | UInt64(truncatingIfNeeded: index) << 48 | flags
  }

  static var live: UInt64 { 1 << 56 }
  static var hasTrailer: UInt64 { 1 << 57 }
  static var isMoved: UInt64 { 1 << 58 }

  @inline(__always) var tag: UInt32 { UInt32(truncatingIfNeeded: bits) }
  @inline(__always) var byteCount: Int { Int(bits >> 32 & 0xFFFF) }
  @inline(__always) var index: Int { Int(bits >> 48 & 0xFF) }
  @inline(__always) var kind: PoolKind { PoolKind(rawValue: UInt8(bits >> 54 & 3)) ?? .paged }
  @inline(__always) var isLive: Bool { bits & Self.live != 0 }
  @inline(__always) var isSpecial: Bool { bits & (Self.hasTrailer | Self.isMoved) != 0 }

  /// The same block in the other state.
  @inline(__always) var freed: BlockWord { BlockWord(bits: bits ^ Self.live) }
}

/// What some blocks have in the last 16 bytes of their slot.
struct BlockTrailer {
  /// The process that pays, mixed with the address of the block; of a released block, the stack of
  /// its release.
  var process: UInt64
  /// Where the block was asked for: ``BlockOrigin``.
  var origin: UInt64
}
