import CRing3
import Machine
import NTTypes

@c(r3_ProbeForRead)
func probeForRead(_ address: UInt, _ count: UInt, _ alignment: UInt32) {
  checkProbe(address, count, alignment)
}

@c(r3_ProbeForWrite)
func probeForWrite(_ address: UInt, _ count: UInt, _ alignment: UInt32) {
  checkProbe(address, count, alignment)
  guard count > 0 else { return }
  let machine = Machine.current
  if CurrentThread.irql > Irql.apc.rawValue {
    // The probe touches pageable memory.
    machine.bugCheck(0xA, UInt64(address), UInt64(CurrentThread.irql), 1, 0)
  }
  if !CurrentThread.process.touch(address, Int(count), forWriting: true) {
    machine.raise(.accessViolation)
  }
}

/// What both probes check; they raise in the driver.
private func checkProbe(_ address: UInt, _ count: UInt, _ alignment: UInt32) {
  guard count > 0 else { return }
  if alignment > 1, address & UInt(alignment - 1) != 0 {
    Machine.current.raise(.datatypeMisalignment)
  }
  let (end, overflow) = address.addingReportingOverflow(count)
  if overflow || end > UserRange.probeEnd { Machine.current.raise(.accessViolation) }
}

extension Machine {
  /// Raises a status in the driver that called the running export.
  func raise(_ status: NTStatus) -> Never { raise(status: status.bits) }
}
