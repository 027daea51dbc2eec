import CRing3
import Glibc

/// The simulated processors.
///
/// A thread has a home processor; at DISPATCH_LEVEL it has it alone.
package struct Processors {
  package let count: Int
  /// One or two cache lines a processor.
  package let states: UnsafeMutablePointer<ProcessorState>

  init(count: Int) {
    self.count = min(max(count, 1), 64)
    states = .allocate(capacity: self.count)
    for number in 0..<self.count {
      (states + number).initialize(to: ProcessorState(number: UInt8(number)))
    }
  }

  func destroy() { states.deallocate() }

  func assign(_ block: UnsafeMutablePointer<R3Thread>, number: Int) {
    place(block, on: states + number % count)
  }

  /// Makes `processor` the home of a thread.
  func place(
    _ block: UnsafeMutablePointer<R3Thread>, on processor: UnsafeMutablePointer<ProcessorState>
  ) {
    block.pointee.processor = UnsafeMutableRawPointer(processor)
    block.pointee.processorNumber = processor.pointee.number
  }

  /// One bit for each processor.
  package var mask: UInt64 { count == 64 ? .max : (1 << UInt64(count)) - 1 }
}

/// One processor.
package struct ProcessorState {
  /// The thread block that is at DISPATCH_LEVEL or above here; 0 when none is.
  ///
  /// First, for atomics.
  package var owner: UInt64 = 0
  /// Counts how often a thread came to DISPATCH_LEVEL here; with it the watchdog tells stays apart.
  package var raiseCount: UInt64 = 0
  /// Threads that wait for the processor sleep on the word.
  var waiterCount: UInt32 = 0
  var wakeWord: UInt32 = 0
  package let number: UInt8
  /// The queue of DPCs and its lock.
  package var dpcLock = MachineLock()
  package var dpcHead: UnsafeMutableRawPointer?
  package var dpcTail: UnsafeMutableRawPointer?
  package var dpcCount: UInt32 = 0
  package var dpcRunning: UInt32 = 0
  /// The routine that runs as a DPC, while `dpcRunning` is set, and who queued it.
  var dpcRoutine: UnsafeMutableRawPointer?
  var dpcStack: UInt64 = 0
  var padding: InlineArray<5, UInt64> = .init(repeating: 0)

  init(number: UInt8) { self.number = number }
}

extension UnsafeMutablePointer where Pointee == R3Thread {
  /// The processor that the thread runs on.
  var home: UnsafeMutablePointer<ProcessorState> {
    pointee.processor.assumingMemoryBound(to: ProcessorState.self)
  }
}

extension UnsafeMutablePointer where Pointee == ProcessorState {
  /// Takes the processor for a thread if nobody has it.
  @inline(__always)
  func take(for thread: UnsafeMutablePointer<R3Thread>) -> Bool {
    guard r3_cas64(self, 0, UInt64(UInt(bitPattern: thread))) else { return false }
    pointee.raiseCount &+= 1
    return true
  }

  /// Gives the processor back.
  ///
  /// The look at the waiters may come too early; they sleep for a short, bounded time.
  @inline(__always)
  func giveBack() {
    r3_store64(self, 0)
    if pointee.waiterCount != 0 { wakeWaiter() }
  }

  @inline(never)
  private func wakeWaiter() {
    r3_add32(wakeAddress, 1)
    r3_futex_wake(wakeAddress, 1)
  }

  /// Waits until the processor is free and takes it.
  func takeSlowly(for thread: UnsafeMutablePointer<R3Thread>) {
    for _ in 0..<50 {
      if take(for: thread) { return }
      r3_pause()
    }
    r3_add32(waiterAddress, 1)
    while true {
      let seen = r3_load32(wakeAddress)
      if take(for: thread) { break }
      CurrentThread.leaveIfHalted()
      if let schedule = Machine.current.schedule {
        schedule.spin("a processor", 0)
        continue
      }
      r3_futex_wait(wakeAddress, seen, 200_000)
    }
    r3_add32(waiterAddress, .max)
  }

  private var wakeAddress: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<ProcessorState>.offset(of: \.wakeWord)!)
      .assumingMemoryBound(to: UInt32.self)
  }

  private var waiterAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<ProcessorState>.offset(of: \.waiterCount)!
  }
}
