import CRing3
import NTTypes

/// What a machine keeps when it is verified: stacks, and the verdicts that did not end it.
package struct VerifierState {
  package var stacks = StackDepot()
  var verdicts = VerdictList()
  package var locks = LockLedger()
  var removeLocks = RemoveLockLedger()
  var mutexes = MutexNotes()
  /// What the fault handler found, for the bug check that follows.
  package var faultRule: StaticString?
  package var faultCauses = Causes.none
  /// A driver compares addresses with the end of user memory itself: nothing is said of its probes.
  package var probesByHand = false
  /// The line of the script that is being done; 0 for none.
  package var scriptLine: UInt32 = 0
  /// With the class `lowResources`.
  var failures: UnsafeMutablePointer<FailureState>?
}

extension Machine {
  /// The classes that are checked; empty without verification.
  public var verifier: VerifierClasses { state.pointee.configuration.verifier }

  /// The number of locks that are followed and that threads have; nil without verification.
  package var heldLockCount: UnsafePointer<Int>? {
    guard let state = verifierState,
      let locks = MemoryLayout<VerifierState>.offset(of: \.locks),
      let count = MemoryLayout<LockLedger>.offset(of: \.heldCount)
    else { return nil }
    return UnsafePointer(
      (UnsafeMutableRawPointer(state) + locks + count).assumingMemoryBound(to: Int.self))
  }

  /// Nil without verification.
  package var verifierState: UnsafeMutablePointer<VerifierState>? {
    self[.verifier]?.assumingMemoryBound(to: VerifierState.self)
  }

  func makeVerifierState() {
    guard !verifier.isEmpty else { return }
    let verifier = UnsafeMutablePointer<VerifierState>.allocate(capacity: 1)
    verifier.initialize(to: VerifierState())
    self[.verifier] = UnsafeMutableRawPointer(verifier)
    makeFailureState(verifier)
  }

  func destroyVerifierState() {
    guard let verifier = verifierState else { return }
    verifier.pointee.stacks.destroy()
    verifier.pointee.verdicts.destroy()
    destroyFailureState(verifier)
    verifier.pointee.locks.destroy()
    verifier.pointee.removeLocks.destroy()
    verifier.deinitialize(count: 1)
    verifier.deallocate()
    self[.verifier] = nil
  }

  /// A stack of one frame, in a driver's routine that has returned; 0 without verification, and for a
  /// routine of the system.
  package func noteRoutine(_ routine: UnsafeMutableRawPointer?) -> StackNumber {
    guard let verifier = verifierState, let routine else { return 0 }
    let address = UInt64(UInt(bitPattern: routine))
    if let isDriver = state.pointee.hooks.isDriverAddress, !isDriver(address) { return 0 }
    // Frames are where calls return to: behind the instruction that they stand for.
    var frame = address + 1
    return verifier.pointee.stacks.number(of: &frame, 1)
  }

  /// The stack of the driver that called in, for later: 0 without verification, and outside a driver.
  ///
  /// At any level.
  package func noteStack() -> StackNumber {
    // No driver has called.
    if r3_current()?.pointee.frames == nil { return 0 }
    if let number = state.pointee.hooks.stackNumber { return number() }
    guard let verifier = verifierState, let capture = state.pointee.hooks.captureStack else {
      return 0
    }
    var frames = InlineArray<16, UInt64>(repeating: 0)
    return withUnsafeMutablePointer(to: &frames) { frames in
      let frames = UnsafeMutableRawPointer(frames).assumingMemoryBound(to: UInt64.self)
      let count = capture(frames, Int32(StackDepot.frameCount), nil)
      return verifier.pointee.stacks.number(of: frames, Int(count))
    }
  }
}
