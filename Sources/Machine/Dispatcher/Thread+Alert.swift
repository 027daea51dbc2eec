import CRing3

extension Thread {
  /// Ends an alertable wait of the thread in that mode, or makes its next one end: `NtAlertThread`.
  package func alert(_ mode: UInt8 = ProcessorMode.kernel) {
    machine.lockDispatcher()
    if isWaiting, wait.pointee.isAlertable, mode <= wait.pointee.mode {
      endWait(WaitStatus.alerted)
    } else if mode == ProcessorMode.kernel {
      wait.pointee.alerted.0 = true
    } else {
      wait.pointee.alerted.1 = true
    }
    machine.unlockDispatcher()
  }

  /// What alerts and user APCs do to a wait that begins; `mustSleep` for nothing.
  ///
  /// Under the dispatcher's lock.
  func testAlert(_ options: WaitOptions) -> Int32 {
    if options.isAlertable {
      if options.mode == ProcessorMode.user, wait.pointee.alerted.1 {
        wait.pointee.alerted.1 = false
        return WaitStatus.alerted
      }
      if options.mode == ProcessorMode.user, !userAPCs.isEmptyList {
        r3_or32(block.attentionAddress, Attention.userAPC)
        return WaitStatus.userAPC
      }
      if wait.pointee.alerted.0 {
        wait.pointee.alerted.0 = false
        return WaitStatus.alerted
      }
    } else if options.mode == ProcessorMode.user,
      r3_load32(block.attentionAddress) & Attention.userAPC != 0
    {
      return WaitStatus.userAPC
    }
    return WaitStatus.mustSleep
  }
}
