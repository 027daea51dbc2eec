import CDriverKit
import CRing3
import NTTypes

// Waits and regions of a verified machine.

/// A thread at DISPATCH_LEVEL may look, with a timeout of zero, and not wait.
private func checkWait(
  _ object: UnsafeMutableRawPointer?, _ mode: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?
) {
  let machine = Machine.current
  let target = UInt64(UInt(bitPattern: object))
  defer { checkPlace(machine, target, mode) }
  guard machine.verifier.contains(.ddiCompliance) else { return }
  let level = CurrentThread.irql
  if level > IRQL.dispatch {
    machine.bugCheck(0xC4, 0x120, UInt64(level), target, UInt64(UInt(bitPattern: timeout)))
  }
  if level == IRQL.dispatch, timeout == nil {
    machine.bugCheck(0xC4, 0x121, UInt64(level), target, 0)
  }
  if level == IRQL.dispatch, timeout?.pointee.QuadPart != 0 {
    machine.bugCheck(0xC4, 0x122, UInt64(level), target, UInt64(UInt(bitPattern: timeout)))
  }
}

/// The stack of a thread that waits for a program may be taken from memory.
private func checkPlace(_ machine: Machine, _ object: UInt64, _ mode: UInt32) {
  let thread = CurrentThread.pointer
  if machine.verifier.contains(.miscellaneous), mode & 0xFF != 0,
    object >= thread.pointee.stackLimit, object < thread.pointee.stackBase
  {
    machine.report(0xC4, 0x123, object)
  }
}

@c(r3_verified_KeWaitForSingleObject)
func verifiedKeWaitForSingleObject(
  _ object: UnsafeMutableRawPointer, _ reason: UInt32, _ mode: UInt32, _ alertable: UInt32,
  _ timeout: UnsafePointer<LARGE_INTEGER>?
) -> Int32 {
  checkWait(object, mode, timeout)
  return Machine.current.notingMutex {
    keWaitForSingleObject(object, reason, mode, alertable, timeout)
  }
}

@c(r3_verified_KeWaitForMultipleObjects)
func verifiedKeWaitForMultipleObjects(
  _ count: UInt32, _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ type: UInt32,
  _ reason: UInt32, _ mode: UInt32, _ alertable: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?,
  _ blocks: UnsafeMutablePointer<KWAIT_BLOCK>?
) -> Int32 {
  for index in 0..<Int(count) { checkWait(objects[index], mode, timeout) }
  return Machine.current.notingMutex {
    keWaitForMultipleObjects(count, objects, type, reason, mode, alertable, timeout, blocks)
  }
}

@c(r3_verified_KeDelayExecutionThread)
func verifiedKeDelayExecutionThread(
  _ mode: UInt32, _ alertable: UInt32, _ interval: UnsafePointer<LARGE_INTEGER>
) -> Int32 {
  checkWait(nil, 0, interval)
  return keDelayExecutionThread(mode, alertable, interval)
}

@c(r3_verified_KeLeaveCriticalRegion)
func verifiedKeLeaveCriticalRegion() {
  let machine = Machine.current
  if machine.verifier.contains(.ddiCompliance), CurrentThread.pointer.pointee.apcsDisabled == 0 {
    machine.report(0xC4, 0x3E)
    // There is no region to leave.
    return
  }
  keLeaveCriticalRegion()
}

@c(r3_verified_KeLeaveGuardedRegion)
func verifiedKeLeaveGuardedRegion() {
  let machine = Machine.current
  if machine.verifier.contains(.ddiCompliance), CurrentThread.pointer.pointee.apcsDisabled == 0 {
    machine.report(0xC4, 0x0004_000E)
    return
  }
  keLeaveGuardedRegion()
}
