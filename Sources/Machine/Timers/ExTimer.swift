import CDriverKit
import CRing3
import Glibc

/// A timer of `ExAllocateTimer`: a kernel timer whose DPC calls the driver's routine.
struct ExTimer {
  /// First, so that a driver can wait for the timer.
  var timer = KTIMER()
  var dpc = KDPC()
  var callback: UnsafeMutableRawPointer?
  var context: UnsafeMutableRawPointer?
  /// Called when a timer that was deleted is gone.
  var deleteCallback: UnsafeMutableRawPointer?
  var deleteContext: UnsafeMutableRawPointer?
  /// Kept until the machine ends: a driver may still hold the address of a timer that it deleted.
  var isDeleted = false
  /// Whether there is a verdict of it.
  var isReported = false
  /// Who asked for it, in a verified machine.
  var origin: StackNumber = 0
  var next: UnsafeMutablePointer<ExTimer>?
}

extension UnsafeMutablePointer where Pointee == ExTimer {
  var kernelTimer: KernelTimer {
    KernelTimer(UnsafeMutableRawPointer(self).assumingMemoryBound(to: KTIMER.self))
  }

  var dpc: UnsafeMutablePointer<KDPC> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<ExTimer>.offset(of: \.dpc)!)
      .assumingMemoryBound(to: KDPC.self)
  }

  /// TIMER_OR_DPC_INVALID for a timer that was deleted.
  func check() {
    if pointee.isDeleted { Machine.current.bugCheck(0xC7, 0, bits(self)) }
  }
}

extension Machine {
  func makeExTimer(
    _ callback: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
    isNotification: Bool
  ) -> UnsafeMutablePointer<ExTimer>? {
    guard let block = calloc(1, MemoryLayout<ExTimer>.size) else { return nil }
    let timer = block.bindMemory(to: ExTimer.self, capacity: 1)
    timer.initialize(to: ExTimer(callback: callback, context: context))
    timer.kernelTimer.initialize(isSynchronization: !isNotification)
    let expired: DPC.Routine = { dpc in
      let timer = dpc.pointee.DeferredContext.assumingMemoryBound(to: ExTimer.self)
      guard let callback = timer.pointee.callback, !timer.pointee.isDeleted else { return }
      _ = r3_call2(callback, bits(timer), bits(timer.pointee.context))
    }
    DPC.initialize(timer.dpc, host: expired, block)
    lockDispatcher()
    timer.pointee.next = system.pointee.exTimers
    system.pointee.exTimers = timer
    unlockDispatcher()
    return timer
  }

  /// Gives the memory of all these timers back; the machine has ended.
  func destroyExTimers() {
    while let timer = system.pointee.exTimers {
      system.pointee.exTimers = timer.pointee.next
      free(timer)
    }
  }
}

// EX_TIMER_NOTIFICATION is bit 31 of the attributes; the others concern resolution and power.
@c(r3_ExAllocateTimer)
func exAllocateTimer(
  _ callback: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?, _ attributes: UInt32
) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  let timer = machine.makeExTimer(
    callback, context, isNotification: attributes & 0x8000_0000 != 0)
  if !machine.verifier.isEmpty { timer?.pointee.origin = machine.noteStack() }
  return UnsafeMutableRawPointer(timer)
}

// The period is in units of 100 ns here.
@c(r3_ExSetTimer)
func exSetTimer(
  _ address: UnsafeMutableRawPointer, _ due: Int64, _ period: Int64,
  _ parameters: UnsafeMutableRawPointer?
) -> UInt8 {
  let timer = address.assumingMemoryBound(to: ExTimer.self)
  timer.check()
  let wasRunning = timer.kernelTimer.set(
    due: due, periodUnits: UInt64(max(period, 0)), timer.dpc)
  return wasRunning ? 1 : 0
}

@c(r3_ExCancelTimer)
func exCancelTimer(_ address: UnsafeMutableRawPointer, _ parameters: UnsafeMutableRawPointer?)
  -> UInt8
{
  let timer = address.assumingMemoryBound(to: ExTimer.self)
  timer.check()
  return timer.kernelTimer.cancel() ? 1 : 0
}

@c(r3_ExDeleteTimer)
func exDeleteTimer(
  _ address: UnsafeMutableRawPointer, _ cancel: UInt32, _ wait: UInt32,
  _ parameters: UnsafePointer<UInt64>?
) -> UInt8 {
  let timer = address.assumingMemoryBound(to: ExTimer.self)
  timer.check()
  let wasRunning = cancel & 0xFF != 0 ? timer.kernelTimer.cancel() : false
  let isWaiting = cancel & 0xFF != 0 && wait & 0xFF != 0
  if isWaiting, !DPC.remove(timer.dpc) { DPC.flush() }
  timer.pointee.isDeleted = true
  // EXT_DELETE_PARAMETERS: version, reserved, callback, context.
  if let callback = parameters.flatMap({ UnsafeMutableRawPointer(bitPattern: UInt($0[1])) }) {
    _ = r3_call1(callback, parameters?[2] ?? 0)
  }
  return wasRunning ? 1 : 0
}
