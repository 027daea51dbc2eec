import CRing3
import NTTypes

// What the deadlock detection says of the use of locks: bug check 0xC4, 0x1000 to 0x100B.
extension Machine {
  private var me: UInt { UInt(bitPattern: CurrentThread.thread.pointer) }

  private var checksLocks: Bool { verifier.contains(.deadlockDetection) }

  /// Whether it is noted who has which lock: what callbacks may not keep is asked by other classes, too.
  private var tracksLocks: Bool {
    !verifier.isDisjoint(with: [.deadlockDetection, .ddiCompliance, .wdf])
  }

  /// What was found under the ledger's lock, to be said without it.
  private struct Finding {
    var code: UInt32 = 0xC4
    var rule: UInt64 = 0
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var causes = Causes.none
  }

  private func say(_ finding: Finding) {
    if finding.rule == 0 || !checksLocks { return }
    report(
      finding.code, finding.rule, finding.first, finding.second, finding.third,
      causes: finding.causes)
  }

  /// A lock is about to be taken by a thread that would wait for it.
  ///
  /// Two stacks are the causes of a lock order that is wrong: where the lock that is held now was taken,
  /// and where the two were taken the other way round.
  @inline(never)
  package func lockWanted(_ address: UInt, _ kind: LockKind) {
    guard checksLocks, let state = verifierState else { return }
    let stack = noteStack()
    let me = me
    var finding = Finding()
    state.pointee.locks.lock.lock()
    state.pointee.locks.prepare()
    let index = state.pointee.locks.findOrAdd(address, kind)
    if index >= 0 {
      let mine = state.pointee.locks.entry(of: index, me)
      if isMixed(state, index, kind) {
        finding.rule = 0x1008
        finding.first = UInt64(address)
      } else if mine >= 0 {
        if kind != .resource {
          finding.rule = 0x1000
          finding.first = UInt64(address)
          finding.causes = Causes(.acquired, state.pointee.locks.held[mine].stack)
        }
      } else {
        finding = checkOrder(state, index, me, stack)
      }
    }
    state.pointee.locks.lock.unlock()
    say(finding)
  }

  /// Whether a lock is used in another form than before; one on the stack may be another lock by now.
  private func isMixed(
    _ state: UnsafeMutablePointer<VerifierState>, _ index: Int32, _ kind: LockKind
  ) -> Bool {
    let known = state.pointee.locks.locks[Int(index)]
    let thread = CurrentThread.pointer
    let stack = thread.pointee.stackLimit..<max(thread.pointee.stackLimit, thread.pointee.stackBase)
    return kind.isOtherForm(than: known.kind) && !stack.contains(UInt64(known.address))
  }

  /// Enters the order of a lock after those that the thread has; the first that is the wrong way round
  /// is a finding.
  private func checkOrder(
    _ state: UnsafeMutablePointer<VerifierState>, _ index: Int32, _ me: UInt,
    _ stack: StackNumber
  ) -> Finding {
    var finding = Finding()
    var entry = 0
    while entry < state.pointee.locks.heldCount {
      let held = state.pointee.locks.held[entry]
      entry += 1
      if held.thread != me || state.pointee.locks.knowsOrder(held.lock, index) { continue }
      state.pointee.locks.visit += 1
      let reverse = state.pointee.locks.step(from: index, to: held.lock)
      if reverse < 0 {
        state.pointee.locks.addOrder(held.lock, index, held.stack, stack)
      } else if finding.rule == 0 {
        finding.rule = 0x1001
        finding.first = UInt64(state.pointee.locks.locks[Int(index)].address)
        finding.second = UInt64(state.pointee.locks.locks[Int(held.lock)].address)
        finding.causes = Causes(.acquired, held.stack).and(
          .acquired, state.pointee.locks.orders[Int(reverse)].innerStack)
      }
    }
    return finding
  }

