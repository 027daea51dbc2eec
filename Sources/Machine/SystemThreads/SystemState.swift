import CDriverKit
import CRing3

/// What the machine keeps for its own threads and for routines of drivers; in a block of its own.
struct SystemState {
  /// Host threads of system threads that have not gone.
  var threadCount: UInt32 = 0
  var workQueue = WorkQueue()
  var bugCheckCallbacks = BugCheckCallbacks()
  var sharedUserData: UnsafeMutablePointer<KUSER_SHARED_DATA>?
  var exTimers: UnsafeMutablePointer<ExTimer>?
}

extension UnsafeMutablePointer where Pointee == SystemState {
  /// The address of a field.
  func field<T>(_ path: KeyPath<SystemState, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<SystemState>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }
}

extension Machine {
  var system: UnsafeMutablePointer<SystemState> {
    self[.dispatcher].unsafelyUnwrapped.assumingMemoryBound(to: SystemState.self)
  }

  func makeSystemState() {
    let system = UnsafeMutablePointer<SystemState>.allocate(capacity: 1)
    system.initialize(to: SystemState())
    self[.dispatcher] = UnsafeMutableRawPointer(system)
  }

  func destroySystemState() {
    system.pointee.workQueue.destroy()
    system.pointee.bugCheckCallbacks.destroy()
    destroyExTimers()
    unmapSharedUserData()
    system.deinitialize(count: 1)
    system.deallocate()
    self[.dispatcher] = nil
  }
}
