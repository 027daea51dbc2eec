import CDriverKit
import Machine

/// What is known of one lookaside list in use, for reports.
public struct LookasideUsage: Sendable, Hashable {
  /// Tag of its entries.
  public let tag: UInt32
  /// Address of its head in the driver's memory.
  public let address: UInt
  /// Bytes of an entry.
  public let entryByteCount: Int
  /// Entries that it keeps at most, now.
  public let depth: Int
  /// Entries that it keeps now.
  public let cachedCount: Int
  /// Allocations since the list was made.
  public let allocationCount: UInt32
  /// Allocations that the list could not satisfy.
  public let missCount: UInt32
  /// The driver's stack as it initialized the list.
  package let initialized: StackNumber

  /// The tag as its four characters in memory order.
  public var name: String { PoolTagUsage.name(tag) }
}

extension LookasideLists {
  /// The figures of every list in use.
  package func usage() -> [LookasideUsage] {
    active.map { address in
      let list = LookasideList(UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped)
      let head = list.head.pointee
      return LookasideUsage(
        tag: head.Tag, address: address, entryByteCount: Int(head.Size), depth: Int(head.Depth),
        cachedCount: list.cachedCount, allocationCount: head.TotalAllocates,
        missCount: head.AllocateMisses,
        initialized: withLocked { $0.pointee.stack(of: address) })
    }
  }
}
