/// The major function of a request: the index of the driver's dispatch routine.
public struct MajorFunction: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let create = MajorFunction(rawValue: 0x00)
  public static let createNamedPipe = MajorFunction(rawValue: 0x01)
  public static let close = MajorFunction(rawValue: 0x02)
  public static let read = MajorFunction(rawValue: 0x03)
  public static let write = MajorFunction(rawValue: 0x04)
  public static let queryInformation = MajorFunction(rawValue: 0x05)
  public static let setInformation = MajorFunction(rawValue: 0x06)
  public static let queryEA = MajorFunction(rawValue: 0x07)
  public static let setEA = MajorFunction(rawValue: 0x08)
  public static let flushBuffers = MajorFunction(rawValue: 0x09)
  public static let queryVolumeInformation = MajorFunction(rawValue: 0x0A)
  public static let setVolumeInformation = MajorFunction(rawValue: 0x0B)
  public static let directoryControl = MajorFunction(rawValue: 0x0C)
  public static let fileSystemControl = MajorFunction(rawValue: 0x0D)
  public static let deviceControl = MajorFunction(rawValue: 0x0E)
  public static let internalDeviceControl = MajorFunction(rawValue: 0x0F)
  public static let shutdown = MajorFunction(rawValue: 0x10)
  public static let lockControl = MajorFunction(rawValue: 0x11)
  public static let cleanup = MajorFunction(rawValue: 0x12)
  public static let createMailslot = MajorFunction(rawValue: 0x13)
  public static let querySecurity = MajorFunction(rawValue: 0x14)
  public static let setSecurity = MajorFunction(rawValue: 0x15)
  public static let power = MajorFunction(rawValue: 0x16)
  public static let systemControl = MajorFunction(rawValue: 0x17)
  public static let deviceChange = MajorFunction(rawValue: 0x18)
  public static let queryQuota = MajorFunction(rawValue: 0x19)
  public static let setQuota = MajorFunction(rawValue: 0x1A)
  public static let pnp = MajorFunction(rawValue: 0x1B)

  /// The highest index of a dispatch routine (`IRP_MJ_MAXIMUM_FUNCTION`).
  public static let maximum = MajorFunction.pnp

  private static let names = [
    "CREATE", "CREATE_NAMED_PIPE", "CLOSE", "READ", "WRITE", "QUERY_INFORMATION",
    "SET_INFORMATION", "QUERY_EA", "SET_EA", "FLUSH_BUFFERS", "QUERY_VOLUME_INFORMATION",
    "SET_VOLUME_INFORMATION", "DIRECTORY_CONTROL", "FILE_SYSTEM_CONTROL", "DEVICE_CONTROL",
    "INTERNAL_DEVICE_CONTROL", "SHUTDOWN", "LOCK_CONTROL", "CLEANUP", "CREATE_MAILSLOT",
    "QUERY_SECURITY", "SET_SECURITY", "POWER", "SYSTEM_CONTROL", "DEVICE_CHANGE", "QUERY_QUOTA",
    "SET_QUOTA", "PNP",
  ]

  /// The Windows name, for example `IRP_MJ_READ`; nil beyond the last function.
  public var name: String? {
    rawValue < Self.names.count ? "IRP_MJ_" + Self.names[Int(rawValue)] : nil
  }
}

extension MajorFunction: CustomStringConvertible {
  public var description: String { name ?? "major function \(rawValue.hexadecimal(digits: 2))" }
}
