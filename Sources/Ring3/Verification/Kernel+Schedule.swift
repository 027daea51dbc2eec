import Machine

extension Kernel {
  /// The order in which threads ran, so far; nil without a seed in `schedule` of the configuration.
  ///
  /// Exact while no thread is inside.
  public var schedule: ScheduleReport? {
    guard let seed = machine.state.pointee.configuration.schedule,
      let record = machine.scheduleRecord
    else { return nil }
    return ScheduleReport(
      seed: seed, pointCount: record.pointCount, switchCount: record.switchCount,
      digest: record.digest,
      lastPoints: record.lastPoints.map {
        ScheduleReport.Point(
          thread: Int($0.thread), name: String(cString: $0.name), isReturn: $0.isReturn)
      })
  }
}

/// An order of threads that was drawn from a seed.
public struct ScheduleReport: Sendable, Hashable {
  /// A call of the system by a driver, or its return: there another thread may go on.
  public struct Point: Sendable, Hashable, CustomStringConvertible {
    /// The number of the thread, from 1 in the order in which the threads came.
    public let thread: Int
    /// The routine of the system; `leave` where a thread of the program leaves the kernel.
    public let name: String
    /// Whether the routine comes back.
    public let isReturn: Bool

    /// Thread and routine in one line: `3  KeReleaseSpinLock returns`.
    public var description: String { "\(thread)  \(name)" + (isReturn ? " returns" : "") }
  }

  /// The seed.
  public let seed: UInt64
  /// Points that were passed.
  public let pointCount: Int
  /// How often another thread went on.
  public let switchCount: Int
  /// A number over all points and their threads: equal orders have equal digests.
  public let digest: UInt64
  /// The last points, at most 64, the oldest first.
  public let lastPoints: [Point]
}
