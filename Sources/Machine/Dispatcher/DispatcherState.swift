import CRing3
import Glibc

/// What a machine keeps for waiting: one lock over all its dispatcher objects, APC queues and timers.
package struct DispatcherState {
  package var lock = MachineLock()
  /// Threads whose waits ended in this hold of the lock.
  var ended: UnsafeMutablePointer<ThreadState>?
  var timers = TimerQueue()
  var service = ServiceState()
  var parking = Parking()
  var resources = ResourceRegistry()
}

extension Machine {
  /// Takes the lock over waits, APC queues and timers.
  ///
  /// Held for short, bounded work.
  @inline(__always)
  package func lockDispatcher() { state.pointee.dispatcher.lock.lock() }

  @inline(__always)
  package func unlockDispatcher() {
    if state.pointee.dispatcher.ended != nil { wakeEnded() }
    state.pointee.dispatcher.lock.unlock()
  }

  /// Whether a thread that faulted in the system's own code did so under the lock, on driver memory.
  ///
  /// Nobody notes who holds the lock. But all others hold it for moments only: when it is not free for
  /// a second, the holder is who asks. May be called in a signal handler.
  package func isDispatcherStuck() -> Bool {
    guard state.pointee.dispatcher.lock.isHeld else { return false }
    var start = timespec()
    clock_gettime(CLOCK_MONOTONIC, &start)
    while state.pointee.dispatcher.lock.isHeld, state.pointee.halted == 0 {
      r3_pause()
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let seconds = now.tv_sec - start.tv_sec
      if seconds > 1 || seconds == 1 && now.tv_nsec >= start.tv_nsec { return true }
    }
    return false
  }

  /// Lets the threads go on whose waits have ended.
  @inline(never)
  private func wakeEnded() {
    var next = state.pointee.dispatcher.ended
    state.pointee.dispatcher.ended = nil
    while let pointer = next {
      let thread = Thread(pointer)
      next = thread.wait.pointee.nextEnded
      r3_store32(thread.wait, 0)
      thread.wake()
    }
  }

  /// The state of the machine's service thread.
  var service: UnsafeMutablePointer<ServiceState> {
    (UnsafeMutableRawPointer(state) + MemoryLayout<MachineState>.offset(of: \.dispatcher)!
      + MemoryLayout<DispatcherState>.offset(of: \.service)!)
      .assumingMemoryBound(to: ServiceState.self)
  }
}

/// The statuses that waits end with.
package enum WaitStatus {
  package static let success: Int32 = 0
  package static let abandoned: Int32 = 0x80
  package static let userAPC: Int32 = 0xC0
  package static let alerted: Int32 = 0x101
  package static let timeout: Int32 = 0x102
  /// Not a status: the thread has to sleep.
  static let mustSleep: Int32 = .min
}

/// The modes of a wait or an APC.
package enum ProcessorMode {
  package static let kernel: UInt8 = 0
  package static let user: UInt8 = 1
}
