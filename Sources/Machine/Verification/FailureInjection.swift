import CRing3
import NTTypes

extension Machine {
  /// Whether exports that may fail are bound so that they ask ``refuses(_:tag:)``.
  @inlinable package var injectsFailures: Bool { verifier.contains(.lowResources) }

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
    guard let failures, let capture = state.pointee.hooks.captureStack else { return false }
    var frames = InlineArray<16, UInt64>(repeating: 0)
    let count = withUnsafeMutablePointer(to: &frames) { frames in
      let frames = UnsafeMutableRawPointer(frames).assumingMemoryBound(to: UInt64.self)
      return Int(capture(frames, Int32(FailureState.depth), nil))
    }
    // Nobody's driver asks.
    if count == 0 { return false }
    let identifier = identify(routine, frames, count)
    return failures.pointee.judge(identifier, routine, tag, frames, count)
  }

  /// The sites that were reached, the oldest first; empty without the class `lowResources`.
  package var failureRecords: [FailureRecord] { failures?.pointee.snapshot() ?? [] }

  /// The same number for the same routine and stack in every machine: images lie elsewhere in each.
  private func identify(
    _ routine: UnsafePointer<CChar>, _ frames: InlineArray<16, UInt64>, _ count: Int
  ) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
    var character = routine
    while character.pointee != 0 {
      mix(UInt64(UInt8(bitPattern: character.pointee)))
      character += 1
    }
    let place = state.pointee.hooks.driverPlace
    for index in 0..<count { mix(place?(frames[index]) ?? frames[index]) }
    return hash ^ hash >> 29
  }
}
