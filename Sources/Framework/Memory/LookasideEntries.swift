import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// What lies before a memory object that is an entry of a list.
///
/// From pool to pool an entry keeps its place in the table of handles and a reference to its list:
/// making an object of a kept entry changes nothing that threads share but the list itself.
struct MemoryEntry {
  /// The list's own, while it keeps the entry.
  var link: UInt = 0
  /// The handle of the next object.
  var handle: UInt64

  static let bodyOffset = 16

  @inline(__always)
  static func of(_ memory: UnsafeMutablePointer<MemoryBody>) -> UnsafeMutablePointer<MemoryEntry> {
    (UnsafeMutableRawPointer(memory) - bodyOffset).assumingMemoryBound(to: MemoryEntry.self)
  }
}

extension Framework {
  /// Makes a memory object of an entry: object, context and buffer.
  func makeEntry(of list: UnsafeMutablePointer<LookasideBody>) -> UnsafeMutablePointer<MemoryBody>?
  {
    guard let entry = takeEntry(of: list) else { return nil }
    let start = UnsafeMutableRawPointer(entry)
    let memory = (start + MemoryEntry.bodyOffset).assumingMemoryBound(to: MemoryBody.self)
    // One more than that of the entry before: the order of objects is kept.
    list.pointee.newest &+= 1
    var head = ObjectHead(
      kind: .memory, globals: list.pointee.head.globals, created: list.pointee.newest)
    head.flags = .keepsHandle
    let offset = list.pointee.bufferOffset
    memory.initialize(
      to: MemoryBody(
        head: head, buffer: start + offset, byteCount: list.pointee.bufferByteCount,
        source: .lookasideEntry, lookaside: list))
    memset(start + offset, 0, list.pointee.bufferByteCount)
    let context = UnsafeMutableRawPointer(memory) + (MemoryLayout<MemoryBody>.size + 15) & ~15
    FrameworkObject(memory).finish(
      entry.pointee.handle, list.pointee.memoryAttributes, context: context)
    state.pointee.handles.revive(entry.pointee.handle, FrameworkObject(memory).head)
    return memory
  }

  /// Takes a kept entry, or makes one.
  @inline(__always)
  private func takeEntry(of list: UnsafeMutablePointer<LookasideBody>)
    -> UnsafeMutablePointer<MemoryEntry>?
  {
    list.kernelList.pointee.TotalAllocates &+= 1
    let kept = SList(UnsafeMutableRawPointer(list.kernelList)).pop()
    return UnsafeMutablePointer(bitPattern: kept) ?? newEntry(of: list)
  }

  @inline(never)
  private func newEntry(of list: UnsafeMutablePointer<LookasideBody>)
    -> UnsafeMutablePointer<MemoryEntry>?
  {
    list.kernelList.pointee.AllocateMisses &+= 1
    list.pointee.newest = r3_timestamp()
    let block = machine.pool.allocateLegacy(
      LegacyPoolType(list.pointee.poolType), UInt64(list.pointee.entryByteCount),
      list.pointee.tag)
    guard let block else { return nil }
    let object = FrameworkObject(
      (block + MemoryEntry.bodyOffset).assumingMemoryBound(to: MemoryBody.self))
    guard let handle = state.pointee.handles.insert(object.head) else {
      machine.pool.free(block)
      return nil
    }
    let entry = block.bindMemory(to: MemoryEntry.self, capacity: 1)
    // It stands for nothing until the object is made.
    entry.initialize(to: MemoryEntry(handle: state.pointee.handles.retire(handle)))
    FrameworkObject(list).reference()
    return entry
  }

  /// Puts a memory object's entry back, after everything else of the object is gone.
  func recycle(_ memory: UnsafeMutablePointer<MemoryBody>) {
    guard let list = memory.pointee.lookaside else { return }
    let entry = MemoryEntry.of(memory)
    entry.pointee.handle = state.pointee.handles.retire(memory.pointee.head.handle)
    list.kernelList.pointee.TotalFrees &+= 1
    let entries = SList(UnsafeMutableRawPointer(list.kernelList))
    if entries.depth >= list.kernelList.pointee.Depth {
      list.kernelList.pointee.FreeMisses &+= 1
      return list.release(entry)
    }
    let handle = list.pointee.head.handle
    _ = entries.push(UInt(bitPattern: entry))
    // From here on the list may be gone.
    if state.pointee.endingListCount != 0 { emptyIfEnding(list, handle) }
  }

  /// The entry may have come after a deleted list was emptied.
  @inline(never)
  private func emptyIfEnding(_ list: UnsafeMutablePointer<LookasideBody>, _ handle: UInt64) {
    state.pointee.lock.lock()
    let isThere =
      state.pointee.handles.object(handle) == FrameworkObject(list).head && list.pointee.isEnding
      && FrameworkObject(list).referenceIfAlive()
    state.pointee.lock.unlock()
    guard isThere else { return }
    list.releaseKept(downTo: 0)
    FrameworkObject(list).release()
  }

  /// Once a second: lists whose limit was lowered give what is above it to pool, and all learn the
  /// time.
  func trimLists() {
    state.pointee.everySecond?()
    for address in machine.lookaside.active {
      guard let start = UnsafeMutableRawPointer(bitPattern: address) else { continue }
      state.pointee.lock.lock()
      var body: UnsafeMutablePointer<LookasideBody>?
      if machine.lookaside.contains(address),
        LookasideList(start).head.pointee.FreeEx == FrameworkRoutines.freeEntry
      {
        let list = UnsafeMutablePointer<LookasideBody>.of(start)
        if FrameworkObject(list).referenceIfAlive() { body = list }
      }
      state.pointee.lock.unlock()
      guard let body else { continue }
      body.pointee.newest = r3_timestamp()
      body.releaseKept(downTo: body.kernelList.pointee.Depth)
      FrameworkObject(body).release()
    }
  }
}

extension UnsafeMutablePointer where Pointee == LookasideBody {
  /// The object of a kernel's list.
  fileprivate static func of(_ list: UnsafeMutableRawPointer) -> Self {
    list.load(
      fromByteOffset: MemoryLayout<GENERAL_LOOKASIDE>.size,
      as: UnsafeMutablePointer<LookasideBody>.self)
  }

  /// Gives an entry to pool; the list may go with the reference that the entry had.
  fileprivate func release(_ entry: UnsafeMutablePointer<MemoryEntry>) {
    let framework = Framework.current
    framework.state.pointee.handles.remove(entry.pointee.handle)
    framework.machine.pool.free(UnsafeMutableRawPointer(entry))
    FrameworkObject(self).release()
  }

  /// Gives kept entries to pool until no more than `depth` are left; the caller has a reference.
  func releaseKept(downTo depth: UInt16) {
    let entries = SList(UnsafeMutableRawPointer(kernelList))
    while entries.depth > depth {
      guard let entry = UnsafeMutablePointer<MemoryEntry>(bitPattern: entries.pop()) else { return }
      release(entry)
    }
  }
}

/// The Free routine of lists whose entries are memory objects.
let freeEntryRoutine: @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void = {
  entry, list in
  UnsafeMutablePointer<LookasideBody>.of(list).release(
    entry.assumingMemoryBound(to: MemoryEntry.self))
}
