import CRing3
import NTTypes

// What an unloaded driver's threads do.
extension Machine {
  /// Milliseconds that threads which run get for their end.
  private static let runningTime = 5000
  /// Milliseconds for which all that are left must have waited.
  private static let waitingTime = 200

  /// Finds a system thread in an image that goes: 0xCE.
  ///
  /// A thread that is about to end gets the time for it; one that waits, or that goes on running, counts.
  /// At PASSIVE_LEVEL, after the unload routine.
  package func checkThreads(of image: Range<UInt>, subject: UnsafePointer<CChar>?) {
    guard verifier.contains(.poolTracking) else { return }
    var waitedTime = 0
    letPass(milliseconds: Self.runningTime) {
      let left = threadsLeft(in: image)
      waitedTime = left.isRunning ? 0 : waitedTime + 1
      return left.thread == nil || waitedTime > Self.waitingTime
    }
    guard let thread = threadsLeft(in: image).thread else { return }
    let start = thread.pointee.start
    bugCheck(
      0xCE, bits(start.routine), 8, 0, bits(thread), subject: subject, rule: "ThreadLeft",
      causes: Causes(.created, start.stack).and(.awaited, placeOfWait(Thread(thread))))
  }

  /// A thread that begins in an image and has not ended, one that waits first of all, and whether one runs.
  private func threadsLeft(
    in image: Range<UInt>
  ) -> (thread: UnsafeMutablePointer<ThreadState>?, isRunning: Bool) {
    var found: UnsafeMutablePointer<ThreadState>?
    var isRunning = false
    state.pointee.threads.lock.lock()
    var next = state.pointee.threads.first
    while let pointer = next {
      next = pointer.pointee.next
      let thread = Thread(pointer)
      guard let routine = pointer.pointee.start.routine, !pointer.pointee.start.isHost,
        image.contains(UInt(bitPattern: routine)), !thread.isEnded
      else { continue }
      let isWaiting = r3_load32(thread.wait) != 0
      if !isWaiting { isRunning = true }
      if isWaiting || found == nil { found = pointer }
    }
    state.pointee.threads.lock.unlock()
    return (found, isRunning)
  }

  /// Where a driver called the system to wait; 0 for a thread that does not wait.
  private func placeOfWait(_ thread: Thread) -> StackNumber {
    guard let verifier = verifierState, r3_load32(thread.wait) != 0,
      var place = thread.block.pointee.frames?.pointee.rip
    else { return 0 }
    return verifier.pointee.stacks.number(of: &place, 1)
  }

  /// Lets others go on until a question is answered with yes, for so many milliseconds at most.
  ///
  /// By the host's clock, for a manual one stands still; where threads take turns, the others have theirs.
  /// At PASSIVE_LEVEL.
  package func letPass(milliseconds: Int, until isDone: () -> Bool) {
    var word: UInt32 = 0
    for _ in 0..<milliseconds {
      if isDone() { return }
      if let schedule {
        schedule.wait(
          &word, 0, until: .after(milliseconds: 1), isPatient: true, "the end of a driver")
      } else {
        _ = r3_futex_wait(&word, 0, 1_000_000)
      }
      CurrentThread.leaveIfHalted()
    }
  }
}
