import CRing3

/// The levels of a processor, and how a thread moves between them.
public enum IRQL {
  @inlinable public static var passive: UInt8 { 0 }
  @inlinable public static var apc: UInt8 { 1 }
  @inlinable public static var dispatch: UInt8 { 2 }
  @inlinable public static var synch: UInt8 { 12 }
  @inlinable public static var ipi: UInt8 { 14 }
  @inlinable public static var high: UInt8 { 15 }

  /// Raises the level of the current thread and returns the level before: `KfRaiseIrql`.
  ///
  /// From DISPATCH_LEVEL on the thread has its processor alone. A new level below the current one
  /// is bug check 0x9.
  @discardableResult
  package static func raise(to level: UInt8) -> UInt8 {
    let thread = CurrentThread.pointer
    let old = thread.pointee.irql
    if level < old || level > high { refuseRaise(old, level) }
    if level >= dispatch && old < dispatch { takeProcessor(thread) }
    thread.pointee.irql = level
    return old
  }

  /// Lowers the level of the current thread: `KeLowerIrql`.
  ///
  /// Below DISPATCH_LEVEL the DPCs of the processor run first; below APC_LEVEL pending kernel APCs
  /// are delivered. A new level above the current one is bug check 0xA.
  package static func lower(to level: UInt8) {
    let thread = CurrentThread.pointer
    let old = thread.pointee.irql
    if level > old { refuseLower(old, level) }
    if old >= dispatch && level < dispatch { releaseProcessor(thread) }
    thread.pointee.irql = level
    if level == passive && thread.pointee.attention & Attention.kernelAPC != 0 {
      APC.deliverKernel()
    }
  }

  /// Runs `body` at DISPATCH_LEVEL.
  package static func atDispatch<R>(_ body: () -> R) -> R {
    let old = raise(to: max(dispatch, CurrentThread.irql))
    let result = body()
    lower(to: old)
    return result
  }

  @inline(__always)
  private static func takeProcessor(_ thread: UnsafeMutablePointer<R3Thread>) {
    if !thread.home.take(for: thread) { takeSomeProcessor(thread) }
    if let raised = Machine.current.state.pointee.hooks.levelRaised { raised() }
  }

  /// Another processor does as well: below DISPATCH_LEVEL a thread may move at any time.
  @inline(never)
  private static func takeSomeProcessor(_ thread: UnsafeMutablePointer<R3Thread>) {
    let machine = Machine.current
    let processors = machine.state.pointee.processors
    let allowed = CurrentThread.thread.pointer.pointee.affinity
    for number in 0..<processors.count where allowed & (1 << UInt64(number)) != 0 {
      let processor = processors.states + number
      if processor.take(for: thread) {
        processors.place(thread, on: processor)
        return
      }
    }
    thread.home.takeSlowly(for: thread)
  }

  @inline(__always)
  private static func releaseProcessor(_ thread: UnsafeMutablePointer<R3Thread>) {
    let processor = thread.home
    if processor.pointee.dpcRunning != 0 { refuseLower(thread.pointee.irql, passive) }
    if processor.pointee.dpcHead != nil {
      thread.pointee.irql = dispatch
      DPC.retire(processor)
    }
    if let lowered = Machine.current.state.pointee.hooks.levelLowered { lowered() }
    processor.giveBack()
  }

  /// Bug check IRQL_NOT_GREATER_OR_EQUAL.
  @inline(never)
  private static func refuseRaise(_ old: UInt8, _ level: UInt8) -> Never {
    Machine.current.bugCheck(0x9, UInt64(level), UInt64(old), 0, 0)
  }

  /// Bug check IRQL_NOT_LESS_OR_EQUAL.
  @inline(never)
  private static func refuseLower(_ old: UInt8, _ level: UInt8) -> Never {
    Machine.current.bugCheck(0xA, UInt64(level), UInt64(old), 0, 0)
  }
}

/// Bits of `R3Thread.attention`.
package enum Attention {
  /// The thread's identity may be borrowed while its host thread is outside: ``ThreadHost``.
  ///
  /// Set and cleared by the thread itself.
  package static let borrowable: UInt32 = 1
  /// A kernel APC is queued.
  package static let kernelAPC: UInt32 = 2
  /// User APCs are to run before the thread goes back to user mode.
  package static let userAPC: UInt32 = 4
  /// Whoever enters waits for his turn: ``Machine/schedule``.
  package static let scheduled: UInt32 = 8
}

extension UnsafeMutablePointer where Pointee == R3Thread {
  /// The word of ``Attention`` bits.
  var attentionAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<R3Thread>.offset(of: \.attention)!
  }

  /// Level, regions and attention in one word: 0 when a thread may simply leave the kernel.
  @inlinable package var exitWord: UInt64 {
    UnsafeRawPointer(self).load(fromByteOffset: 0x50, as: UInt64.self)
  }
}
