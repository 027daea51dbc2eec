/// What the headers of an image say.
public struct ImageHeaders: Sendable {
  public let characteristics: Characteristics
  public let dllCharacteristics: DLLCharacteristics
  public let subsystem: Subsystem
  /// Seconds since 1970, or a hash of the content in reproducible builds.
  public let timestamp: UInt32
  public let linkerVersion: Version
  public let operatingSystemVersion: Version
  public let imageVersion: Version
  public let subsystemVersion: Version
  /// Where execution begins, from the start of the image; 0 for none.
  public let entryPoint: UInt32
  /// The address that the image was linked for.
  public let preferredBase: UInt64
  public let sectionAlignment: UInt32
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
    public let major: UInt16
    public let minor: UInt16

    public init(major: UInt16, minor: UInt16) { (self.major, self.minor) = (major, minor) }

    public static func < (left: Self, right: Self) -> Bool {
      (left.major, left.minor) < (right.major, right.minor)
    }
    public var description: String { "\(major).\(minor)" }
  }

  public struct Characteristics: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The image has lost its relocations and runs at its preferred address only.
    public static let relocationsStripped = Characteristics(rawValue: 0x0001)
    public static let executable = Characteristics(rawValue: 0x0002)
    public static let largeAddressAware = Characteristics(rawValue: 0x0020)
    public static let debugStripped = Characteristics(rawValue: 0x0200)
    public static let system = Characteristics(rawValue: 0x1000)
    public static let library = Characteristics(rawValue: 0x2000)
  }

  public struct DLLCharacteristics: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let highEntropyAddresses = DLLCharacteristics(rawValue: 0x0020)
    public static let dynamicBase = DLLCharacteristics(rawValue: 0x0040)
    public static let forceIntegrity = DLLCharacteristics(rawValue: 0x0080)
    public static let noExecuteCompatible = DLLCharacteristics(rawValue: 0x0100)
    public static let wdmDriver = DLLCharacteristics(rawValue: 0x2000)
    public static let controlFlowGuard = DLLCharacteristics(rawValue: 0x4000)
  }

  /// What an image is meant to run under.
  public struct Subsystem: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The kernel, or nothing but the kernel: the subsystem of drivers.
    public static let native = Subsystem(rawValue: 1)
    public static let windowsGUI = Subsystem(rawValue: 2)
    public static let windowsConsole = Subsystem(rawValue: 3)

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
