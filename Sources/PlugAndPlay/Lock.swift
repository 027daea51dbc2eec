import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  /// Calls `body` with the lists locked; it touches no memory of drivers and waits for nothing.
  func locked<R>(_ body: () -> R) -> R {
    // After a bug check nothing changes any more, and the lock may have been abandoned.
    let isLocked = !machine.isHalted
    if isLocked { state.pointee.lock.lock() }
    let result = body()
    if isLocked { state.pointee.lock.unlock() }
    return result
  }

  /// Makes what can only be made inside the kernel, at the first use.
  func prepare() {
    locked {
      if state.pointee.isPrepared { return }
      state.pointee.isPrepared = true
      Event(state.pointee.treeLock).initialize(.synchronization, isSet: true)
      Event(state.pointee.idle).initialize(.notification, isSet: true)
    }
  }

  /// Calls `body` while nobody else changes the tree; at PASSIVE_LEVEL, not from within another such call.
  package func withTree<R>(_ body: () -> R) -> R {
    prepare()
    Event(state.pointee.treeLock).wait()
    let result = body()
    _ = Event(state.pointee.treeLock).set()
    return result
  }

  /// Waits until nothing that drivers asked for is left to be done.
  ///
  /// - Parameter milliseconds: the longest time to wait.
  /// - Returns: whether all is done.
  package func settle(milliseconds: UInt64) -> Bool {
    prepare()
    let options = WaitOptions(deadline: .after(milliseconds: milliseconds))
    return Wait.forObject(UnsafeMutableRawPointer(state.pointee.idle), options) == 0
  }
}
