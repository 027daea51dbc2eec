import Machine
import NTTypes

/// The clocks of the kernel that runs here.
public enum KernelTime {
  /// The time since the kernel began, in units of 100 ns; it only goes forward.
  ///
  /// At any level. Source: KeQueryInterruptTime.
  public static var uptime: Duration { duration(Machine.current.interruptTime) }

  /// The time since the beginning of the year 1601, UTC, in units of 100 ns.
  ///
  /// At any level. Source: KeQuerySystemTime.
  public static var sinceYear1601: Duration { duration(Machine.current.systemTime) }

  private static func duration(_ units: UInt64) -> Duration {
    Duration(
      secondsComponent: Int64(units / 10_000_000),
      attosecondsComponent: Int64(units % 10_000_000) * 100_000_000_000)
  }
}

/// The level of the processor that runs here.
public enum CurrentLevel {
  /// The level, such as DISPATCH_LEVEL in the handler of a ``DriverDPC``.
  ///
  /// At any level. Source: KeGetCurrentIrql.
  public static var irql: Irql { Irql(rawValue: CurrentThread.irql) }
}
