import CDriverKit
import IOManager
import Machine

/// What the power manager of a machine keeps; plain memory.
struct PowerState {
  /// The state of the system, `SYSTEM_POWER_STATE`.
  var system: UInt32 = 1
  var firstIdle: UnsafeMutablePointer<IdleDetection>?
  var firstSetting: UnsafeMutablePointer<PowerSetting>?
  var firstCallback: UnsafeMutablePointer<SettingCallback>?

  func destroy() {
    Self.free(firstIdle) { $0.pointee.next }
    Self.free(firstSetting) { $0.pointee.next }
    Self.free(firstCallback) { $0.pointee.next }
  }

  /// Frees the records of a list.
  private static func free<T>(
    _ first: UnsafeMutablePointer<T>?,
    _ following: (UnsafeMutablePointer<T>) -> UnsafeMutablePointer<T>?
  ) {
    var next = first
    while let record = next {
      next = following(record)
      record.deallocate()
    }
  }
}

/// A state of the whole system, from working to off.
public enum SystemPowerState: UInt32, Sendable, Hashable, CaseIterable {
  /// S0: working.
  case working = 1
  /// S1 to S3: asleep, deeper and deeper.
  case s1 = 2, s2, s3
  /// S4: everything is on the disk.
  case hibernate
  /// S5: off.
  case shutdown

  /// The action that leads there, `POWER_ACTION`.
  var action: POWER_ACTION {
    switch self {
    case .working: PowerActionNone
    case .s1, .s2, .s3: PowerActionSleep
    case .hibernate: PowerActionHibernate
    case .shutdown: PowerActionShutdownOff
    }
  }
}

/// A state of one device, from on to off.
public enum DevicePowerState: UInt32, Sendable, Hashable, CaseIterable {
  /// On.
  case d0 = 1
  /// In between.
  case d1, d2
  /// Off.
  case d3
}
