import CDriverKit
import Framework
import NTTypes
import PlugAndPlay

// Power policy: when the device sleeps and what wakes it.
extension DeviceObject {
  /// When a device that nobody uses goes to sleep while the system works.
  public struct IdleSettings: Sendable, Hashable {
    /// Whether the device can wake itself.
    public var canWake: Bool
    /// Where it goes: `DevicePowerState.d1` to `d3`; nil for the deepest state that it can leave.
    public var state: DevicePowerState?
    /// How long nobody must have used it, in whole milliseconds; nil for what the system says.
    public var timeout: Duration?

    /// Describes when the device sleeps.
    public init(canWake: Bool = false, state: DevicePowerState? = nil, timeout: Duration? = nil) {
      self.canWake = canWake
      self.state = state
      self.timeout = timeout
    }
  }

  /// Says when the device goes to sleep for being idle.
  ///
  /// At PASSIVE_LEVEL, by the owner of the device's power policy.
  ///
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a driver that is not the owner,
  ///   STATUS_INVALID_PARAMETER for a state that does not fit.
  ///
  /// Source: WdfDeviceAssignS0IdleSettings.
  public func assign(_ settings: IdleSettings) throws(NTStatus) {
    var raw = WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS()
    raw.Size = UInt32(MemoryLayout<WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS>.size)
    raw.IdleCaps = settings.canWake ? IdleCanWakeFromS0 : IdleCannotWakeFromS0
    raw.DxState = deviceState(settings.state)
    if let timeout = settings.timeout {
      guard let milliseconds = UInt32(exactly: timeout.milliseconds) else {
        throw .invalidParameter
      }
      raw.IdleTimeout = milliseconds
    }
    raw.UserControlOfIdleSettings = IdleAllowUserControl
    (raw.Enabled, raw.PowerUpIdleDeviceOnSystemWake) = (WdfUseDefault, WdfUseDefault)
    raw.ExcludeD3Cold = WdfUseDefault
    try check(wdfDeviceAssignS0IdleSettings(handle.globals, handle.bits, &raw))
  }

  /// Lets the device wake the system.
  ///
  /// At PASSIVE_LEVEL, by the owner of the device's power policy.
  ///
  /// - Parameter state: where the device goes when the system sleeps: `d1` to `d3`; nil for the
  ///   deepest state that it can wake the system from.
  /// - Throws: as ``assign(_:)`` does.
  ///
  /// Source: WdfDeviceAssignSxWakeSettings.
  public func allowSystemWake(from state: DevicePowerState? = nil) throws(NTStatus) {
    var raw = WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS()
    raw.Size = UInt32(MemoryLayout<WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS>.size)
    raw.DxState = deviceState(state)
    raw.UserControlOfWakeSettings = WakeAllowUserControl
    raw.Enabled = WdfUseDefault
    try check(wdfDeviceAssignSxWakeSettings(handle.globals, handle.bits, &raw))
  }

  private func deviceState(_ state: DevicePowerState?) -> DEVICE_POWER_STATE {
    state.map { DEVICE_POWER_STATE($0.rawValue) } ?? PowerDeviceMaximum
  }

  /// Brings the device into its working state and keeps it there, as long as the result lives.
  ///
  /// At PASSIVE_LEVEL, by the owner of the device's power policy.
  ///
  /// - Throws: STATUS_POWER_STATE_INVALID when the device is not started or cannot get there.
  ///
  /// Source: WdfDeviceStopIdle, WdfDeviceResumeIdle.
  public func keepWorking() throws(NTStatus) -> WorkingState {
    try check(wdfDeviceStopIdleNoTrack(handle.globals, handle.bits, 1))
    return WorkingState(handle)
  }

  /// Keeps a device from going to sleep for being idle until it goes out of scope.
  public struct WorkingState: ~Copyable, Sendable {
    private let handle: Handle

    fileprivate init(_ handle: Handle) { self.handle = handle }

    deinit {
      if handle.isLive { wdfDeviceResumeIdleNoTrack(handle.globals, handle.bits) }
    }
  }
}

extension Duration {
  /// Whole milliseconds, rounded up.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let part = 1_000_000_000_000_000 as Int64
    return seconds * 1000 + (attoseconds + part - 1) / part
  }

  /// Units of 100 ns, rounded up, as the kernel counts time.
  var kernelUnits: Int64 {
    let (seconds, attoseconds) = components
    let part = 100_000_000_000 as Int64
    let (units, hasOverflown) = seconds.multipliedReportingOverflow(by: 10_000_000)
    if hasOverflown { return seconds > 0 ? .max : .min }
    return units.addingReportingOverflow((attoseconds + part - 1) / part).partialValue
  }
}
