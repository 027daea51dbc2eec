/// The kind of a device, as in `DEVICE_OBJECT.DeviceType` and in a control code.
public struct DeviceType: RawRepresentable, Hashable, Sendable {
  /// The number that the system uses.
  public let rawValue: UInt16
  /// Makes a value of the system's number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A device of no particular kind (`FILE_DEVICE_UNKNOWN`).
  public static let unknown = DeviceType(rawValue: 0x22)
  /// A disk (`FILE_DEVICE_DISK`).
  public static let disk = DeviceType(rawValue: 0x07)
  /// A keyboard (`FILE_DEVICE_KEYBOARD`).
  public static let keyboard = DeviceType(rawValue: 0x0B)
  /// A named pipe (`FILE_DEVICE_NAMED_PIPE`).
  public static let namedPipe = DeviceType(rawValue: 0x11)
  /// A network card (`FILE_DEVICE_NETWORK`).
  public static let network = DeviceType(rawValue: 0x12)
  /// The device that swallows everything (`FILE_DEVICE_NULL`).
  public static let null = DeviceType(rawValue: 0x15)
  /// A serial port (`FILE_DEVICE_SERIAL_PORT`).
  public static let serialPort = DeviceType(rawValue: 0x1B)
  /// Mass storage (`FILE_DEVICE_MASS_STORAGE`).
  public static let massStorage = DeviceType(rawValue: 0x2D)

  private static let names: [UInt16: String] = [
    0x01: "BEEP", 0x02: "CD_ROM", 0x03: "CD_ROM_FILE_SYSTEM", 0x04: "CONTROLLER",
    0x05: "DATALINK", 0x06: "DFS", 0x07: "DISK", 0x08: "DISK_FILE_SYSTEM",
    0x09: "FILE_SYSTEM", 0x0A: "INPORT_PORT", 0x0B: "KEYBOARD", 0x0C: "MAILSLOT",
    0x0D: "MIDI_IN", 0x0E: "MIDI_OUT", 0x0F: "MOUSE", 0x10: "MULTI_UNC_PROVIDER",
    0x11: "NAMED_PIPE", 0x12: "NETWORK", 0x13: "NETWORK_BROWSER",
    0x14: "NETWORK_FILE_SYSTEM", 0x15: "NULL", 0x16: "PARALLEL_PORT",
    0x17: "PHYSICAL_NETCARD", 0x18: "PRINTER", 0x19: "SCANNER", 0x1A: "SERIAL_MOUSE_PORT",
    0x1B: "SERIAL_PORT", 0x1C: "SCREEN", 0x1D: "SOUND", 0x1E: "STREAMS", 0x1F: "TAPE",
    0x20: "TAPE_FILE_SYSTEM", 0x21: "TRANSPORT", 0x22: "UNKNOWN", 0x23: "VIDEO",
    0x24: "VIRTUAL_DISK", 0x25: "WAVE_IN", 0x26: "WAVE_OUT", 0x27: "8042_PORT",
    0x28: "NETWORK_REDIRECTOR", 0x29: "BATTERY", 0x2A: "BUS_EXTENDER", 0x2B: "MODEM",
    0x2C: "VDM", 0x2D: "MASS_STORAGE", 0x2E: "SMB", 0x2F: "KS", 0x30: "CHANGER",
    0x31: "SMARTCARD", 0x32: "ACPI", 0x33: "DVD", 0x34: "FULLSCREEN_VIDEO",
    0x35: "DFS_FILE_SYSTEM", 0x36: "DFS_VOLUME", 0x37: "SERENUM", 0x38: "TERMSRV",
    0x39: "KSEC", 0x3A: "FIPS", 0x3B: "INFINIBAND",
  ]
}

extension DeviceType: CustomStringConvertible {
  /// The Windows name, or the number of a type that has none here.
  public var description: String {
    Self.names[rawValue].map { "FILE_DEVICE_" + $0 } ?? "device type \(rawValue.hexadecimal())"
  }
}
