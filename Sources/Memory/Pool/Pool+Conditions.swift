import CRing3
import Machine

/// How much memory there is, in the terms of the events in `\KernelObjects`.
package struct PoolCondition: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let lowNonpaged = PoolCondition(rawValue: 1)
  package static let highNonpaged = PoolCondition(rawValue: 2)
  package static let lowPaged = PoolCondition(rawValue: 4)
  package static let highPaged = PoolCondition(rawValue: 8)
}

/// When memory is low or high, in pages, and what was last said about it.
struct PoolConditions {
  /// By pool: free pages below which it is low, and from which it is high.
  var low: (Int, Int, Int) = (0, 0, 0)
  var high: (Int, Int, Int) = (0, 0, 0)
  var current: UInt32 = PoolCondition([.highNonpaged, .highPaged]).rawValue
  var told: UInt32 = 0

  mutating func setThresholds(_ memory: PhysicalMemory) {
    let counts = (memory.nonpaged.count, memory.executable.count, memory.paged.count)
    low = (counts.0 / 16, counts.1 / 16, counts.2 / 16)
    high = (counts.0 / 4, counts.1 / 4, counts.2 / 4)
  }
}

extension Pool {
  /// What holds now.
  package var conditions: PoolCondition {
    PoolCondition(rawValue: r3_load32(currentAddress))
  }

  /// Has `changed` called, now and whenever a condition begins or ends, in the thread that made it so.
  ///
  /// It is called at the level of the allocation, DISPATCH_LEVEL at most, with no lock held.
  package func observeConditions(
    _ changed:
      @escaping @convention(c) (
        _ machine: UnsafeMutableRawPointer, _ conditions: UInt32
      ) -> Void
  ) {
    state.pointee.conditionsChanged = changed
    state.pointee.conditions.told = ~conditions.rawValue
    tellConditions()
  }

  private var currentAddress: UnsafeMutableRawPointer {
    withUnsafeMutablePointer(to: &state.pointee.conditions.current) { UnsafeMutableRawPointer($0) }
  }

  func isLow(_ kind: PoolKind) -> Bool {
    let low = state.pointee.conditions.low
    switch kind {
    case .nonpaged: return freePageCount(.nonpaged) < low.0
    case .nonpagedExecutable: return freePageCount(.nonpagedExecutable) < low.1
    case .paged: return freePageCount(.paged) < low.2
    }
  }

  private func isHigh(_ kind: PoolKind) -> Bool {
    let high = state.pointee.conditions.high
    switch kind {
    case .nonpaged: return freePageCount(.nonpaged) >= high.0
    case .nonpagedExecutable: return freePageCount(.nonpagedExecutable) >= high.1
    case .paged: return freePageCount(.paged) >= high.2
    }
  }

  /// Called after pages were taken or given back, with locks held.
  func updateConditions() {
    var now = PoolCondition()
    if isLow(.nonpaged) || isLow(.nonpagedExecutable) { now.insert(.lowNonpaged) }
    if isHigh(.nonpaged) && isHigh(.nonpagedExecutable) { now.insert(.highNonpaged) }
    if isLow(.paged) { now.insert(.lowPaged) }
    if isHigh(.paged) { now.insert(.highPaged) }
    guard now.rawValue != r3_load32(currentAddress) else { return }
    r3_store32(currentAddress, now.rawValue)
    let isScarce = !now.isDisjoint(with: [.lowNonpaged, .lowPaged])
    if isScarce != (state.pointee.mode & PoolMode.isScarce != 0) {
      setMode(PoolMode.isScarce, isScarce)
    }
  }

  /// Tells the observer of a change; called with no lock held.
  func tellConditions() {
    guard let changed = state.pointee.conditionsChanged,
      r3_load32(currentAddress) != state.pointee.conditions.told
    else { return }
    state.pointee.conditionLock.lockStaying()
    let now = r3_load32(currentAddress)
    let isNew = now != state.pointee.conditions.told
    state.pointee.conditions.told = now
    state.pointee.conditionLock.unlock()
    if isNew { changed(UnsafeMutableRawPointer(machine.state), now) }
  }
}
