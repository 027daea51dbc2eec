import CDriverKit
import CRing3

@c(r3_KeInitializeApc)
func keInitializeApc(
  _ apc: UnsafeMutablePointer<KAPC>, _ thread: UnsafeMutableRawPointer, _ environment: UInt32,
  _ kernelRoutine: UnsafeMutableRawPointer?, _ rundownRoutine: UnsafeMutableRawPointer?,
  _ normalRoutine: UnsafeMutableRawPointer?, _ mode: UInt32, _ context: UnsafeMutableRawPointer?
) {
  APC.initialize(
    apc, thread: Thread(thread.assumingMemoryBound(to: ThreadState.self)),
    kernelRoutine: kernelRoutine, rundownRoutine: rundownRoutine, normalRoutine: normalRoutine,
    mode: UInt8(mode & 1), context: context)
}

@c(r3_KeInsertQueueApc)
func keInsertQueueApc(
  _ apc: UnsafeMutablePointer<KAPC>, _ argument1: UnsafeMutableRawPointer?,
  _ argument2: UnsafeMutableRawPointer?, _ increment: Int32
) -> UInt8 {
  APC.insert(apc, argument1, argument2) ? 1 : 0
}

@c(r3_KeRemoveQueueApc)
func keRemoveQueueApc(_ apc: UnsafeMutablePointer<KAPC>) -> UInt8 { APC.remove(apc) ? 1 : 0 }

@c(r3_KeEnterCriticalRegion)
func keEnterCriticalRegion() { CurrentThread.enterCriticalRegion() }

@c(r3_KeLeaveCriticalRegion)
func keLeaveCriticalRegion() { CurrentThread.leaveCriticalRegion() }

@c(r3_KeEnterGuardedRegion)
func keEnterGuardedRegion() { CurrentThread.enterGuardedRegion() }

@c(r3_KeLeaveGuardedRegion)
func keLeaveGuardedRegion() { CurrentThread.leaveGuardedRegion() }

@c(r3_KeAreApcsDisabled)
func keAreApcsDisabled() -> UInt8 {
  let wait = CurrentThread.thread.wait
  return wait.pointee.apcDisable != 0 || wait.pointee.specialAPCDisable != 0 ? 1 : 0
}

@c(r3_KeAreAllApcsDisabled)
func keAreAllApcsDisabled() -> UInt8 {
  let isDisabled =
    CurrentThread.thread.wait.pointee.specialAPCDisable != 0 || CurrentThread.irql >= IRQL.apc
  return isDisabled ? 1 : 0
}
