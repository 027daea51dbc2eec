import CDriverKit
import CRing3
import IOManager
import Machine
import NTTypes
import Memory

// What the class `dma` looks at when a driver calls a routine of its adapter: bug check 0xE6.
extension DmaAdapter {
  private var isChecked: Bool { machine.verifier.contains(.dma) }

  /// The adapter of a call: a driver uses one until it gives it back, at the level of the routine.
  static func called(
    _ address: AdapterAddress, at levels: ClosedRange<UInt8> = 0...IRQL.dispatch,
    _ routine: StaticString
  ) -> DmaAdapter {
    let adapter = DmaAdapter(driverPointer: address)
    if adapter.isChecked { adapter.check(levels, name(routine)) }
    return adapter
  }

  private func check(_ levels: ClosedRange<UInt8>, _ routine: UnsafePointer<CChar>) {
    if state.pointee.isPut { machine.bugCheck(0xE6, 0x18, bits(state), 0, 0, subject: routine) }
    let level = CurrentThread.irql
    if levels.contains(level) { return }
    let isExact = levels.lowerBound == levels.upperBound
    machine.report(
      0xE6, 0x13, isExact ? 1 : 2, UInt64(levels.upperBound), UInt64(level), subject: routine)
  }

  /// The buffer of a transfer: of some bytes, within its list, and locked or never paged.
  func checkBuffer(_ mdl: Mdl, at address: UInt, _ byteCount: Int, _ routine: StaticString) {
    guard isChecked else { return }
    let start = address &- mdl.address
    if start > UInt(mdl.byteCount) {
      machine.bugCheck(0xE6, 0x1B, UInt64(address), bits(mdl.pointer), 0, subject: name(routine))
    }
    checkBuffer(mdl, byteCount, routine)
  }

  /// The same for a buffer that is told by an offset.
  func checkBuffer(_ mdl: Mdl, _ byteCount: Int, _ routine: StaticString) {
    guard isChecked else { return }
    if byteCount == 0 {
      machine.report(0xE6, 0x21, bits(state), bits(mdl.pointer), subject: name(routine))
    }
    if mdl.flags.isDisjoint(with: [.pagesLocked, .sourceIsNonpagedPool, .partial, .ioSpace]) {
      machine.bugCheck(0xE6, 0x0E, bits(mdl.pointer), 0, 0, subject: name(routine))
    }
  }

  /// One channel at a time is taken, and let go once.
  func checkChannel(_ routine: StaticString) {
    if isChecked, !state.pointee.isChannelBusy {
      machine.bugCheck(0xE6, 4, 1, 0, 0, subject: name(routine))
    }
  }

  /// What an adapter that is given back still has; 0 for nothing.
  var leftovers: (rule: UInt64, count: Int) {
    if state.pointee.isChannelBusy || state.pointee.firstRequest != nil { return (8, 1) }
    if state.pointee.commonBufferCount > 0 { return (7, state.pointee.commonBufferCount) }
    var lists = 0
    var count = 0
    var next = state.pointee.registers
    while let registers = next {
      count += registers.pointee.count
      if registers.pointee.isOfList { lists += 1 }
      next = registers.pointee.next
    }
    if lists > 0 { return (0xA, lists) }
    return count > 0 ? (9, count) : (0, 0)
  }
}
