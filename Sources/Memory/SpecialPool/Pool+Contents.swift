import CRing3
import Machine
import NTTypes

// What a block must not hold any more as it is released.
extension Pool {
  /// Looks for what is in use in a block: locks, timers, DPCs, work items and lists.
  func checkContents(_ address: UInt, _ byteCount: Int, _ causes: Causes) {
    let range = address..<(address + UInt(max(byteCount, 1)))
    if checks(.deadlockDetection) { machine.memoryWithLocksGoes(range) }
    guard checks(.miscellaneous) else { return }
    let (start, end) = (UInt64(range.lowerBound), UInt64(range.upperBound))
    if let timer = machine.runningTimer(in: range) {
      machine.bugCheck(0xC4, 0x15, number(timer), start, UInt64(byteCount), causes: causes)
    }
    if let dpc = DPC.queued(in: range, of: machine) {
      machine.bugCheck(
        0xC7, 1, number(dpc), start, end, rule: "PoolHoldsQueuedDpc", causes: causes)
    }
    if let item = machine.queuedWorkItem(in: range) {
      machine.bugCheck(0xE4, 0, number(item), start, end, causes: causes)
    }
    if let resource = machine.activeResource(in: range) {
      machine.bugCheck(0xC4, 0x17, number(resource), start, UInt64(byteCount), causes: causes)
    }
    if let list = machine.lookaside.list(in: range) {
      machine.bugCheck(0xC4, 0xCC, UInt64(list), start, UInt64(byteCount), causes: causes)
    }
  }

  private func number(_ pointer: UnsafeMutableRawPointer) -> UInt64 {
    UInt64(UInt(bitPattern: pointer))
  }
}
