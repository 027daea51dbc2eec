import CRing3
import Glibc

/// The time of a machine, in units of 100 ns.
package struct Clock {
  /// Interrupt time of a manual clock; first, for atomics.
  var manual: UInt64 = 0
  let isManual: Bool
  /// Host's monotonic time when the machine began.
  let start: UInt64
  /// System time when the machine began, since the year 1601.
  let startSystemTime: UInt64

  static let unitsPerSecond: UInt64 = 10_000_000
  /// 15.625 ms.
  static let unitsPerTick: UInt64 = 156_250
  /// Units between the beginnings of 1601 and 1970.
  static let unixEpoch: UInt64 = 116_444_736_000_000_000
  /// A machine is a little old when it begins, so that time 0 is always past.
  static let startInterruptTime: UInt64 = 10_000_000

  /// When a machine begins whose threads run in a drawn order: 2025, so that it is the same each time.
  private static let scheduledStart: UInt64 = 133_801_632_000_000_000

  init(_ configuration: MachineConfiguration) {
    isManual = configuration.usesManualClock || configuration.schedule != nil
    start = Clock.host(CLOCK_MONOTONIC)
    startSystemTime =
      configuration.schedule == nil
      ? Clock.host(CLOCK_REALTIME) + Clock.unixEpoch : Clock.scheduledStart
  }

  /// A clock of the host, in units of 100 nanoseconds.
  package static func host(_ clock: clockid_t) -> UInt64 {
    var now = timespec()
    clock_gettime(clock, &now)
    return UInt64(now.tv_sec) * 10_000_000 + UInt64(now.tv_nsec) / 100
  }
}

extension Machine {
  private var manualTime: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(state) + MemoryLayout<MachineState>.offset(of: \.clock)!
  }

  /// Time since the machine began.
  package var interruptTime: UInt64 {
    if state.pointee.clock.isManual { return r3_load64(manualTime) + Clock.startInterruptTime }
    return Clock.host(CLOCK_MONOTONIC) - state.pointee.clock.start + Clock.startInterruptTime
  }

  /// Time since 1601, UTC.
  package var systemTime: UInt64 {
    interruptTime - Clock.startInterruptTime + state.pointee.clock.startSystemTime
  }

  /// Clock ticks since the machine began.
  package var tickCount: UInt64 { interruptTime / Clock.unitsPerTick }

  /// The interrupt time at which the system time is `time`; at least 0.
  package func interruptTime(atSystemTime time: UInt64) -> UInt64 {
    let start = state.pointee.clock.startSystemTime
    return time < start ? 0 : time - start + Clock.startInterruptTime
  }

  /// Host time until `deadline`: 0 when it has passed, negative when the host's clock does not tell.
  func nanoseconds(until deadline: Deadline) -> Int64 {
    if deadline == .never { return -1 }
    let now = interruptTime
    if now >= deadline.time { return 0 }
    if state.pointee.clock.isManual { return -1 }
    return Int64(min((deadline.time - now), 1 << 50)) * 100
  }

  /// Moves a manual clock on and wakes whom that concerns; see ``advanceTime(by:)``.
  func setManualTime(_ interruptTime: UInt64) {
    r3_store64(manualTime, interruptTime - Clock.startInterruptTime)
  }
}
