import CRing3
import Machine

// Running service routines.
//
// An interrupt is delivered by the thread that caused it as soon as its level allows: it takes its
// processor, as an interrupt would. When the level does not allow it, the service thread delivers it
// on another processor.
extension Hardware {
  /// Deliveries in a row that leave the level asserted before the machine ends: the storm.
  static let stormCount: UInt32 = 10_000

  /// Delivers what is pending on every line.
  func deliverPending() {
    for vector in 0x30..<256 {
      if let line = state.pointee.lines[vector], line.isPending { deliver(line) }
    }
  }

  /// Delivers what others have left to the service thread, and nothing else: who can deliver himself
  /// does so on his own processor.
  func deliverHandedOver() {
    for vector in 0..<256 {
      guard let line = state.pointee.lines[vector], r3_load32(line.handedOver) != 0 else {
        continue
      }
      _ = r3_swap32(line.handedOver, 0)
      deliver(line)
    }
  }

  /// Runs the service routines of a line while it is pending.
  func deliver(_ line: UnsafeMutablePointer<InterruptLine>) {
    while line.isPending {
      let thread = CurrentThread.pointer
      guard CurrentThread.irql < line.pointee.interrupt.irql, thread.pointee.interruptsOff == 0
      else {
        r3_store32(line.handedOver, 1)
        machine.wakeService()
        return
      }
      // The processor first: nobody waits for one who waits for a processor.
      let old = IRQL.raise(to: line.pointee.interrupt.irql)
      let isMine = r3_cas32(line.busy, 0, 1)
      if isMine {
        while line.isPending { deliverOnce(line) }
        r3_store32(line.busy, 0)
      }
      IRQL.lower(to: old)
      // Who delivers looks again when it has done.
      if !isMine { return }
    }
  }

  /// Asks the routines in turn until one claims the interrupt.
  private func deliverOnce(_ line: UnsafeMutablePointer<InterruptLine>) {
    line.takePulses()
    line.pointee.deliveryCount += 1
    var isClaimed = false
    var next = line.pointee.first
    while let object = next, !isClaimed {
      next = object.pointee.next
      if object.pointee.isActive { isClaimed = object.run() }
    }
    if !isClaimed { line.pointee.unclaimedCount += 1 }
    checkStorm(line)
  }

  /// A level that stays asserted comes again at once, for ever: HARDWARE_INTERRUPT_STORM.
  private func checkStorm(_ line: UnsafeMutablePointer<InterruptLine>) {
    guard r3_load32(line) != 0 else {
      line.pointee.repeatCount = 0
      return
    }
    line.pointee.repeatCount += 1
    guard line.pointee.repeatCount >= Self.stormCount else { return }
    var (routine, context): (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?)
    switch line.pointee.first?.pointee.service {
    case .line(let code, let argument), .message(let code, let argument, _):
      (routine, context) = (code, argument)
    default: (routine, context) = (nil, nil)
    }
    machine.bugCheck(
      0xF2, bits(routine), bits(context), bits(line.pointee.first),
      UInt64(line.pointee.repeatCount), subject: name("interrupt storm"))
  }

  // MARK: What devices do

  /// Asserts a level, or takes it back; from any thread, inside the kernel or outside.
  func setLevel(_ line: UnsafeMutablePointer<InterruptLine>, _ isAsserted: Bool) {
    line.assert(isAsserted)
    if isAsserted { deliverSoon(line) }
  }

  /// Sends a pulse or a message; from any thread, inside the kernel or outside.
  func pulse(_ line: UnsafeMutablePointer<InterruptLine>) {
    line.pulse()
    deliverSoon(line)
  }

  /// Delivers now, or when the running access to a device is over: a device's code is never
  /// interrupted.
  private func deliverSoon(_ line: UnsafeMutablePointer<InterruptLine>) {
    if let thread = r3_current(), thread.pointee.hostStack != 0,
      thread.pointee.machine == UnsafeMutableRawPointer(machine.state)
    {
      if accessDepth(of: thread).pointee == 0 { deliver(line) }
      return
    }
    // A machine that has ended takes no interrupts.
    _ = try? machine.inside(machine.systemProcess) { deliver(line) }
  }

  /// How many device routines run in a thread.
  func accessDepth(of thread: UnsafeMutablePointer<R3Thread>) -> UnsafeMutablePointer<UInt64> {
    ThreadSlot.deviceAccess.address(in: thread).assumingMemoryBound(to: UInt64.self)
  }
}
