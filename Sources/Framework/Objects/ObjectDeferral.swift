import CDriverKit
import CRing3
import Machine

// What has to be done at PASSIVE_LEVEL and is asked for above it: worker threads do it.
extension FrameworkObject {
  /// Whether its callbacks run at PASSIVE_LEVEL only.
  var needsPassive: Bool {
    head.pointee.flags.contains(.passive) || head.pointee.executionLevel == .passive
      || Framework.current.state.pointee.classes[Int(kind.rawValue)].isPassive
  }

  /// Whether this object or a descendant needs PASSIVE_LEVEL at its end.
  var treeNeedsPassive: Bool {
    if needsPassive { return true }
    guard head.pointee.firstChild != nil else { return false }
    lockAddress.pointee.lock()
    var next = head.pointee.firstChild
    while let child = next, !FrameworkObject(child).treeNeedsPassive {
      next = child.pointee.nextSibling
    }
    lockAddress.pointee.unlock()
    return next != nil
  }

  /// Has a worker thread do ``finishDeletion()``.
  func finishLater() {
    globals.beginDeferred()
    Machine.current.workers.queue(
      { context in
        guard let context else { return }
        let object = FrameworkObject(context.assumingMemoryBound(to: ObjectHead.self))
        let globals = object.globals
        object.finishDeletion()
        globals.endDeferred()
      }, UnsafeMutableRawPointer(head))
  }

  /// Has a worker thread do ``destroy()``.
  func destroyLater() {
    globals.beginDeferred()
    Machine.current.workers.queue(
      { context in
        guard let context else { return }
        let object = FrameworkObject(context.assumingMemoryBound(to: ObjectHead.self))
        let globals = object.globals
        object.destroy()
        globals.endDeferred()
      }, UnsafeMutableRawPointer(head))
  }
}

extension UnsafeMutablePointer where Pointee == DriverGlobals {
  private var lock: UnsafeMutablePointer<MachineLock> {
    let state = UnsafeMutableRawPointer(Framework.current.state)
    return (state + MemoryLayout<FrameworkState>.offset(of: \.lock).unsafelyUnwrapped)
      .assumingMemoryBound(to: MachineLock.self)
  }

  private var isIdle: Event {
    let offset = MemoryLayout<DriverGlobals>.offset(of: \.deferredDone).unsafelyUnwrapped
    return Event((UnsafeMutableRawPointer(self) + offset).assumingMemoryBound(to: KEVENT.self))
  }

  /// Counts one more piece of work that a worker thread does for the driver.
  fileprivate func beginDeferred() {
    lock.pointee.lock()
    if pointee.deferredCount == 0 { isIdle.initialize(.notification, isSet: false) }
    pointee.deferredCount += 1
    lock.pointee.unlock()
  }

  fileprivate func endDeferred() {
    // Under the lock of the machine: the globals may be freed once it is let go.
    let lock = lock
    lock.pointee.lock()
    pointee.deferredCount -= 1
    if pointee.deferredCount == 0 { isIdle.set() }
    lock.pointee.unlock()
  }

  /// Waits until no worker thread deletes objects of the driver; at PASSIVE_LEVEL.
  func waitForDeferred() {
    while true {
      lock.pointee.lock()
      let count = pointee.deferredCount
      lock.pointee.unlock()
      if count == 0 { return }
      isIdle.wait()
    }
  }
}
