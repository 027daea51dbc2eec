import CRing3

extension Wait {
  enum SleepEnd {
    /// Somebody ended the wait; the status says how.
    case ended
    case timeout
    /// A kernel APC is to be delivered; the wait then begins again.
    case kernelAPC
  }

  /// Looks often before it sleeps: many waits are short.
  private static let spinCount = 60

  /// Sleeps until the wait of the current thread ends.
  static func sleep(_ thread: Thread, until deadline: Deadline) -> SleepEnd {
    let machine = Machine.current
    machine.state.pointee.hooks.waitBegins?()
    var spins = 0
    while true {
      let seen = r3_load32(thread.wakeAddress)
      if r3_load32(thread.wait) == 0 { return .ended }
      CurrentThread.leaveIfHalted()
      if thread.hasDeliverableKernelAPC {
        return thread.cancelWait() ? .kernelAPC : .ended
      }
      if spins < spinCount {
        spins += 1
        r3_pause()
        continue
      }
      let left = machine.nanoseconds(until: deadline)
      if left == 0 { return thread.cancelWait() ? .timeout : .ended }
      if let schedule = machine.schedule {
        let (reason, object) = thread.subjectOfWait
        schedule.wait(thread.wakeAddress, seen, until: deadline, reason, object)
      } else {
        thread.sleep(seen, nanoseconds: left)
      }
    }
  }
}
