import CDriverKit
import CRing3
import NTTypes

// What an unloaded driver left to run: TIMER_OR_DPC_INVALID.
extension Machine {
  /// A driver's image goes: no timer and no DPC may lie in it, and no timer may lead to it.
  ///
  /// In every machine: the next look at the timer would fault.
  ///
  /// - Parameter image: the addresses of the image, which are still there.
  package func checkTimers(of image: Range<UInt>) {
    if let left = timerLeft(in: image) { say(0, bits(left.timer), image, left.stack) }
    if let left = routineLeft(in: image) { say(2, bits(left.routine), image, left.stack) }
    if let dpc = DPC.queued(in: image, of: self) {
      say(1, bits(dpc), image, dpc.stack, rule: "DpcLeft")
    }
    if verifier.contains(.poolTracking) { checkDPCs(of: image) }
  }

  /// Finds a routine of the image that runs as a DPC, or is to run as one: it gets a second to end.
  private func checkDPCs(of image: Range<UInt>) {
    letPass(milliseconds: 1000) { DPC.routineLeft(in: image, of: self) == nil }
    guard let left = DPC.routineLeft(in: image, of: self) else { return }
    say(2, bits(left.routine), image, left.stack, rule: "DpcLeft")
  }

  /// Finds the timers of ExAllocateTimer that a driver did not delete: 0x52330011.
  package func checkAllocatedTimers(of image: Range<UInt>, subject: UnsafePointer<CChar>?) {
    guard let verifier = verifierState, self.verifier.contains(.poolTracking) else { return }
    lockDispatcher()
    var next = system.pointee.exTimers
    unlockDispatcher()
    // They stay until the machine ends.
    while let timer = next {
      next = timer.pointee.next
      let site = verifier.pointee.stacks.newestFrame(of: timer.pointee.origin)
      guard !timer.pointee.isDeleted, !timer.pointee.isReported, image.contains(UInt(site)) else {
        continue
      }
      timer.pointee.isReported = true
      report(
        Self.leftAtUnload, 4, bits(timer), subject: subject,
        causes: Causes(.allocated, timer.pointee.origin))
    }
  }

  /// The bug check of what a driver leaves and Windows does not look for.
  package static var leftAtUnload: UInt32 { 0x5233_0011 }

  private func say(
    _ kind: UInt64, _ address: UInt64, _ image: Range<UInt>, _ stack: StackNumber,
    rule: StaticString = "TimerLeft"
  ) -> Never {
    bugCheck(
      0xC7, kind, address, UInt64(image.lowerBound), UInt64(image.upperBound), rule: rule,
      causes: Causes(.queued, stack))
  }

  private func timerLeft(
    in image: Range<UInt>
  ) -> (timer: UnsafeMutablePointer<KTIMER>, stack: StackNumber)? {
    if state.pointee.dispatcher.timers.count == 0 { return nil }
    lockDispatcher()
    let timer = state.pointee.dispatcher.timers.first(in: image)
    let stack = timer.map { state.pointee.dispatcher.timers.stack(of: $0) } ?? 0
    unlockDispatcher()
    return timer.map { ($0, stack) }
  }

  /// The routine of a running timer of ExAllocateTimer.
  private func routineLeft(
    in image: Range<UInt>
  ) -> (routine: UnsafeMutableRawPointer, stack: StackNumber)? {
    var found: (routine: UnsafeMutableRawPointer, stack: StackNumber)?
    lockDispatcher()
    var next = system.pointee.exTimers
    while let timer = next, found == nil {
      next = timer.pointee.next
      let place = timer.kernelTimer.pointer
      guard let routine = timer.pointee.callback, image.contains(UInt(bitPattern: routine)),
        !timer.pointee.isDeleted,
        place.pointee.Header.TimerMiscFlags & KernelTimer.inserted != 0
      else { continue }
      found = (routine, state.pointee.dispatcher.timers.stack(of: place))
    }
    unlockDispatcher()
    return found
  }
}
