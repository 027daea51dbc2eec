import Machine
import NTTypes

extension Process {
  /// Ends the process's memory: a bug check when a driver left pages locked, else everything is given back.
  ///
  /// Called inside the kernel, after the requests of the process have ended.
  package func endMemory() {
    let count = pointer.pointee.space.locks.pageCount
    guard let lock = pointer.pointee.space.locks.newest else {
      decommitAll()
      return
    }
    if machine.verifier.contains(.poolTracking) {
      // DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS
      machine.bugCheck(
        0xCB, lock.callers.0, lock.callers.1, UInt64(lock.owner), UInt64(count),
        subject: name("MmProbeAndLockPages"))
    }
    machine.bugCheck(
      0x76, 0, UInt64(UInt(bitPattern: pointer)), UInt64(count), 0,
      subject: name("MmProbeAndLockPages"))
  }
}
