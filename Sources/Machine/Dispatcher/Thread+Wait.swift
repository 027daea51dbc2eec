import CDriverKit
import CRing3

/// The wait of a thread as its signallers see it. All under the dispatcher's lock but where said.
extension Thread {
  /// Enters the thread in the lists of all objects, and marks it as waiting.
  func link(
    _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int, _ isAll: Bool,
    _ options: WaitOptions, _ blocks: UnsafeMutablePointer<KWAIT_BLOCK>
  ) {
    for index in 0..<count {
      let object = DispatcherObject(objects[index].unsafelyUnwrapped)
      let block = blocks + index
      block.pointee.Thread = UnsafeMutableRawPointer(pointer)
      block.pointee.Object = UnsafeMutableRawPointer(object.header)
      block.pointee.WaitKey = UInt16(index)
      block.pointee.WaitType = isAll ? 0 : 1
      block.pointee.BlockState = 1
      // A queue wakes who came last: its caches are warm.
      if object.type == DispatcherKind.queue {
        object.waiters.insertHead(Self.entry(block))
      } else {
        object.waiters.insertTail(Self.entry(block))
      }
    }
    wait.pointee.blocks = blocks
    wait.pointee.blockCount = count
    wait.pointee.isAll = isAll
    wait.pointee.isAlertable = options.isAlertable
    wait.pointee.mode = options.mode
    r3_store32(wait, 1)
    if let queue = wait.pointee.queue { Queue(queue).threadSleeps() }
  }

  private static func entry(_ block: UnsafeMutablePointer<KWAIT_BLOCK>)
    -> UnsafeMutablePointer<LIST_ENTRY>
  {
    UnsafeMutableRawPointer(block).assumingMemoryBound(to: LIST_ENTRY.self)
  }

  /// What the thread waits for, and where it lies; by itself, as it begins to sleep.
  var subjectOfWait: (reason: StaticString, address: UInt64) {
    guard wait.pointee.blockCount > 0, let object = wait.pointee.blocks?.pointee.Object else {
      return ("time", 0)
    }
    return (DispatcherKind.word(DispatcherObject(object).type), bits(object))
  }

  /// Whether the thread sleeps in a wait, or is about to.
  package var isWaiting: Bool { r3_load32(wait) != 0 }

  private func unlinkBlocks() {
    guard let blocks = wait.pointee.blocks else { return }
    for index in 0..<wait.pointee.blockCount { Self.entry(blocks + index).unlink() }
    wait.pointee.blockCount = 0
  }

  /// Ends the wait with a status.
  ///
  /// The thread goes on as the lock is given back, not before: what it waited for often lies on its
  /// stack, and the signaller still looks at it.
  func endWait(_ status: Int32) {
    unlinkBlocks()
    if let queue = wait.pointee.queue { Queue(queue).threadRuns() }
    wait.pointee.status = status
    let state = machine.state
    wait.pointee.nextEnded = state.pointee.dispatcher.ended
    state.pointee.dispatcher.ended = pointer
  }

  /// Takes the current thread out of its wait.
  ///
  /// Takes the lock itself.
  ///
  /// - Returns: false when the wait had ended already.
  func cancelWait() -> Bool {
    machine.lockDispatcher()
    let wasWaiting = isWaiting
    if wasWaiting {
      unlinkBlocks()
      if let queue = wait.pointee.queue { Queue(queue).threadRuns() }
      r3_store32(wait, 0)
    }
    machine.unlockDispatcher()
    return wasWaiting
  }

  /// The status that a wait ends with now that the object of `block` is signalled, or nil.
  ///
  /// When there is one, the objects are already consumed.
  func statusIfSatisfied(by block: UnsafeMutablePointer<KWAIT_BLOCK>) -> Int32? {
    if !wait.pointee.isAll {
      let object = DispatcherObject(block.pointee.Object)
      return Int32(block.pointee.WaitKey) + object.consume(for: self)
    }
    guard let blocks = wait.pointee.blocks else { return nil }
    let count = wait.pointee.blockCount
    for index in 0..<count
    where !DispatcherObject(blocks[index].Object).isSignalled(for: self) { return nil }
    var status = WaitStatus.success
    for index in 0..<count { status |= DispatcherObject(blocks[index].Object).consume(for: self) }
    return status
  }
}
