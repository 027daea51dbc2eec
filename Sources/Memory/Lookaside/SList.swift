import CRing3
import Glibc
import Machine

/// A singly linked list that threads push to and pop from without a lock: `SLIST_HEADER`.
///
/// The first word of the head holds the depth (16 bits) and a sequence number (48), the second the
/// address of the first entry. Both are exchanged at once. Memory that was an entry once stays
/// mapped, so a late reader finds a wrong link at worst, and the sequence number tells.
///
/// Public, though nothing of this module is offered to users: what is `package` is not inlined into
/// other modules.
public struct SList {
  @usableFromInline let head: UnsafeMutableRawPointer

  /// The list of a head.
  ///
  /// Raises STATUS_DATATYPE_MISALIGNMENT when the head is not aligned to 16.
  @inlinable @inline(__always)
  public init(_ head: UnsafeMutableRawPointer) {
    self.head = head
    if UInt(bitPattern: head) & 15 != 0 { SList.misaligned() }
  }

  @usableFromInline @inline(never)
  static func misaligned() -> Never { Machine.current.raise(status: 0x8000_0002) }

  /// Number of entries, modulo 65536.
  @inlinable @inline(__always)
  public var depth: UInt16 { UInt16(truncatingIfNeeded: r3_load64(head)) }

  /// Address of the first entry, or 0.
  @inlinable @inline(__always)
  public var first: UInt { UInt(r3_load64(head + 8)) & ~15 }

  package func initialize() {
    r3_store64(head, 0)
    r3_store64(head + 8, 0)
  }

  /// Puts an entry in front; gives the one that was first, or 0.
  @inlinable @inline(__always)
  public func push(_ entry: UInt) -> UInt {
    guard entry & 15 == 0 else { SList.misaligned() }
    return push(entry, last: entry, count: 1)
  }

  /// Puts linked entries in front.
  @inlinable @inline(__always)
  public func push(_ entry: UInt, last: UInt, count: UInt64) -> UInt {
    var low = r3_load64(head)
    var high = r3_load64(head + 8)
    let link = UnsafeMutablePointer<UInt64>(bitPattern: last).unsafelyUnwrapped
    while true {
      link.pointee = high & ~15
      let depth = (low &+ count) & 0xFFFF
      let sequence = (low &+ 0x10000) & ~0xFFFF
      if r3_cas128(head, &low, &high, sequence | depth, UInt64(entry)) { return UInt(high) & ~15 }
    }
  }

  /// Takes the first entry; 0 when there is none.
  @inlinable @inline(__always)
  public func pop() -> UInt {
    var low = r3_load64(head)
    var high = r3_load64(head + 8)
    while true {
      let entry = UInt(high) & ~15
      guard entry != 0 else { return 0 }
      let next = UnsafeMutablePointer<UInt64>(bitPattern: entry).unsafelyUnwrapped.pointee
      let depth = (low &- 1) & 0xFFFF
      let sequence = (low &+ 0x10000) & ~0xFFFF
      if r3_cas128(head, &low, &high, sequence | depth, next) { return entry }
    }
  }

  /// Takes all entries; gives the first, or 0.
  package func flush() -> UInt {
    var low = r3_load64(head)
    var high = r3_load64(head + 8)
    while true {
      let entry = UInt(high) & ~15
      guard entry != 0 else { return 0 }
      if r3_cas128(head, &low, &high, (low &+ 0x10000) & ~0xFFFF, 0) { return entry }
    }
  }
}
