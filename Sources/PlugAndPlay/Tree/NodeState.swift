/// How far a device has come.
public enum DeviceState: UInt8, Sendable, Hashable, CaseIterable {
  /// The bus has reported the device; nothing is known of it yet.
  case uninitialized
  /// Its identifiers are known; it has no drivers.
  case initialized
  /// The stack is built.
  case driversAdded
  /// The device works.
  case started
  /// The drivers have agreed to stop the device.
  case queryStopped
  /// The device is stopped, to be started again.
  case stopped
  /// The drivers have agreed to the removal.
  case queryRemoved
  /// The device is gone; its stack stays until the last handle is closed.
  case surpriseRemoved
  /// The stack is gone; the bus still has the device.
  case removed
}

/// Why a device does not work, with the numbers that Windows gives (CM_PROB_…).
public struct DeviceProblem: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The number.
  public let rawValue: UInt32

  /// Any number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The bus reported identifiers that are of no use.
  public static let invalidData = DeviceProblem(rawValue: 9)
  /// A driver failed IRP_MN_START_DEVICE.
  public static let failedStart = DeviceProblem(rawValue: 10)
  /// Somebody has removed the device in an orderly way.
  public static let disabled = DeviceProblem(rawValue: 22)
  /// There is no driver for the device.
  public static let failedInstall = DeviceProblem(rawValue: 28)
  /// The device says that it is disabled.
  public static let hardwareDisabled = DeviceProblem(rawValue: 29)
  /// A driver's AddDevice failed, or it has none.
  public static let failedAdd = DeviceProblem(rawValue: 31)
  /// The driver said later that the device does not work.
  public static let failedPostStart = DeviceProblem(rawValue: 43)
  /// The device was prepared to be taken out.
  public static let heldForEject = DeviceProblem(rawValue: 47)

  /// The name in Windows, or the number.
  public var description: String {
    switch self {
    case .invalidData: "CM_PROB_INVALID_DATA"
    case .failedStart: "CM_PROB_FAILED_START"
    case .disabled: "CM_PROB_DISABLED"
    case .failedInstall: "CM_PROB_FAILED_INSTALL"
    case .hardwareDisabled: "CM_PROB_HARDWARE_DISABLED"
    case .failedAdd: "CM_PROB_FAILED_ADD"
    case .failedPostStart: "CM_PROB_FAILED_POST_START"
    case .heldForEject: "CM_PROB_HELD_FOR_EJECT"
    default: "problem \(rawValue)"
    }
  }
}
