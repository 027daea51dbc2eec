import CRing3

extension Thread {
  /// Changes the count that disables normal kernel APCs.
  ///
  /// By the thread itself, or under the lock.
  func addAPCDisable(_ change: Int32) {
    wait.pointee.apcDisable += change
    noteRegions()
  }

  /// Changes the count that disables all APCs.
  func addSpecialAPCDisable(_ change: Int32) {
    wait.pointee.specialAPCDisable += change
    noteRegions()
  }

  private func noteRegions() {
    let isIn = wait.pointee.apcDisable != 0 || wait.pointee.specialAPCDisable != 0
    block.pointee.apcsDisabled = isIn ? 1 : 0
  }
}

extension CurrentThread {
  /// `KeEnterCriticalRegion`: no normal kernel APCs until the region is left.
  package static func enterCriticalRegion() { thread.addAPCDisable(-1) }

  /// The routine `KeLeaveCriticalRegion`.
  package static func leaveCriticalRegion() {
    thread.addAPCDisable(1)
    if thread.wait.pointee.apcDisable == 0 { APC.deliverIfPossible() }
  }

  /// `KeEnterGuardedRegion`: no APCs at all until the region is left.
  package static func enterGuardedRegion() { thread.addSpecialAPCDisable(-1) }

  /// The routine `KeLeaveGuardedRegion`.
  package static func leaveGuardedRegion() {
    thread.addSpecialAPCDisable(1)
    if thread.wait.pointee.specialAPCDisable == 0 { APC.deliverIfPossible() }
  }
}
