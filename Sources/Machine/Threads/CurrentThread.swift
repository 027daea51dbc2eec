import CRing3
import Glibc

/// The kernel thread that runs here.
public enum CurrentThread {
  /// Its block.
  ///
  /// Only to be used inside a kernel.
  @inlinable public static var pointer: UnsafeMutablePointer<R3Thread> {
    r3_current().unsafelyUnwrapped
  }

  /// The thread object, as a driver sees it.
  @inlinable public static var thread: Thread {
    Thread(pointer.pointee.currentThread.assumingMemoryBound(to: ThreadState.self))
  }

  /// The process whose addresses mean something now.
  @inlinable public static var process: Process {
    Process(pointer.pointee.process.assumingMemoryBound(to: ProcessState.self))
  }

  /// Level of the processor that this thread runs on.
  @inlinable public static var irql: UInt8 {
    get { pointer.pointee.irql }
    set { pointer.pointee.irql = newValue }
  }

  /// Abandons the kernel stack: the machine has ended.
  @inline(never)
  @usableFromInline package static func leave() -> Never {
    if let thread = r3_current(), thread.pointee.hostStack != 0 { r3_leave(thread, 0) }
    fatalError("A kernel routine was called outside a kernel, or after its machine had ended.")
  }

  /// Makes what stays with the system: no driver that happens to be on the stack has asked for it.
  package static func makingForSystem<Made>(_ body: () -> Made) -> Made {
    let thread = pointer
    let frames = thread.pointee.frames
    thread.pointee.frames = nil
    let made = body()
    thread.pointee.frames = frames
    return made
  }

  /// Leaves when a bug check has ended the machine of this thread.
  package static func leaveIfHalted() {
    if let thread = r3_current(), thread.pointee.hostStack != 0, let halted = thread.pointee.halted,
      r3_load32(halted) != 0
    {
      leave()
    }
  }
}