  /// The current thread has taken a lock.
  @inline(never)
  package func lockTaken(_ address: UInt, _ kind: LockKind) {
    guard tracksLocks, let state = verifierState else { return }
    let stack = noteStack()
    let me = me
    state.pointee.locks.lock.lock()
    state.pointee.locks.prepare()
    let index = state.pointee.locks.findOrAdd(address, kind)
    if index >= 0 { state.pointee.locks.hold(me, index, stack) }
    state.pointee.locks.lock.unlock()
  }

  /// How a lock that is released stands to the thread that releases it.
  package enum Ownership { case mine, others, nobodys }

  /// A lock is about to be released.
  ///
  /// - Parameter lowersTo: the level after it.
  @inline(never)
  package func lockReleased(
    _ address: UInt, _ kind: LockKind, _ ownership: Ownership, lowersTo level: UInt8 = 15
  ) {
    guard tracksLocks, let state = verifierState else { return }
    let me = me
    var finding = Finding()
    state.pointee.locks.lock.lock()
    state.pointee.locks.prepare()
    let index = state.pointee.locks.find(address)
    switch ownership {
    case .mine:
      var entry = index < 0 ? -1 : state.pointee.locks.entry(of: index, me)
      // A push lock does not say whose it is.
      if entry < 0, index >= 0, kind == .pushLock { entry = state.pointee.locks.entry(of: index) }
      if index >= 0, isMixed(state, index, kind) {
        finding.rule = 0x1009
        finding.first = UInt64(address)
        if entry >= 0 {
          finding.causes = Causes(.acquired, state.pointee.locks.held[entry].stack)
        }
      }
      if entry >= 0 { state.pointee.locks.drop(entry) }
      if level < IRQL.dispatch, finding.rule == 0 { finding = checkStillHeld(state, address, me) }
    case .others:
      finding.rule = 0x1004
      finding.first = UInt64(address)
      let entry = index < 0 ? -1 : state.pointee.locks.entry(of: index)
      if entry >= 0 {
        finding.second = UInt64(state.pointee.locks.held[entry].thread)
        finding.causes = Causes(.acquired, state.pointee.locks.held[entry].stack)
      }
      finding.third = UInt64(me)
    case .nobodys:
      finding.rule = 0x1007
      finding.first = UInt64(address)
    }
    state.pointee.locks.lock.unlock()
    say(finding)
  }

  /// Releasing one spin lock must not lower the level under another.
  private func checkStillHeld(
    _ state: UnsafeMutablePointer<VerifierState>, _ address: UInt, _ me: UInt
  ) -> Finding {
    var finding = Finding()
    for entry in 0..<state.pointee.locks.heldCount {
      let held = state.pointee.locks.held[entry]
      let other = state.pointee.locks.locks[Int(held.lock)]
      if held.thread != me || !other.kind.isSpinning { continue }
      finding.rule = 0x1003
      finding.first = UInt64(address)
      finding.second = UInt64(other.address)
      finding.causes = Causes(.acquired, held.stack)
    }
    return finding
  }

  /// A lock is initialized: what was known of it is forgotten, and one that somebody has is a finding.
  @inline(never)
  package func lockInitialized(_ address: UInt, _ kind: LockKind) {
    guard checksLocks, let state = verifierState else { return }
    let stack = noteStack()
    var finding = Finding()
    state.pointee.locks.lock.lock()
    state.pointee.locks.prepare()
    let known = state.pointee.locks.find(address)
    if known >= 0 {
      let entry = state.pointee.locks.entry(of: known)
      if entry >= 0 {
        finding.rule = 0x1005
        finding.first = UInt64(address)
        finding.causes = Causes(.initialized, state.pointee.locks.locks[Int(known)].initialized)
          .and(.acquired, state.pointee.locks.held[entry].stack)
      }
      state.pointee.locks.forget(known)
    }
    let index = state.pointee.locks.findOrAdd(address, kind)
    if index >= 0 { state.pointee.locks.locks[Int(index)].initialized = stack }
    state.pointee.locks.lock.unlock()
    say(finding)
  }

