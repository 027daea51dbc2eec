import CRing3
import Glibc
import Machine

/// The pools of a machine: nonpaged, executable and paged memory by tag.
///
/// A thread keeps free blocks of each class for itself, so that a pair of ``allocate(_:kind:tag:zeroed:charging:)``
/// and ``free(_:tag:)`` touches nothing shared; blocks are exchanged in bulk behind it. Host threads
/// that are in no kernel may call too; they share one cache and take turns.
public struct Pool: @unchecked Sendable {
  @usableFromInline let state: UnsafeMutablePointer<PoolState>

  @inlinable init(state: UnsafeMutablePointer<PoolState>) { self.state = state }

  /// Gives a block of at least `byteCount` bytes, aligned to 16, or to a page from a page up.
  ///
  /// Nil when there is no memory or `process` has used up its quota. At DISPATCH_LEVEL only
  /// nonpaged pool may be asked for. The contents are undefined unless `zeroed`.
  @inlinable
  package func allocate(
    _ byteCount: Int, kind: PoolKind, tag: UInt32, zeroed: Bool = false,
    charging process: Process? = nil
  ) -> UnsafeMutableRawPointer? {
    guard process == nil, !zeroed else {
      return allocateOtherwise(byteCount, kind, tag, zeroed, process)
    }
    return allocatePlain(byteCount, kind, tag)
  }

  @usableFromInline
  func allocatePlain(_ byteCount: Int, _ kind: PoolKind, _ tag: UInt32) -> UnsafeMutableRawPointer?
  {
    guard let cache = Self.currentCache, cache.pointee.pool == state,
      let address = cache.allocate(byteCount, row: kind.row, tag)
    else { return allocateOtherwise(byteCount, kind, tag, false, nil) }
    return address
  }

  /// Gives a block back; a `tag` that is not 0 must be the one that it was allocated with.
  ///
  /// An address that is not a live block, a wrong tag and damage around the block are bug checks.
  @inlinable
  package func free(_ address: UnsafeMutableRawPointer, tag: UInt32 = 0) {
    if tag == 0 {
      freeUntagged(UInt(bitPattern: address))
    } else {
      freeTagged(UInt(bitPattern: address), tag)
    }
  }

  @usableFromInline
  func freeTagged(_ address: UInt, _ tag: UInt32) {
    guard let cache = Self.currentCache, cache.pointee.pool == state, cache.free(address, tag)
    else { return freeOtherwise(address, tag) }
  }

  @usableFromInline
  func freeUntagged(_ address: UInt) {
    guard let cache = Self.currentCache, cache.pointee.pool == state, cache.free(address, nil)
    else { return freeOtherwise(address, 0) }
  }

  /// The pools of the machine that the running kernel thread belongs to.
  static var current: Pool {
    if let cache = r3_current()?.pointee.poolCache {
      return Pool(state: cache.assumingMemoryBound(to: PoolCache.self).pointee.pool)
    }
    return Machine.current.pool
  }

  /// The running thread's cache, when it has one and is below DISPATCH_LEVEL.
  @inline(__always)
  static var currentCache: UnsafeMutablePointer<PoolCache>? {
    guard let thread = r3_current(), thread.pointee.irql < 2 else { return nil }
    return thread.pointee.poolCache?.assumingMemoryBound(to: PoolCache.self)
  }
}

/// A block by its address, for the few accesses around it.
struct Block {
  let address: UInt

  @inline(__always)
  init(_ address: UInt) { self.address = address }

  @inline(__always)
  var pointer: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }

  @inline(__always)
  var header: UnsafeMutablePointer<BlockHeader> {
    (pointer - 16).assumingMemoryBound(to: BlockHeader.self)
  }

  @inline(__always)
  func write(_ word: BlockWord, _ cookie: UInt64) {
    header.pointee = BlockHeader(check: BlockHeader.seal(address, cookie, word), word: word)
  }

  @inline(__always)
  func writeGuard(_ byteCount: Int) {
    pointer.storeBytes(of: PoolLayout.guardWord, toByteOffset: byteCount, as: UInt64.self)
  }

  @inline(__always)
  func isGuardIntact(_ byteCount: Int) -> Bool {
    pointer.loadUnaligned(fromByteOffset: byteCount, as: UInt64.self) == PoolLayout.guardWord
  }
}
