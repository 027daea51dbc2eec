import CRing3
import Glibc
import Machine
import NTTypes

// What is checked before a block is given or taken back.
extension Pool {
  /// Level of the caller; host threads outside a kernel are at PASSIVE_LEVEL.
  private var irql: UInt8 {
    guard let thread = r3_current(), thread.pointee.hostStack != 0 else { return 0 }
    return thread.pointee.irql
  }

  // MARK: Allocating

  func checkRequest(_ request: PoolRequest) {
    let limit: UInt8 = request.kind == .paged ? 1 : 2
    if irql > limit {
      let level = UInt64(irql)
      let size = UInt64(truncatingIfNeeded: request.byteCount)
      if checks(.ddiCompliance) {
        machine.bugCheck(
          0xC4, request.kind == .paged ? 0x01 : 0x02, level, request.kind.poolType, size)
      }
      machine.bugCheck(0xC2, 0x08, level, request.kind.poolType, size)
    }
    if request.kind == .nonpagedExecutable, state.pointee.forbidsExecutable,
      request.tag != Self.stubTag
    {
      machine.bugCheck(0xC4, 0x2000, Self.site, request.kind.poolType, UInt64(request.tag))
    }
    if checks(.poolTracking) { verify(request) }
  }

  private func verify(_ request: PoolRequest) {
    let type = request.kind.poolType
    if request.byteCount == 0 {
      machine.bugCheck(0xC4, 0x00, UInt64(irql), type, UInt64(request.tag))
    }
    if let fault = Self.tagFault(request.tag) {
      machine.bugCheck(0xC2, fault, type, UInt64(request.byteCount), Self.site)
    }
    if request.process != nil, isInDPC {
      machine.bugCheck(0xC4, 0x10B, UInt64(irql), type, UInt64(request.byteCount))
    }
  }

  /// What is wrong with a tag: the first parameter of bug check 0xC2.
  static func tagFault(_ tag: UInt32) -> UInt64? {
    if tag == 0 { return 0x9B }
    // "BIG" and "BIG ".
    if tag == 0x0047_4942 || tag == 0x2047_4942 { return 0x9C }
    var rest = tag
    while rest != 0 {
      let byte = rest & 0xFF
      // A digit, or a letter of either case.
      if byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 { return nil }
      rest >>= 8
    }
    return 0x9D
  }

  private var isInDPC: Bool {
    guard irql >= 2, let processor = r3_current()?.pointee.processor else { return false }
    return processor.assumingMemoryBound(to: ProcessorState.self).pointee.dpcRunning != 0
  }

  // MARK: Freeing

  func checkFreeLevel(_ address: UInt) {
    let offset = address &- state.pointee.base
    let isPaged =
      offset < state.pointee.span && offset >> UInt(pageShift) >= UInt(state.pointee.pagedStart)
    guard irql > (isPaged ? 1 : 2) else { return }
    let kind = isPaged ? PoolKind.paged : .nonpaged
    if checks(.ddiCompliance) {
      machine.bugCheck(0xC4, isPaged ? 0x11 : 0x12, UInt64(irql), kind.poolType, UInt64(address))
    }
    machine.bugCheck(0xC2, 0x09, UInt64(irql), kind.poolType, UInt64(address))
  }

  func checkTag(_ address: UInt, _ owned: UInt32, _ passed: UInt32, _ causes: Causes) {
    guard passed != 0, passed != owned else { return }
    machine.report(
      0xC2, 0x0A, UInt64(address), UInt64(owned), UInt64(passed), causes: causes)
  }

  /// Looks for bytes written after the requested ones: the guard, or all of the rest when verifying.
  func checkGuard(_ block: Block, _ byteCount: Int, _ end: UInt, _ causes: Causes) {
    let room = Int(end - block.address) - byteCount
    guard room > 0 else { return }
    let length = verifies ? room : min(room, PoolLayout.guardByteCount)
    let start = block.address + UInt(byteCount)
    guard
      let wrong = FillPattern.firstOther(
        than: PoolLayout.guardByte, start..<(start + UInt(length)))
    else { return }
    let found = Block(wrong).pointer.load(as: UInt8.self)
    machine.bugCheck(
      0x19, 0x21, UInt64(block.address), UInt64(byteCount), UInt64(found), causes: causes)
  }
}