  /// Memory is given back: its locks are forgotten, and one that somebody has is a finding.
  @inline(never)
  package func memoryWithLocksGoes(_ range: Range<UInt>) {
    guard checksLocks, let state = verifierState else { return }
    state.pointee.removeLocks.forget(range)
    if state.pointee.locks.lockCount == 0 { return }
    var finding = Finding()
    state.pointee.locks.lock.lock()
    var page = range.lowerBound & ~0xFFF
    while page < range.upperBound {
      forgetLocks(state, in: range, at: page, &finding)
      page += 0x1000
    }
    state.pointee.locks.lock.unlock()
    say(finding)
  }

  private func forgetLocks(
    _ state: UnsafeMutablePointer<VerifierState>, in range: Range<UInt>, at page: UInt,
    _ finding: inout Finding
  ) {
    var index = state.pointee.locks.bucket(page).pointee
    while index >= 0 {
      let lock = state.pointee.locks.locks[Int(index)]
      if range.contains(lock.address) {
        let entry = state.pointee.locks.entry(of: index)
        if entry >= 0, finding.rule == 0 {
          finding.rule = 0x100B
          finding.first = UInt64(lock.address)
          finding.second = UInt64(state.pointee.locks.held[entry].thread)
          finding.causes = Causes(.acquired, state.pointee.locks.held[entry].stack)
        }
        state.pointee.locks.forget(index)
      }
      index = lock.next
    }
  }

  /// The current thread ends, or leaves the kernel: it must have no lock.
  @inline(never)
  package func threadEndsWithLocks() {
    guard tracksLocks, let state = verifierState, state.pointee.locks.heldCount > 0 else { return }
    let me = me
    var finding = Finding()
    state.pointee.locks.lock.lock()
    for entry in (0..<state.pointee.locks.heldCount).reversed()
    where state.pointee.locks.held[entry].thread == me {
      let held = state.pointee.locks.held[entry]
      let lock = state.pointee.locks.locks[Int(held.lock)]
      finding = Finding(rule: 0x100A, first: UInt64(lock.address), second: UInt64(me))
      if lock.kind == .pushLock {
        // KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION
        finding = Finding(code: 0x153, rule: UInt64(me), first: UInt64(lock.address), second: 1)
      }
      finding.causes = Causes(.acquired, held.stack)
      state.pointee.locks.drop(entry)
    }
    state.pointee.locks.lock.unlock()
    say(finding)
  }

  /// The number of spin locks that the current thread has, and the stack of the newest.
  package func heldSpinLocks() -> (count: Int, newest: UInt, stack: StackNumber) {
    heldLocks { $0.isSpinning }
  }

  /// The number of locks of a kind that the current thread has, and the stack of the newest.
  package func heldLocks(_ kind: LockKind) -> (count: Int, newest: UInt, stack: StackNumber) {
    heldLocks { $0 == kind }
  }

  private func heldLocks(_ isMeant: (LockKind) -> Bool) -> (
    count: Int, newest: UInt, stack: StackNumber
  ) {
    var result: (count: Int, newest: UInt, stack: StackNumber) = (0, 0, 0)
    guard tracksLocks, let state = verifierState, state.pointee.locks.heldCount > 0 else {
      return result
    }
    let me = me
    state.pointee.locks.lock.lock()
    for entry in 0..<state.pointee.locks.heldCount {
      let held = state.pointee.locks.held[entry]
      let lock = state.pointee.locks.locks[Int(held.lock)]
      if held.thread == me, isMeant(lock.kind) {
        result = (result.count + 1, lock.address, held.stack)
      }
    }
    state.pointee.locks.lock.unlock()
    return result
  }

  /// A lock is taken whose memory was never set up for it.
  @inline(never)
  package func lockNotInitialized(_ address: UInt) {
    report(0xC4, 0x1002, UInt64(address))
  }
}
