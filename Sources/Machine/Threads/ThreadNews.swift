import CRing3

// What drivers are told of threads: PsSetCreateThreadNotifyRoutine.
extension Thread {
  /// Whether the thread is one that drivers are told of: a program's, or a driver's own; not one of the
  /// system's, nor the identity with which a host thread acts for the system.
  private var isPublic: Bool {
    pointer.pointee.isSystem
      ? !pointer.pointee.start.isHost : pointer.pointee.process != machine.systemProcess.pointer
  }

  /// Tells drivers once that the thread is there.
  ///
  /// In the kernel, at PASSIVE_LEVEL: in the thread itself, or in the one that makes it.
  func tellStart() {
    let isNew = pointer.pointee.isStartTold == 0
    pointer.pointee.isStartTold = 1
    if isNew { tell(isStart: true) }
  }

  /// Tells drivers once that the thread ends.
  ///
  /// In the kernel, at PASSIVE_LEVEL: in the thread itself, or in the one that ends its process.
  package func tellEnd() {
    let told =
      UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.isEndTold)!
    guard pointer.pointee.isStartTold != 0, r3_cas32(told, 0, 1) else { return }
    tell(isStart: false)
  }

  private func tell(isStart: Bool) {
    guard machine.state.pointee.threads.watcherCount != 0, isPublic else { return }
    machine.state.pointee.hooks.threadNews?(UnsafeMutableRawPointer(pointer), isStart)
  }
}

extension Machine {
  /// Tells drivers of a thread with which a program came to the kernel for the first time.
  ///
  /// Outside the kernel, bound to the thread.
  @inline(never)
  func tellStart(of thread: Thread, _ process: Process) throws(MachineHalted) {
    // Without a watcher there is nothing to enter the kernel for.
    if state.pointee.threads.watcherCount == 0 || process.isSystem {
      thread.pointer.pointee.isStartTold = 1
      return
    }
    _ = try run(thread.block, process, nil) { _ in
      CurrentThread.thread.tellStart()
      return 0
    }
  }
}
