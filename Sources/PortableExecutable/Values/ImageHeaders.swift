/// What the headers of an image say.
public struct ImageHeaders: Sendable {
  /// The flags of the file header.
  public let characteristics: Characteristics
  /// The flags of the optional header.
  public let dllCharacteristics: DLLCharacteristics
  /// What the image is meant to run under.
  public let subsystem: Subsystem
  /// Seconds since 1970, or a hash of the content in reproducible builds.
  public let timestamp: UInt32
  /// Version of the linker.
  public let linkerVersion: Version
  /// Version of the system that is needed.
  public let operatingSystemVersion: Version
  /// Version of the image.
  public let imageVersion: Version
  /// Version of the subsystem that is needed.
  public let subsystemVersion: Version
  /// Where execution begins, from the start of the image; 0 for none.
  public let entryPoint: UInt32
  /// The address that the image was linked for.
  public let preferredBase: UInt64
  /// Alignment of sections in memory, in bytes.
  public let sectionAlignment: UInt32
  /// Alignment of sections in the file, in bytes.
  public let fileAlignment: UInt32
  /// The size of the loaded image.
  public let imageSize: UInt32
  /// The bytes of the file that are mapped at the start of the image.
  public let headerSize: UInt32
  /// The checksum as stored; 0 for none.
  public let checksum: UInt32

  /// Where the checksum is stored in the file.
  let checksumOffset: Int
  let sectionCount: Int
  let sectionTableOffset: Int
  let symbolTableOffset: Int
  let symbolCount: Int
}

extension ImageHeaders {
  /// A version of two numbers.
  public struct Version: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number before the dot.
    public let major: UInt16
    /// The number behind the dot.
    public let minor: UInt16

    /// Makes a version of its numbers.
    public init(major: UInt16, minor: UInt16) { (self.major, self.minor) = (major, minor) }

    /// Orders versions from old to new.
    public static func < (left: Self, right: Self) -> Bool {
      (left.major, left.minor) < (right.major, right.minor)
    }
    /// The two numbers with a dot.
    public var description: String { "\(major).\(minor)" }
  }

  /// The flags of the file header (`IMAGE_FILE_…`).
  public struct Characteristics: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt16
    /// Makes a value of the system's number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The image has lost its relocations and runs at its preferred address only.
    public static let relocationsStripped = Characteristics(rawValue: 0x0001)
    /// The image is complete and can be run.
    public static let executable = Characteristics(rawValue: 0x0002)
    /// Addresses above 2 GiB are understood.
    public static let largeAddressAware = Characteristics(rawValue: 0x0020)
    /// Debug information was moved to another file.
    public static let debugStripped = Characteristics(rawValue: 0x0200)
    /// The image is a part of the system.
    public static let system = Characteristics(rawValue: 0x1000)
    /// The image is a library.
    public static let library = Characteristics(rawValue: 0x2000)
  }

  /// The flags of the optional header (`IMAGE_DLLCHARACTERISTICS_…`).
  public struct DLLCharacteristics: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt16
    /// Makes a value of the system's number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The image may lie above 4 GiB.
    public static let highEntropyAddresses = DLLCharacteristics(rawValue: 0x0020)
    /// The image may be moved.
    public static let dynamicBase = DLLCharacteristics(rawValue: 0x0040)
    /// The signature has to be checked.
    public static let forceIntegrity = DLLCharacteristics(rawValue: 0x0080)
    /// The image runs with data that cannot be executed.
    public static let noExecuteCompatible = DLLCharacteristics(rawValue: 0x0100)
    /// The image is a WDM driver.
    public static let wdmDriver = DLLCharacteristics(rawValue: 0x2000)
    /// The image supports control-flow guard.
    public static let controlFlowGuard = DLLCharacteristics(rawValue: 0x4000)
  }

  /// What an image is meant to run under.
  public struct Subsystem: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number that the system uses.
    public let rawValue: UInt16
    /// Makes a value of the system's number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The kernel, or nothing but the kernel: the subsystem of drivers.
    public static let native = Subsystem(rawValue: 1)
    /// A program with windows.
    public static let windowsGUI = Subsystem(rawValue: 2)
    /// A program of the console.
    public static let windowsConsole = Subsystem(rawValue: 3)

    /// The name of the subsystem.
    public var description: String {
      switch rawValue {
      case 0: "unknown"
      case 1: "native"
      case 2: "Windows GUI"
      case 3: "Windows console"
      case 10...13: "EFI"
      case 16: "boot application"
      default: "subsystem \(rawValue)"
      }
    }
  }

  /// Whether the image can be loaded at another address than the preferred one.
  public var isRelocatable: Bool { !characteristics.contains(.relocationsStripped) }
}
