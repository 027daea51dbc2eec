import CDriverKit
import CRing3
import Machine

extension IOManager {
  /// Cancels an IRP: `IoCancelIrp`.
  ///
  /// - Returns: whether there was a cancel routine; it has run then, and owns the completion.
  package func cancelIRP(_ irp: IRPPointer) -> Bool {
    let level = acquireCancelLock()
    irp.pointee.Cancel = 1
    let slot = UnsafeMutableRawPointer(irp) + Self.cancelRoutineOffset
    let routine = r3_swap64(slot, 0)
    guard let address = UnsafeRawPointer(bitPattern: UInt(routine)) else {
      releaseCancelLock(level)
      return false
    }
    irp.pointee.CancelIrql = level
    let device =
      irp.pointee.CurrentLocation <= irp.pointee.StackCount
      ? irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.DeviceObject : nil
    _ = r3_call2(address, UInt64(UInt(bitPattern: device)), UInt64(UInt(bitPattern: irp)))
    return true
  }

  static var cancelRoutineOffset: Int { 0x68 }

  /// Takes the cancel spin lock; gives the level to go back to.
  package func acquireCancelLock() -> UInt8 {
    let level = IRQL.raise(to: IRQL.dispatch)
    while !r3_cas64(&state.pointee.cancelLock, 0, 1) {
      CurrentThread.leaveIfHalted()
      r3_pause()
    }
    return level
  }

  /// Lets the cancel spin lock go and lowers the level.
  package func releaseCancelLock(_ level: UInt8) {
    if r3_swap64(&state.pointee.cancelLock, 0) == 0 {
      machine.bugCheck(0x10, UInt64(UInt(bitPattern: machine.state)), 0, 0, 0)
    }
    IRQL.lower(to: level)
  }
}
