import Glibc
import Machine
import NTTypes

extension Machine {
  /// Physical addresses at system addresses: RAM at its own, a device's memory at new ones.
  ///
  /// Nil when the range lies half in RAM, or the host refuses.
  package func mapPhysical(_ physical: UInt64, _ byteCount: UInt, protection: Int32)
    -> UnsafeMutableRawPointer?
  {
    let limit = UInt64(state.pointee.memory.frameCount) << 12
    let (last, overflow) = physical.addingReportingOverflow(UInt64(byteCount) &- 1)
    guard byteCount > 0, !overflow, last >> 12 < Self.firstHostFrame else { return nil }
    if last < limit {
      return UnsafeMutableRawPointer(bitPattern: state.pointee.memory.base + UInt(physical))
    }
    guard physical >= limit else { return nil }
    let first = physical >> 12
    let count = Int(last >> 12 - first) + 1
    if mdls.pointee.devices.hasRegisters(first) {
      return mapRegisters(first, count).map { $0 + Int(physical & 0xFFF) }
    }
    mdls.pointee.lock.lockStaying()
    let isThere = mdls.pointee.devices.provide(first, count)
    mdls.pointee.lock.unlock()
    guard isThere, let window = makeWindow(.device, pageCount: count) else { return nil }
    let isShown = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { frames in
      for index in 0..<count { frames[index] = first + UInt64(index) }
      guard let base = frames.baseAddress else { return false }
      return show(base, count, in: window, protection: protection)
    }
    guard isShown else {
      removeWindow(window)
      return nil
    }
    return UnsafeMutableRawPointer(bitPattern: window.pointee.base + UInt(physical & 0xFFF))
  }

  /// RAM that a driver maps must be somebody's: bug check 0xC4/0x83 for a frame that is free.
  fileprivate func checkAllocated(_ physical: UInt64, _ byteCount: UInt) {
    guard verifier.contains(.poolTracking), byteCount > 0, byteCount <= 1 << 40 else { return }
    let general = state.pointee.memory.general
    var frame = Int(truncatingIfNeeded: physical >> 12)
    let last = Int(truncatingIfNeeded: (physical &+ UInt64(byteCount) &- 1) >> 12)
    while frame <= last, frame < general.end {
      if frame >= general.first, frameReferences(frame) == 0 {
        bugCheck(0xC4, 0x83, physical, UInt64(byteCount), UInt64(frame))
      }
      frame += 1
    }
  }

  /// Addresses at which every access traps: ``registerAddress(at:)`` finds the register.
  private func mapRegisters(_ first: UInt64, _ count: Int) -> UnsafeMutableRawPointer? {
    guard let window = makeWindow(.device, pageCount: count) else { return nil }
    for index in 0..<count { window.pointee.frames[index] = first + UInt64(index) }
    window.pointee.mappedCount = count
    return UnsafeMutableRawPointer(bitPattern: window.pointee.base)
  }

  /// Makes pages beyond RAM registers of a device: what drivers map there traps.
  ///
  /// Before anybody maps them; for the life of the machine.
  package func addRegisters(_ physical: UInt64, pageCount: Int) {
    mdls.pointee.lock.lockStaying()
    mdls.pointee.devices.addRegisters(physical >> 12, pageCount)
    mdls.pointee.lock.unlock()
  }

  /// The physical address of the register at a system address; 0 when there is none.
  ///
  /// May be called in a signal handler that interrupted driver code.
  package func registerAddress(at address: UInt) -> UInt64 {
    guard mdls.pointee.devices.registers != nil, let window = window(at: address),
      window.pointee.kind == .device, window.pointee.mappedCount > 0
    else { return 0 }
    let frame = window.pointee.frames[Int((address - window.pointee.base) >> 12)]
    guard mdls.pointee.devices.hasRegisters(window.pointee.frames[0]) else { return 0 }
    return frame << 12 | UInt64(address & pageMask)
  }

  /// Ends a mapping of ``mapPhysical(_:_:protection:)``; false when there is none of that size.
  package func unmapPhysical(_ address: UInt, _ byteCount: UInt) -> Bool {
    if state.pointee.memory.frame(of: address) != nil { return true }
    guard let window = window(at: address), window.pointee.kind == .device,
      address & ~pageMask == window.pointee.base,
      Mdl.span(address, Int(bitPattern: byteCount)) == window.pointee.pageCount
    else { return false }
    removeWindow(window)
    return true
  }
}

/// A mapping, with a note of the driver's stack in a verified machine.
private func noted(_ mapping: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  if machine.verifies, let mapping, let window = machine.window(at: UInt(bitPattern: mapping)) {
    window.pointee.origin = machine.noteStack()
  }
  return mapping
}

@c(r3_MmMapIoSpace)
func mmMapIoSpace(_ physical: UInt64, _ count: UInt, _ caching: UInt32) -> UnsafeMutableRawPointer?
{
  checkLevel(atMost: .dispatch, rule: 0x73, nil, name("MmMapIoSpace"))
  Machine.current.checkAllocated(physical, count)
  return noted(Machine.current.mapPhysical(physical, count, protection: PROT_READ | PROT_WRITE))
}

@c(r3_MmMapIoSpaceEx)
func mmMapIoSpaceEx(_ physical: UInt64, _ count: UInt, _ protection: UInt32)
  -> UnsafeMutableRawPointer?
{
  checkLevel(atMost: .dispatch, rule: 0x73, nil, name("MmMapIoSpaceEx"))
  Machine.current.checkAllocated(physical, count)
  let isReadOnly = protection & ~0x600 == 0x02
  return noted(
    Machine.current.mapPhysical(
      physical, count, protection: isReadOnly ? PROT_READ : PROT_READ | PROT_WRITE))
}

@c(r3_MmUnmapIoSpace)
func mmUnmapIoSpace(_ base: UInt, _ count: UInt) {
  checkLevel(atMost: .apc, rule: 0x7B, nil, name("MmUnmapIoSpace"))
  let machine = Machine.current
  if !machine.unmapPhysical(base, count) {
    machine.bugCheck(0xDA, 3, 0, 0, UInt64(base), subject: name("MmUnmapIoSpace"))
  }
}
