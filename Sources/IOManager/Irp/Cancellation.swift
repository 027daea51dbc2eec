import CDriverKit
import CRing3
import NTTypes
import Glibc
import Machine

extension IOManager {
  /// Cancels an IRP: `IoCancelIrp`.
  ///
  /// - Returns: whether there was a cancel routine; it has run then, and owns the completion.
  package func cancelIRP(_ irp: IRPPointer) -> Bool {
    if irp.pointee.Type != 6 { violation(3, bits(irp)) }
    let level = acquireCancelLock()
    irp.pointee.Cancel = 1
    guard let routine = swapCancelRoutine(irp, nil) else {
      releaseCancelLock(level)
      return false
    }
    if irp.pointee.CurrentLocation > irp.pointee.StackCount + 1 {
      machine.bugCheck(0x48, bits(irp), bits(routine), 0, 0)
    }
    irp.pointee.CancelIrql = level
    if !machine.verifier.isEmpty { machine.lockTaken(UInt(bitPattern: cancelLockAddress), .cancel) }
    let device =
      irp.pointee.CurrentLocation <= irp.pointee.StackCount
      ? irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.DeviceObject : nil
    _ = r3_call2(routine, bits(device), bits(irp))
    checkCancelLock(irp, routine)
    return true
  }

  /// DRIVER_RETURNED_HOLDING_CANCEL_LOCK: a cancel routine lets the lock go that it is called with.
  private func checkCancelLock(_ irp: IRPPointer, _ routine: UnsafeMutableRawPointer) {
    let mine = UInt64(UInt(bitPattern: r3_current())) | 1
    guard r3_load64(cancelLockAddress) == mine else { return }
    machine.bugCheck(
      0x11B, bits(irp), bits(routine),
      causes: Causes(.returned, noteRoutine(routine)))
  }

  static var cancelRoutineOffset: Int { 0x68 }

  /// Exchanges the cancel routine of an IRP, as IoSetCancelRoutine does.
  package func swapCancelRoutine(_ irp: IRPPointer, _ routine: UnsafeMutableRawPointer?)
    -> UnsafeMutableRawPointer?
  {
    let slot = UnsafeMutableRawPointer(irp) + Self.cancelRoutineOffset
    return UnsafeMutableRawPointer(bitPattern: UInt(r3_swap64(slot, bits(routine))))
  }

  /// Takes the cancel spin lock; gives the level to go back to.
  package func acquireCancelLock() -> UInt8 {
    let level = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    SpinLock(cancelLockAddress).acquire()
    return level
  }

  /// Lets the cancel spin lock go and lowers the level: the end of a cancel routine of this program's own.
  package func releaseCancelLock(_ level: UInt8) {
    if !machine.verifier.isEmpty {
      machine.lockReleased(UInt(bitPattern: cancelLockAddress), .cancel, .mine, lowersTo: level)
    }
    dropCancelLock(level)
  }

  /// The same, where whoever keeps book of locks knows already.
  func dropCancelLock(_ level: UInt8) {
    SpinLock(cancelLockAddress).release()
    IRQL.lower(to: level)
  }

  var cancelLockAddress: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(state)
      + MemoryLayout<IOManagerState>.offset(of: \.cancelLock).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt64.self)
  }
}
