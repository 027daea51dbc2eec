import CRing3
import Machine
import NTTypes

// What a verified machine looks at before a driver copies memory.

/// Whether the ranges overlap, and whether the driver has room for so much.
func checkCopy(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  checkOverlap(UInt(bitPattern: destination), UInt(bitPattern: source), count)
  checkRoom(destination, source, count)
}

/// Whether the driver has room for so much.
func checkRoom(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  guard count > 0 else { return }
  let machine = Machine.current
  let to = UInt(bitPattern: destination)
  let from = UInt(bitPattern: source)
  machine.checkShadow(to, count, isWrite: true)
  machine.checkShadow(from, count, isWrite: false)
  checkReturnAddress(to, count, machine)
  // Otherwise a copy of more than was probed would be told before the damage that it does.
  if from < UserRange.end { checkGuards(to, count, isWrite: true, machine) }
  if to < UserRange.end { checkGuards(from, count, isWrite: false, machine) }
}

private func checkOverlap(_ to: UInt, _ from: UInt, _ count: UInt) {
  let distance = to &- from
  // A compiler copies a structure to itself in this way.
  guard distance != 0, distance < count || 0 &- distance < count else { return }
  let machine = Machine.current
  guard machine.verifier.contains(.miscellaneous) else { return }
  machine.report(
    0xC4, 0xF0, UInt64(to), UInt64(from), UInt64(count), subject: overlapSubject(to, from, count))
}

/// What a copy is likely to be whose destination lies on the stack, below its source: one that is longer
/// than the local variable that it fills.
private func overlapSubject(_ to: UInt, _ from: UInt, _ count: UInt) -> UnsafePointer<CChar>? {
  let thread = CurrentThread.pointer
  guard from > to, UInt64(to) >= thread.pointee.stackLimit,
    UInt64(from) < thread.pointee.stackBase
  else { return nil }
  let text: StaticString = "the copy probably runs over the end of a local variable on the stack"
  return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// A copy into a buffer on the stack must end before the return address of the buffer's function.
private func checkReturnAddress(_ to: UInt, _ count: UInt, _ machine: Machine) {
  guard let find = machine.state.pointee.hooks.returnSlot else { return }
  let slot = find(to)
  guard slot != 0, count > slot &- to else { return }
  machine.bugCheck(0x5233_0007, UInt64(to), UInt64(count), UInt64(slot))
}

/// A copy between a program's memory and a block that is too short for it.
private func checkGuards(_ start: UInt, _ count: UInt, isWrite: Bool, _ machine: Machine) {
  guard let judge = machine.state.pointee.hooks.judgeGuardedFault, start >= UserRange.end else {
    return
  }
  var address = start
  // Blocks have a guard behind each few pages, or are as long as copies seldom are.
  for _ in 0..<64 {
    var guarded = GuardedFault(isInDriver: true)
    if withUnsafeMutablePointer(to: &guarded, { judge(address, UnsafeMutableRawPointer($0)) }) {
      let caller = CurrentThread.pointer.pointee.frames.map { $0.pointee.rip } ?? 0
      machine.bugCheck(
        guarded.code, UInt64(address), isWrite ? 1 : 0, caller, causes: guarded.causes)
    }
    let next = (address | pageMask) &+ 1
    if next &- start >= count { return }
    address = next
  }
}
