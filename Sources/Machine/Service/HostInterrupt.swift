import CRing3

/// Gets a thread out of driver code: a signal whose handler goes on in ``land``.
enum HostInterrupt {
  static func prepare() { r3_interrupt_prepare(judge, land) }

  static func send(_ hostIdentifier: Int32) { r3_interrupt_send(hostIdentifier) }

  /// Whether the interrupted thread is to land.
  ///
  /// In a signal handler: looks at memory only.
  private static let judge: @convention(c) (UnsafeMutablePointer<R3Thread>, UInt64) -> Bool = {
    thread, address in
    guard let pointer = thread.pointee.machine else { return false }
    let state = pointer.assumingMemoryBound(to: MachineState.self)
    guard let isDriver = state.pointee.hooks.isDriverAddress, isDriver(address) else {
      return false
    }
    let machine = Machine(state: state)
    return machine.isHalted || r3_load64(machine.service.overdue) == bits(thread)
  }

  /// Goes on with an interrupted thread, as if the driver had called an export.
  private static let land: @convention(c) () -> Void = {
    if Machine.current.isHalted { CurrentThread.leave() }
    Machine.current.endOverdue()
  }
}

extension Machine {
  /// DPC_WATCHDOG_VIOLATION for the current thread.
  @inline(never)
  func endOverdue() -> Never {
    let isDPC = CurrentThread.pointer.home.pointee.dpcRunning != 0
    bugCheck(0x133, isDPC ? 0 : 1, 0, 0, 0)
  }
}

extension CurrentThread {
  /// What a spinning thread looks at: leaves after a bug check, and when it has spun for too long.
  ///
  /// - Parameter object: the lock, for reports.
  package static func lookWhileSpinning(_ object: UInt64 = 0) {
    let machine = Machine.current
    if machine.isHalted { leave() }
    if r3_load64(machine.service.overdue) == bits(pointer) { machine.endOverdue() }
    if let schedule = machine.schedule { schedule.spin("a lock", object) }
  }
}
