import Machine

/// Which allocations are made to fail.
public struct PoolFaults: Sendable {
  /// Only allocations with this tag count; 0: all.
  public var tag: UInt32
  /// Only allocations from this pool count; nil: all.
  public var kind: PoolKind?
  /// Matching allocations that still succeed.
  public var succeeding: Int
  /// Matching allocations that fail after those.
  public var failing: Int
  /// Matching allocations seen so far.
  public internal(set) var seen = 0

  /// Lets `succeeding` allocations pass and fails the next `failing` ones.
  public init(
    tag: UInt32 = 0, kind: PoolKind? = nil, after succeeding: Int = 0, failing: Int = .max
  ) {
    self.tag = tag
    self.kind = kind
    self.succeeding = succeeding
    self.failing = failing
  }

  mutating func refuses(_ request: PoolRequest) -> Bool {
    guard tag == 0 || tag == request.tag, kind == nil || kind == request.kind else { return false }
    seen += 1
    return seen > succeeding && seen - succeeding <= failing
  }
}

extension Pool {
  /// Makes allocations fail, or with nil lets them be again.
  package func inject(_ faults: PoolFaults?) {
    state.pointee.faultLock.lockStaying()
    state.pointee.faults = faults ?? PoolFaults(failing: 0)
    state.pointee.faultLock.unlock()
    setMode(PoolMode.injects, faults != nil)
  }

  /// The failures being injected, with what was seen of them.
  package var faults: PoolFaults {
    state.pointee.faultLock.lockStaying()
    let faults = state.pointee.faults
    state.pointee.faultLock.unlock()
    return faults
  }

  /// Whether a request fails although there may be memory: injected, or less important than the rest.
  func isRefused(_ request: PoolRequest) -> Bool {
    if state.pointee.mode & PoolMode.injects != 0 {
      state.pointee.faultLock.lockStaying()
      let isRefused = state.pointee.faults.refuses(request)
      state.pointee.faultLock.unlock()
      if isRefused { return true }
    }
    return request.priority == .low && isLow(request.kind)
  }

  /// Refuses executable pool from now on, as the code-integrity checks of Driver Verifier do.
  package func forbidExecutable() { state.pointee.forbidsExecutable = true }
}
