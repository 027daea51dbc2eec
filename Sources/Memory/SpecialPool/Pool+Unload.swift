import CRing3
import Machine
import NTTypes

// What drivers leave behind.
extension Pool {
  /// Finds the blocks that an unloaded driver left: 0xC4/0x62, with `keepsGoing` a verdict for each stack.
  package func checkUnload(of range: Range<UInt>, name: UnsafePointer<CChar>? = nil) {
    guard checks(.poolTracking) else { return }
    // What MmGetSystemRoutineAddress made at the driver's wish is the system's, and stays.
    let left = blocks(askedForIn: range).filter { $0.tag != Self.stubTag }
    let byteCount = left.reduce(0) { $0 + $1.byteCount }
    for block in left {
      machine.report(
        0xC4, 0x62, UInt64(UInt(bitPattern: name)), UInt64(byteCount), UInt64(left.count),
        subject: name, causes: Causes(.allocated, block.allocated))
    }
  }
}
