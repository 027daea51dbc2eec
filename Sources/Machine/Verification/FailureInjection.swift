import CRing3
import NTTypes

extension Machine {
  /// Whether exports that may fail are bound so that they ask ``refuses(_:tag:)``.
  @inlinable package var injectsFailures: Bool { verifier.contains(.lowResources) }

  /// Whether special pool guards what is asked for now; a plan may say not.
  package var guardsBlocks: Bool { failures?.pointee.guardsBlocks ?? true }

  /// Nil without the class `lowResources`.
  var failures: UnsafeMutablePointer<FailureState>? { verifierState?.pointee.failures }

  func makeFailureState(_ verifier: UnsafeMutablePointer<VerifierState>) {
    guard injectsFailures else { return }
    let failures = UnsafeMutablePointer<FailureState>.allocate(capacity: 1)
    failures.initialize(to: FailureState(state.pointee.configuration.failurePlan))
    verifier.pointee.failures = failures
  }

  func destroyFailureState(_ verifier: UnsafeMutablePointer<VerifierState>) {
    guard let failures = verifier.pointee.failures else { return }
    failures.pointee.destroy()
    failures.deinitialize(count: 1)
    failures.deallocate()
    verifier.pointee.failures = nil
  }

  /// Whether a routine that a driver has called says that there is no memory: the one place that
  /// decides this.
  ///
  /// At any level. Without the class the answer is no.
  ///
  /// - Parameters:
  ///   - routine: its name, in memory that stays.
  ///   - tag: the pool tag; 0 for none.
  @inline(never)
  package func refuses(_ routine: UnsafePointer<CChar>, tag: UInt32) -> Bool {
    // What the routine itself notes of the stack does not need another walk.
    failures == nil ? false : judge(routine, tag, noteStack())
  }

  /// The same for a driver in Swift, which has called a function of this program.
  @inline(never)
  package func refusesNatively(_ routine: StaticString, tag: UInt32) -> Bool {
    // The newest call from outside is the one that the driver was entered by.
    guard failures != nil, let verifier = verifierState, let entry = r3_current()?.pointee.frames
    else { return false }
    var frames = InlineArray<16, UInt64>(repeating: 0)
    let stack = withUnsafeMutablePointer(to: &frames) { frames in
      let frames = UnsafeMutableRawPointer(frames).assumingMemoryBound(to: UInt64.self)
      let count = r3_native_stack(frames, StackDepot.frameCount, UInt64(UInt(bitPattern: entry)))
      return verifier.pointee.stacks.number(of: frames, Int(count))
    }
    let name = UnsafeRawPointer(routine.utf8Start).assumingMemoryBound(to: CChar.self)
    return judge(name, tag, stack)
  }

  private func judge(_ routine: UnsafePointer<CChar>, _ tag: UInt32, _ stack: StackNumber) -> Bool {
    // Without a stack nobody's driver asks.
    guard stack != 0, let failures else { return false }
    return failures.pointee.judge(routine, tag, stack) { identify(routine, stack) }
  }

  /// The sites that were reached, the oldest first; empty without the class `lowResources`.
  package var failureRecords: [FailureRecord] { failures?.pointee.snapshot() ?? [] }

  /// The same number for the same routine and stack in every machine: images lie elsewhere in each.
  private func identify(_ routine: UnsafePointer<CChar>, _ stack: StackNumber) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
    var character = routine
    while character.pointee != 0 {
      mix(UInt64(UInt8(bitPattern: character.pointee)))
      character += 1
    }
    let place = state.pointee.hooks.driverPlace
    verifierState?.pointee.stacks.forEachFrame(of: stack) { address in
      let place = place?(address) ?? 0
      mix(place != 0 ? place : r3_native_offset(address))
    }
    return hash ^ hash >> 29
  }
}
