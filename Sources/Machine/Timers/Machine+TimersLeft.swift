import CDriverKit
import CRing3

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
    if let dpc = DPC.queued(in: image, of: self) { say(1, bits(dpc), image, 0) }
  }

  private func say(
    _ kind: UInt64, _ address: UInt64, _ image: Range<UInt>, _ stack: StackNumber
  ) -> Never {
    bugCheck(
      0xC7, kind, address, UInt64(image.lowerBound), UInt64(image.upperBound), rule: "TimerLeft",
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
