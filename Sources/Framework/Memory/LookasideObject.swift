import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFLOOKASIDE: where memory objects of one buffer size come from.
///
/// Behind the object lies a list of the kernel's form, which tunes itself with the others.
struct LookasideBody {
  var head: ObjectHead
  let bufferByteCount: Int
  let isPaged: Bool
  /// Whether object and buffer are one entry, zeroed each time: nonpaged, below a page.
  let isCombined: Bool
  /// What each memory object is made with; its parent is looked up each time.
  let memoryAttributes: ObjectAttributes
  let memoryParent: UInt64
  let poolType: UInt32
  let tag: UInt32
  /// Where the buffer lies in a combined entry, and all bytes of one.
  let bufferOffset: Int
  let entryByteCount: Int
  /// When the newest entry became an object, as its head has it; a second late at most.
  ///
  /// Reading the processor's count would be a third of the work on a virtual machine.
  var newest = r3_timestamp()
  /// Whether the list is deleted: no entry is kept any more.
  var isEnding = false
  /// Buffers without memory objects, for drivers that ask for them.
  var depot: BufferDepot?
  /// The list of entries.
  var list: UnsafeMutablePointer<GENERAL_LOOKASIDE_POOL>?
}

/// What a driver wants of a lookaside list.
struct LookasideWish {
  let byteCount: Int
  let poolType: UInt32
  let tag: UInt32
  let memoryParent: UInt64

  var isPaged: Bool { LegacyPoolType(poolType).kind == .paged }
}

extension UnsafeMutablePointer where Pointee == LookasideBody {
  var entries: LookasideList { LookasideList(UnsafeMutableRawPointer(kernelList)) }

  @inline(__always)
  var kernelList: UnsafeMutablePointer<GENERAL_LOOKASIDE_POOL> {
    pointee.list.unsafelyUnwrapped
  }
}

extension Framework {
  static let lookasideClass = ObjectClass(
    dispose: { address in
      Framework.current.beginEnd(of: address.assumingMemoryBound(to: LookasideBody.self))
    },
    destroy: { address in
      Framework.current.end(address.assumingMemoryBound(to: LookasideBody.self))
    })

  func makeLookaside(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ wish: LookasideWish,
    _ attributes: ObjectAttributes, _ memoryAttributes: ObjectAttributes
  ) -> UnsafeMutablePointer<LookasideBody>? {
    let isCombined = !wish.isPaged && wish.byteCount < pageSize
    let offset =
      isCombined
      ? MemoryEntry.bodyOffset + (MemoryLayout<MemoryBody>.size + 15) & ~15
        + memoryAttributes.contextBlockSize : 0
    var head = ObjectHead(kind: .lookaside, globals: globals)
    if wish.isPaged { head.flags.insert(.passive) }
    // Behind the kernel's list lies the way back from it.
    let made = make(
      LookasideBody(
        head: head, bufferByteCount: wish.byteCount, isPaged: wish.isPaged,
        isCombined: isCombined, memoryAttributes: memoryAttributes,
        memoryParent: wish.memoryParent, poolType: wish.poolType & ~16, tag: wish.tag,
        bufferOffset: offset, entryByteCount: offset + wish.byteCount),
      attributes, room: MemoryLayout<GENERAL_LOOKASIDE>.size + 16)
    guard let body = made else { return nil }
    let list = room(of: body, attributes)
    body.pointee.list = list.assumingMemoryBound(to: GENERAL_LOOKASIDE_POOL.self)
    (list + MemoryLayout<GENERAL_LOOKASIDE>.size).storeBytes(
      of: body, as: UnsafeMutablePointer<LookasideBody>.self)
    machine.lookaside.initialize(
      body.entries,
      LookasideParameters(
        free: isCombined ? UInt(bitPattern: FrameworkRoutines.freeEntry) : 0,
        type: wish.poolType & ~16, size: UInt64(max(offset + wish.byteCount, 16)), tag: wish.tag))
    return body
  }

  /// Whether two parents belong to devices, and not to the same one.
  func haveDifferentDevices(_ first: FrameworkObject?, _ second: FrameworkObject?) -> Bool {
    guard let first = first?.owningDevice, let second = second?.owningDevice else { return false }
    return first != second
  }

  /// The list is deleted: what it keeps goes to pool, and what comes back follows.
  private func beginEnd(of list: UnsafeMutablePointer<LookasideBody>) {
    list.pointee.depot?.close()
    guard list.pointee.isCombined else { return }
    state.pointee.lock.lock()
    state.pointee.endingListCount += 1
    list.pointee.isEnding = true
    list.kernelList.pointee.Depth = 0
    state.pointee.lock.unlock()
    list.releaseKept(downTo: 0)
  }

  private func end(_ list: UnsafeMutablePointer<LookasideBody>) {
    guard list.pointee.isCombined else { return machine.lookaside.delete(list.entries) }
    // Whoever looks at the list under the lock finds it whole, or does not find it.
    state.pointee.lock.lock()
    if list.pointee.isEnding { state.pointee.endingListCount -= 1 }
    _ = state.pointee.handles.retire(list.pointee.head.handle)
    machine.lookaside.delete(list.entries)
    state.pointee.lock.unlock()
  }
}
