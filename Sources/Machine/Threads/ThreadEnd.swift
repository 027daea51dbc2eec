import CDriverKit
import CRing3

extension Thread {
  /// The host thread of the program that was bound to this thread ends.
  ///
  /// So does this thread, unless requests of it are under way: a host thread is often one of a pool,
  /// which comes and goes as the pool likes, and its requests are the program's. Then the machine's
  /// service thread ends it after the last of them.
  ///
  /// Called by that host thread, outside the kernel.
  func loseHost() {
    pointer.pointee.isHostThread = false
    // The machine's end takes back what is left.
    guard (try? comeInside()) != nil, !machine.isHalted else { return }
    // What a request resumes as it ends may need what the host has torn down already.
    if !hasRequests, r3_load32(block.attentionAddress) & Attention.kernelAPC == 0 {
      _ = endNow()
      return
    }
    pointer.pointee.hostIdentifier = 0
    pointer.pointee.isOrphaned = true
    beBorrowable()
    Service.deliverOnBehalf(of: self)
  }

  /// Whether there is something for the service thread to do under this thread's identity.
  var needsService: Bool {
    if isEnded { return false }
    return r3_load32(block.attentionAddress) & Attention.kernelAPC != 0
      || pointer.pointee.isOrphaned && !hasRequests
  }

  /// Ends a thread without a host thread, once its requests have ended.
  ///
  /// Called by the service thread, which has borrowed the identity.
  ///
  /// - Returns: whether it has ended, and its block is gone.
  func endOrphan() -> Bool {
    guard pointer.pointee.isOrphaned, !hasRequests, !machine.isHalted else { return false }
    return endNow()
  }

  /// Ends the thread on this host thread, which has its identity, outside the kernel or nested in it.
  ///
  /// Its requests are cancelled and awaited.
  ///
  /// - Returns: false when the machine ended meanwhile, which then has the block.
  func endNow() -> Bool {
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in
      CurrentThread.thread.runDown(0)
      return 0
    }
    r3_bind(block)
    let isFirst = machine.schedule?.begin() ?? false
    defer { if isFirst { machine.schedule?.leave(isPoint: false) } }
    if isFirst, machine.isHalted { return false }
    _ = r3_enter(block, body, nil)
    if machine.isHalted { return false }
    giveBackEverything()
    return true
  }

  /// Ends the current thread's life in the kernel, at PASSIVE_LEVEL; the caller then leaves for good.
  ///
  /// Its requests are cancelled and awaited, its APCs delivered or dropped, its mutexes abandoned;
  /// last, who waits for the thread goes on.
  func runDown(_ status: Int32) {
    machine.threadEndsWithLocks()
    checkEnd()
    tellEnd()
    let machine = machine
    machine.state.pointee.hooks.threadRundown?(block)
    machine.lockDispatcher()
    pointer.pointee.exitStatus = status
    r3_store32(terminatedAddress, 1)
    machine.unlockDispatcher()
    APC.deliverKernel()
    APC.dropUser(self)
    Mutant.abandonAll(of: self)
    machine.lockDispatcher()
    Queue.leave(self)
    let object = DispatcherObject(pointer)
    object.signalState = 1
    object.satisfyWaiters()
    machine.unlockDispatcher()
  }

  /// A thread may not end at raised level or in a region: KERNEL_APC_PENDING_DURING_EXIT.
  private func checkEnd() {
    if block.pointee.irql == IRQL.passive, block.pointee.apcsDisabled == 0 { return }
    // A mutex of the kernel that it owns is the better explanation.
    if block.pointee.irql == IRQL.passive { Mutant.abandonAll(of: self) }
    let count = UInt64(UInt32(bitPattern: wait.pointee.apcDisable))
    machine.bugCheck(0x20, 0, count, UInt64(block.pointee.irql))
  }

  /// Gives back what upper layers cached for the thread, which runs no more.
  ///
  /// Outside the kernel.
  func giveBackEverything() {
    if !machine.isHalted {
      let giveBack: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in
        CurrentThread.thread.giveBackCaches()
        return 0
      }
      _ = r3_enter(block, giveBack, nil)
    }
    r3_bind(nil)
    pointer.pointee.hasBlock = false
    ThreadBlocks.giveBack(block)
  }

  /// Whether the thread has ended.
  package var isEnded: Bool { r3_load32(terminatedAddress) != 0 }

  /// The status that the thread ended with; STATUS_PENDING while it runs.
  package var exitStatus: Int32 { isEnded ? pointer.pointee.exitStatus : 0x103 }
}

extension APC {
  /// Tells the owners of user APCs that the thread ends before they could run.
  static func dropUser(_ thread: Thread) {
    let machine = thread.machine
    while true {
      machine.lockDispatcher()
      let entry = thread.userAPCs.removeHead()
      machine.unlockDispatcher()
      guard let entry else { return }
      let apc = UnsafeMutablePointer<KAPC>.of(entry)
      apc.pointee.Inserted = 0
      if let rundown = apc.pointee.RundownRoutine { _ = r3_call1(rundown, bits(apc)) }
    }
  }
}
