import Ring3
import Synchronization

/// A block mover that carries a start out only when it is told to, so that a request can be caught
/// under way; and that counts.
final class HeldMover: SimulatedDevice {
  let mover: BlockMover
  private let state = Mutex(State())

  private struct State {
    var isHeld = false
    var pending: UInt64?
    var starts: [Int] = []
    var count = 0
  }

  init(_ mover: BlockMover = BlockMover(), isHeld: Bool = false) {
    self.mover = mover
    state.withLock { $0.isHeld = isHeld }
  }

  var configuration: DeviceConfiguration { mover.configuration }

  func plugged(into bus: DeviceBus) { mover.plugged(into: bus) }

  func read(region: Int, offset: Int, byteCount: Int) -> UInt64 {
    mover.read(region: region, offset: offset, byteCount: byteCount)
  }

  func write(region: Int, offset: Int, byteCount: Int, value: UInt64) {
    let passes = state.withLock { state in
      if offset == 0x28 { state.count = Int(value) }
      guard offset == 0 else { return true }
      if value & 3 == 0 {
        state.pending = nil
        return true
      }
      state.starts.append(state.count)
      if state.isHeld { state.pending = value }
      return !state.isHeld
    }
    if passes { mover.write(region: region, offset: offset, byteCount: byteCount, value: value) }
  }

  /// Descriptors of each start.
  var starts: [Int] { state.withLock { $0.starts } }

  /// Whether a start waits.
  var isWaiting: Bool { state.withLock { $0.pending != nil } }

  /// Holds starts back from now on, or not.
  func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

  /// Carries out the start that waits; false when there is none.
  @discardableResult
  func go() -> Bool {
    let value = state.withLock { state in
      defer { state.pending = nil }
      return state.pending
    }
    guard let value else { return false }
    mover.write(region: 0, offset: 0, byteCount: 4, value: value)
    return true
  }
}
