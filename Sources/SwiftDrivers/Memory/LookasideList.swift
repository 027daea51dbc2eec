import CDriverKit
import Framework
import Memory
import NTTypes

/// A list of memory objects of one size that are kept for the next time: WDFLOOKASIDE.
///
/// Who needs no object takes a buffer alone: ``makeBuffer()``.
///
/// A value cannot be copied; when it goes, it deletes the list, unless its parent has done so. Memory
/// objects that came from it keep it alive.
public struct LookasideList: ~Copyable, Sendable {
  let handle: Handle
  @usableFromInline let depot: BufferDepot

  deinit {
    if handle.isLive { wdfObjectDelete(handle.globals, handle.bits) }
  }

  /// Makes a list.
  ///
  /// - Parameters:
  ///   - size: bytes of each buffer, from 1 to 2 GiB - 1.
  ///   - pool: where the buffers lie.
  ///   - tag: their tag.
  ///   - parent: what deletes the list at the latest.
  ///   - memoryParent: the parent of the memory objects; nil for the driver.
  /// - Throws: STATUS_INVALID_PARAMETER for no bytes, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfLookasideListCreate.
  public init(
    size: Int, pool: PoolKind = .nonpaged, tag: PoolTag, parent: some FrameworkParent,
    memoryParent: (any FrameworkParent)? = nil
  ) throws(NTStatus) {
    let owner = parent.frameworkHandle.handle
    guard size >= 0 else { throw .invalidParameter }
    var attributes = Attachment.plain(parent: owner)
    var memoryAttributes = Attachment.plain(parent: memoryParent?.frameworkHandle.handle)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfLookasideListCreate", tag: tag.rawValue)
    try check(
      wdfLookasideListCreate(
        owner.globals, &attributes, UInt64(size), UInt32(truncatingIfNeeded: pool.poolType),
        &memoryAttributes, tag.rawValue, &bits))
    handle = Handle(globals: owner.globals, bits: bits)
    depot = Framework.current.makeDepot(of: bits)
  }

  /// Leaves the list to its parent, which deletes it.
  public consuming func leaveToParent() { discard self }
}
