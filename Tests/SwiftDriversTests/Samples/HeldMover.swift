import Dispatch
import Ring3
import Synchronization

/// A block mover that carries a start out only when it is told to, so that a request can be caught
/// under way; and that counts.
final class HeldMover: SimulatedDevice {
  let mover: BlockMover
  private let state = Mutex(State())
  /// Counts the starts that were held back.
  private let held = DispatchSemaphore(value: 0)

  fileprivate struct State {
    var isHeld = false
    var pending: UInt64?
    var starts: [Int] = []
    var count = 0
  }

  init(_ mover: BlockMover = BlockMover()) { self.mover = mover }

  var configuration: DeviceConfiguration { mover.configuration }

  func plugged(into bus: DeviceBus) { mover.plugged(into: bus) }

  func read(region: Int, offset: Int, byteCount: Int) -> UInt64 {
    mover.read(region: region, offset: offset, byteCount: byteCount)
  }

  func write(region: Int, offset: Int, byteCount: Int, value: UInt64) {
    let passes = state.withLock { $0.take(offset, value) }
    if passes {
      mover.write(region: region, offset: offset, byteCount: byteCount, value: value)
    } else {
      held.signal()
    }
  }

  /// Descriptors of each start.
  var starts: [Int] { state.withLock { $0.starts } }

  /// Whether a start waits.
  var isWaiting: Bool { state.withLock { $0.pending != nil } }

  /// Returns when a start waits that nobody has waited for.
  func waitForStart() { held.wait() }

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

extension HeldMover.State {
  /// Takes a write; false when it is a start that is held back.
  fileprivate mutating func take(_ offset: Int, _ value: UInt64) -> Bool {
    if offset == 0x28 { count = Int(value) }
    guard offset == 0 else { return true }
    guard value & 3 != 0 else {
      pending = nil
      return true
    }
    starts.append(count)
    if isHeld { pending = value }
    return !isHeld
  }
}
