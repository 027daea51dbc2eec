import CRing3
import Machine
import NTTypes

// What drivers leave behind.
extension Pool {
  /// Finds the blocks that an unloaded driver left: 0xC4/0x62, with `keepsGoing` a verdict for each stack.
  ///
  /// - Parameters:
  ///   - name: the driver's.
  ///   - describe: says of what a block is a part, if it is more than pool; it lives as long as the machine.
  package func checkUnload(
    of range: Range<UInt>, name: UnsafePointer<CChar>? = nil,
    describing describe: (PoolBlock) -> UnsafePointer<CChar>? = { _ in nil }
  ) {
    guard checks(.poolTracking) else { return }
    // What MmGetSystemRoutineAddress made at the driver's wish is the system's, and stays.
    let left = blocks(askedForIn: range).filter { $0.tag != Self.stubTag }
    let byteCount = left.reduce(0) { $0 + $1.byteCount }
    var subjects: [StackNumber: UnsafePointer<CChar>] = [:]
    let described = left.map { (block: $0, text: describe($0)) }
    for (block, text) in described { if let text { subjects[block.allocated] = text } }
    // Objects say most, so they come first; what belongs to one has the stack of its making.
    for (block, text) in described.filter({ $0.text != nil }) + described.filter({ $0.text == nil })
    {
      machine.report(
        0xC4, 0x62, UInt64(UInt(bitPattern: name)), UInt64(byteCount), UInt64(left.count),
        subject: text ?? subjects[block.allocated] ?? name,
        causes: Causes(.allocated, block.allocated))
    }
  }
}
