/// A control code: what a device control request asks for, and how its buffers travel.
public struct IoControlCode: RawRepresentable, Hashable, Sendable {
  /// The code as a number, for example 0x222000.
  public let bits: UInt32

  /// Makes a code of its number.
  public init(bits: UInt32) { self.bits = bits }
  /// Makes a code of its number.
  public init(rawValue: UInt32) { bits = rawValue }
  /// The same as ``bits``.
  public var rawValue: UInt32 { bits }

  /// Puts a code together as `CTL_CODE` does.
  public init(
    deviceType: DeviceType, function: UInt16, method: TransferMethod, access: Access = .any
  ) {
    bits =
      UInt32(deviceType.rawValue) << 16 | UInt32(access.rawValue) << 14
      | UInt32(function & 0xFFF) << 2 | UInt32(method.rawValue)
  }

  /// Reads a number, decimal or behind `0x`.
  public init?(_ text: some StringProtocol) {
    guard let bits = UInt32(number: text) else { return nil }
    self.init(bits: bits)
  }

  /// The access that the handle must have been opened with.
  public struct Access: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt8
    /// Makes a value of the system's number.
    public init(rawValue: UInt8) { self.rawValue = rawValue & 3 }

    /// No particular access (`FILE_ANY_ACCESS`).
    public static let any: Access = []
    /// Read access (`FILE_READ_ACCESS`).
    public static let read = Access(rawValue: 1)
    /// Write access (`FILE_WRITE_ACCESS`).
    public static let write = Access(rawValue: 2)
  }

  /// The kind of device that the code is meant for.
  public var deviceType: DeviceType { DeviceType(rawValue: UInt16(truncatingIfNeeded: bits >> 16)) }
  /// The number of the function; vendors use 0x800 and above.
  public var function: UInt16 { UInt16(truncatingIfNeeded: bits >> 2) & 0xFFF }
  /// How the buffers travel.
  public var method: TransferMethod {
    TransferMethod(rawValue: UInt8(truncatingIfNeeded: bits & 3)) ?? .neither
  }
  /// The access that the handle must have.
  public var access: Access { Access(rawValue: UInt8(truncatingIfNeeded: bits >> 14)) }
}

extension IoControlCode: CustomStringConvertible {
  /// The code as a hexadecimal number.
  public var description: String { bits.hexadecimal() }

  /// The code taken apart, for people: `0x222000 (FILE_DEVICE_UNKNOWN, function 0x800, METHOD_BUFFERED, any access)`.
  public var explanation: String {
    let access =
      switch access {
      case .read: "read access"
      case .write: "write access"
      case [.read, .write]: "read and write access"
      default: "any access"
      }
    return "\(self) (\(deviceType), function \(function.hexadecimal()), \(method), \(access))"
  }
}
