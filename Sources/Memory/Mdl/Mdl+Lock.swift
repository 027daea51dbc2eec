import CRing3
import Machine
import NTTypes

// MmProbeAndLockPages and MmUnlockPages.
extension Mdl {
  /// Makes the pages of the buffer resident, keeps them so and fills in their frames.
  ///
  /// - Parameters:
  ///   - process: whose pages, when the buffer is a user buffer.
  ///   - isUser: whether a system address is refused.
  ///   - forWriting: `IoWriteAccess` or `IoModifyAccess`.
  ///   - rule: the first parameter of bug check 0xC4 for an MDL that is locked, mapped or built already.
  /// - Throws: `accessViolation`, or `insufficientResources` without RAM; then nothing is locked.
  package func lock(
    in process: Process, isUser: Bool, forWriting: Bool, rule: UInt64 = 0xB0
  ) throws(NTStatus) {
    let wrong = flags.intersection([
      .pagesLocked, .partial, .sourceIsNonpagedPool, .mappedToSystem, .ioSpace,
    ])
    if !wrong.isEmpty {
      process.machine.bugCheck(
        0xC4, rule, bits, UInt64(flags.rawValue), UInt64(wrong.rawValue),
        subject: name(rule == 0xB1 ? "MmProbeAndLockProcessPages" : "MmProbeAndLockPages"))
    }
    let address = self.address
    if address < UserRange.end {
      guard UserRange.contains(address, byteCount) else { throw .accessViolation }
      let callers =
        process.machine.verifier.contains(.poolTracking)
        ? process.machine.driverCallers() : (0, 0)
      lockNumber = try process.lockPages(
        page, pageCount, forWriting: forWriting, owner: UInt(bitPattern: pointer),
        callers: callers, into: frames)
      self.process = process
    } else {
      guard !isUser else { throw .accessViolation }
      try lockSystemPages(process.machine)
    }
    let kept = flags.subtracting(.writeOperation)
    flags = kept.union(forWriting ? [.pagesLocked, .writeOperation] : .pagesLocked)
  }

  private func lockSystemPages(_ machine: Machine) throws(NTStatus) {
    guard machine.readFrames(page, pageCount, into: frames) else { throw .accessViolation }
    checkMemory(machine, rule: 0x6F, name("MmProbeAndLockPages"))
    // Pools keep their frames for themselves; what else has frames may give them back.
    forEachGeneralFrame(pageCount, machine) { machine.retainFrame($0) }
    _ = r3_add64(machine.systemLockedPages, UInt64(pageCount))
    process = nil
  }

  /// Only memory is locked, and mapped by a list that is not marked as I/O.
  func checkMemory(_ machine: Machine, rule: UInt64, _ routine: UnsafePointer<CChar>) {
    guard machine.verifier.contains(.poolTracking) else { return }
    let devices = UInt64(machine.state.pointee.memory.frameCount)..<Machine.firstHostFrame
    for index in 0..<pageCount where devices.contains(frames[index]) {
      let entry = UInt64(UInt(bitPattern: frames + index))
      machine.bugCheck(
        0xC4, rule, bits, rule == 0x6F ? frames[index] : entry, rule == 0x6F ? 0 : frames[index],
        subject: routine)
    }
  }

  /// Drops a system mapping, then the locks.
  package func unlock() {
    let machine = Machine.current
    checkUnlock(machine)
    if flags.contains(.mappedToSystem) { unmapFromSystem(machine) }
    if let process {
      unlockUserPages(process, machine)
      self.process = nil
    } else {
      unlockSystemPages(pageCount, machine)
    }
    flags.subtract([.pagesLocked, .writeOperation])
  }

  private func unlockUserPages(_ process: Process, _ machine: Machine) {
    let result = process.unlockPages(
      lockNumber, owner: UInt(bitPattern: pointer), page: page, count: pageCount)
    switch result {
    case .done: return
    case .notLocked:
      machine.bugCheck(
        0x4E, 7, pageCount > 0 ? frames[0] : 0, 0, 0, subject: name("MmUnlockPages"))
    case .hasMappedParts:
      machine.bugCheck(
        0xC4, 0xB4, bits, UInt64(flags.rawValue), 0, subject: name("MmUnlockPages"))
    }
  }

  private func checkUnlock(_ machine: Machine) {
    let flags = self.flags
    if flags.isSuperset(of: .pagesLocked),
      flags.isDisjoint(with: [.partial, .sourceIsNonpagedPool]),
      page != 0
    {
      return
    }
    let rule: UInt64 =
      flags.contains(.sourceIsNonpagedPool) ? 0x7D : flags.contains(.partial) ? 0xB4 : 0x7C
    if rule != 0x7C || machine.verifier.contains(.poolTracking) {
      machine.bugCheck(
        0xC4, rule, bits, UInt64(flags.rawValue), 0, subject: name("MmUnlockPages"))
    }
    let process = CurrentThread.process
    machine.bugCheck(
      0x76, 1, bits, UInt64(process.pointer.pointee.space.locks.pageCount), 0,
      subject: name("MmUnlockPages"))
  }

  /// The frames of the pages that are user pages or pages of their own, and not pool.
  private func forEachGeneralFrame(
    _ count: Int, _ machine: Machine, _ body: (FrameNumber) -> Void
  ) {
    let end = machine.state.pointee.memory.general.end
    guard let first = machine.state.pointee.memory.frame(of: page) else {
      for index in 0..<count where frames[index] < UInt64(end) { body(Int(frames[index])) }
      return
    }
    // From the address: a driver may have changed the array.
    for frame in first..<(first + count) where frame < end { body(frame) }
  }

  private func unlockSystemPages(_ count: Int, _ machine: Machine) {
    forEachGeneralFrame(count, machine) { machine.releaseFrame($0) }
    _ = r3_add64(machine.systemLockedPages, 0 &- UInt64(count))
  }

  /// Unlocks the first pages of a longer buffer.
  func unlockFirst(_ dropped: Int, _ machine: Machine) {
    guard let process else {
      unlockSystemPages(dropped, machine)
      return
    }
    let isFound = process.shortenLock(
      lockNumber, owner: UInt(bitPattern: pointer), page: page, count: pageCount, by: dropped)
    if !isFound { machine.bugCheck(0x4E, 7, frames[0], 0, 0) }
  }
}

extension Machine {
  /// The two newest return addresses of the driver that called.
  func driverCallers() -> (UInt64, UInt64) {
    guard let capture = state.pointee.hooks.captureStack else { return (0, 0) }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { stack in
      stack.initialize(repeating: 0)
      guard let base = stack.baseAddress else { return (0, 0) }
      _ = capture(base, 2, nil)
      return (stack[0], stack[1])
    }
  }
}

/// A routine's name, as a bug check keeps it.
func name(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
