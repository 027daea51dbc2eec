/// A status code of the system.
///
/// An operation that fails throws it. `description` gives the name that a Windows programmer knows:
///
///     print(NTStatus.bufferTooSmall)  // STATUS_BUFFER_TOO_SMALL (0xC0000023)
public struct NTStatus: RawRepresentable, Error, Hashable, Sendable {
  /// The code as an unsigned number, for example 0xC0000023.
  public let bits: UInt32

  /// Makes a status of its bits.
  public init(bits: UInt32) { self.bits = bits }

  /// Makes a status of the signed number that C code has.
  public init(code: Int32) { bits = UInt32(bitPattern: code) }

  /// Makes a status of its bits.
  public init(rawValue: UInt32) { bits = rawValue }
  /// The same as ``bits``.
  public var rawValue: UInt32 { bits }

  /// The code as the signed number that C code has.
  public var code: Int32 { Int32(bitPattern: bits) }

  /// The two highest bits of a status.
  public enum Severity: UInt8, Sendable {
    /// All went well.
    case success
    /// All went well, and there is something to say.
    case information
    /// The operation was done in part, or with a reservation.
    case warning
    /// The operation was not done.
    case error
  }

  /// How bad it is.
  public var severity: Severity {
    switch bits >> 30 {
    case 0: .success
    case 1: .information
    case 2: .warning
    default: .error
    }
  }

  /// Whether the operation went on: success and informational codes, as `NT_SUCCESS` says.
  public var isSuccess: Bool { code >= 0 }
  /// Whether the code is informational (`NT_INFORMATION`).
  public var isInformation: Bool { severity == .information }
  /// Whether the code is a warning (`NT_WARNING`).
  public var isWarning: Bool { severity == .warning }
  /// Whether the code is an error (`NT_ERROR`).
  @inlinable public var isError: Bool { bits >> 30 == 3 }

  /// Whether a driver's vendor defined the code, not the system.
  public var isCustomer: Bool { bits & 0x2000_0000 != 0 }

  /// The component that the code belongs to, for example 0 for the system, 0x20 for the driver framework.
  public var facility: UInt16 { UInt16(truncatingIfNeeded: bits >> 16) & 0xFFF }

  /// Throws the status when it is not a success.
  public func check() throws(NTStatus) {
    if !isSuccess { throw self }
  }

  /// Lets `catch NTStatus.pending` match any error.
  public static func ~= (pattern: NTStatus, error: any Error) -> Bool {
    error as? NTStatus == pattern
  }
}

extension NTStatus: CustomStringConvertible, CustomDebugStringConvertible {
  /// The Windows name and the number, such as `STATUS_PENDING (0x00000103)`.
  public var description: String {
    let number = bits.hexadecimal(digits: 8)
    guard let name else { return "NTSTATUS \(number)" }
    return "\(name) (\(number))"
  }

  /// The same as ``description``.
  public var debugDescription: String { description }
}
