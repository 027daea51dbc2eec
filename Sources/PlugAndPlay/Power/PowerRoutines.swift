import CDriverKit
import IOManager
import Machine

// Routines of drivers that are told the end of a power request.
//
// Many complete the system's request there and look at their own records afterwards. The next
// request of the system must not overtake them: it goes when they have returned.
extension PlugAndPlay {
  /// A routine of a driver of the device is about to run; at DISPATCH_LEVEL at most.
  func beginRoutine(of node: NodePointer) {
    locked {
      node.pointee.powerRoutineCount += 1
      if node.pointee.powerRoutineCount == 1 { _ = node.routinesDone.reset() }
    }
  }

  /// The routine has returned; the node may be gone when this is done.
  func endRoutine(of node: NodePointer) {
    locked {
      node.pointee.powerRoutineCount -= 1
      if node.pointee.powerRoutineCount == 0 { _ = node.routinesDone.set() }
    }
  }

  /// Waits until no such routine of the device runs; at PASSIVE_LEVEL.
  func waitForRoutines(of device: DevicePointer) {
    guard let node = node(ofStack: device) else { return }
    while locked({ node.pointee.powerRoutineCount != 0 }) { node.routinesDone.wait() }
  }
}

extension NodePointer {
  fileprivate var routinesDone: Event {
    Event(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<DeviceNode>.offset(of: \.powerRoutinesDone).unsafelyUnwrapped)
        .assumingMemoryBound(to: KEVENT.self))
  }

  func initializeRoutines() { routinesDone.initialize(.notification, isSet: true) }
}
