import CDriverKit
import CRing3
import Machine
import NTTypes

// What must not lie in paged pool, as it is set up or used; in a verified machine.

/// The system touches what waits and runs at DISPATCH_LEVEL.
private func checkResident(_ object: UnsafeMutableRawPointer, rule: UInt64 = 0xE1) {
  let machine = Machine.current
  let address = UInt(bitPattern: object)
  if machine.verifier.contains(.forceIRQLChecking), machine.pool.isPaged(address) {
    machine.report(0xC4, rule, UInt64(address))
  }
}

@c(r3_verified_KeInitializeEvent)
func verifiedKeInitializeEvent(
  _ event: UnsafeMutablePointer<KEVENT>, _ type: UInt32, _ state: UInt32
) {
  checkResident(event)
  keInitializeEvent(event, type, state)
}

@c(r3_verified_KeInitializeMutex)
func verifiedKeInitializeMutex(_ mutex: UnsafeMutablePointer<KMUTANT>, _ level: UInt32) {
  checkResident(mutex)
  keInitializeMutex(mutex, level)
}

@c(r3_verified_KeInitializeSemaphore)
func verifiedKeInitializeSemaphore(
  _ semaphore: UnsafeMutablePointer<KSEMAPHORE>, _ count: Int32, _ limit: Int32
) {
  checkResident(semaphore)
  keInitializeSemaphore(semaphore, count, limit)
}

@c(r3_verified_KeInitializeTimer)
func verifiedKeInitializeTimer(_ timer: UnsafeMutablePointer<KTIMER>) {
  checkResident(timer)
  keInitializeTimer(timer)
}

@c(r3_verified_KeInitializeTimerEx)
func verifiedKeInitializeTimerEx(_ timer: UnsafeMutablePointer<KTIMER>, _ type: UInt32) {
  checkResident(timer)
  keInitializeTimerEx(timer, type)
}

@c(r3_verified_ExQueueWorkItem)
func verifiedExQueueWorkItem(_ item: UnsafeMutablePointer<WORK_QUEUE_ITEM>, _ queue: UInt32) {
  checkResident(item, rule: 0x131)
  exQueueWorkItem(item, queue)
}
