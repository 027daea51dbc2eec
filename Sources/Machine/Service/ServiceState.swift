import CRing3
import Glibc

/// What the two host threads of a machine share with the rest.
///
/// The service thread does in the kernel what no thread is there to do: it lets timers expire, runs
/// DPCs on other processors, delivers APCs for threads that are outside. The watchdog never enters the
/// kernel: it looks for threads that stay at DISPATCH_LEVEL too long, and drives threads out after a
/// bug check.
struct ServiceState {
  /// The service thread sleeps on this word.
  ///
  /// First, for atomics.
  var word: UInt32 = 0
  /// The watchdog sleeps on this word.
  var watchWord: UInt32 = 0
  var isStopping: UInt32 = 0
  /// 0 not started, 1 being started, 2 running.
  var phase: UInt32 = 0
  /// Processors whose DPC queue is to be run, one bit each.
  var processors: UInt64 = 0
  /// Thread block that is to bug check by itself as it overstayed; 0 for none.
  var overdue: UInt64 = 0
  /// Threads with APCs to be delivered on their behalf, linked by `nextToServe`; a lock-free stack.
  var threads: UInt64 = 0
  var serviceThread: pthread_t = 0
  var watchdogThread: pthread_t = 0
  /// When the once-a-second work was done last, on the host's clock.
  var lastSecond: UInt64 = 0
}

extension UnsafeMutablePointer where Pointee == ServiceState {
  private func address(_ path: PartialKeyPath<ServiceState>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<ServiceState>.offset(of: path).unsafelyUnwrapped
  }

  var word: UnsafeMutablePointer<UInt32> { .init(OpaquePointer(self)) }
  var watchWord: UnsafeMutablePointer<UInt32> { .init(OpaquePointer(address(\.watchWord))) }
  var isStopping: Bool { r3_load32(address(\.isStopping)) != 0 }
  var phase: UnsafeMutableRawPointer { address(\.phase) }
  var processors: UnsafeMutableRawPointer { address(\.processors) }
  var overdue: UnsafeMutableRawPointer { address(\.overdue) }
  var threads: UnsafeMutableRawPointer { address(\.threads) }

  func stop() {
    r3_store32(address(\.isStopping), 1)
    poke()
    wakeWatchdog()
  }

  func wakeWatchdog() {
    r3_add32(watchWord, 1)
    r3_futex_wake(watchWord, 1)
  }

  /// Makes the service thread look around.
  func poke() {
    r3_add32(word, 1)
    r3_futex_wake(word, 1)
  }
}

extension ServiceState {
  /// Does what upper layers want done about once a second; only the service thread calls it.
  mutating func tickEverySecond(_ machine: Machine) {
    guard let work = machine.state.pointee.hooks.everySecond else { return }
    // The clock counts 100 ns.
    let now = machine.schedule == nil ? Clock.host(CLOCK_MONOTONIC) : machine.interruptTime
    guard now - lastSecond >= 10_000_000 else { return }
    lastSecond = now
    work()
  }
}
