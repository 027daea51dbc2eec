/// The major function of a request: the index of the driver's dispatch routine.
public struct MajorFunction: RawRepresentable, Hashable, Sendable {
  /// The number that the system uses.
  public let rawValue: UInt8
  /// Makes a value of the system's number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `IRP_MJ_CREATE`.
  public static let create = MajorFunction(rawValue: 0x00)
  /// `IRP_MJ_CREATE_NAMED_PIPE`.
  public static let createNamedPipe = MajorFunction(rawValue: 0x01)
  /// `IRP_MJ_CLOSE`.
  public static let close = MajorFunction(rawValue: 0x02)
  /// `IRP_MJ_READ`.
  public static let read = MajorFunction(rawValue: 0x03)
  /// `IRP_MJ_WRITE`.
  public static let write = MajorFunction(rawValue: 0x04)
  /// `IRP_MJ_QUERY_INFORMATION`.
  public static let queryInformation = MajorFunction(rawValue: 0x05)
  /// `IRP_MJ_SET_INFORMATION`.
  public static let setInformation = MajorFunction(rawValue: 0x06)
  /// `IRP_MJ_QUERY_EA`.
  public static let queryEA = MajorFunction(rawValue: 0x07)
  /// `IRP_MJ_SET_EA`.
  public static let setEA = MajorFunction(rawValue: 0x08)
  /// `IRP_MJ_FLUSH_BUFFERS`.
  public static let flushBuffers = MajorFunction(rawValue: 0x09)
  /// `IRP_MJ_QUERY_VOLUME_INFORMATION`.
  public static let queryVolumeInformation = MajorFunction(rawValue: 0x0A)
  /// `IRP_MJ_SET_VOLUME_INFORMATION`.
  public static let setVolumeInformation = MajorFunction(rawValue: 0x0B)
  /// `IRP_MJ_DIRECTORY_CONTROL`.
  public static let directoryControl = MajorFunction(rawValue: 0x0C)
  /// `IRP_MJ_FILE_SYSTEM_CONTROL`.
  public static let fileSystemControl = MajorFunction(rawValue: 0x0D)
  /// `IRP_MJ_DEVICE_CONTROL`.
  public static let deviceControl = MajorFunction(rawValue: 0x0E)
  /// `IRP_MJ_INTERNAL_DEVICE_CONTROL`.
  public static let internalDeviceControl = MajorFunction(rawValue: 0x0F)
  /// `IRP_MJ_SHUTDOWN`.
  public static let shutdown = MajorFunction(rawValue: 0x10)
  /// `IRP_MJ_LOCK_CONTROL`.
  public static let lockControl = MajorFunction(rawValue: 0x11)
  /// `IRP_MJ_CLEANUP`.
  public static let cleanup = MajorFunction(rawValue: 0x12)
  /// `IRP_MJ_CREATE_MAILSLOT`.
  public static let createMailslot = MajorFunction(rawValue: 0x13)
  /// `IRP_MJ_QUERY_SECURITY`.
  public static let querySecurity = MajorFunction(rawValue: 0x14)
  /// `IRP_MJ_SET_SECURITY`.
  public static let setSecurity = MajorFunction(rawValue: 0x15)
  /// `IRP_MJ_POWER`.
  public static let power = MajorFunction(rawValue: 0x16)
  /// `IRP_MJ_SYSTEM_CONTROL`.
  public static let systemControl = MajorFunction(rawValue: 0x17)
  /// `IRP_MJ_DEVICE_CHANGE`.
  public static let deviceChange = MajorFunction(rawValue: 0x18)
  /// `IRP_MJ_QUERY_QUOTA`.
  public static let queryQuota = MajorFunction(rawValue: 0x19)
  /// `IRP_MJ_SET_QUOTA`.
  public static let setQuota = MajorFunction(rawValue: 0x1A)
  /// `IRP_MJ_PNP`.
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
  /// The Windows name, such as IRP_MJ_READ.
  public var description: String { name ?? "major function \(rawValue.hexadecimal(digits: 2))" }
}
