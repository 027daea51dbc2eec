/// A part of an image that is loaded to one place with one protection.
public struct Section: Hashable, Sendable {
  /// The name; long names come from the string table.
  public let name: String
  /// Where the section begins in the loaded image.
  public let rva: UInt32
  /// The bytes that it takes there.
  public let size: UInt32
  /// The bytes of the file that it is filled with.
  ///
  /// The rest of the section is zero; the range is empty for data that begins as zeros.
  public let fileRange: Range<Int>
  /// What the section holds and what may be done with it.
  public let characteristics: Characteristics

  /// The bytes of the image that can be read: the size, or the file data when it is longer.
  var extent: Int { max(Int(size), fileRange.count) }

  /// The image offsets of the section.
  public var range: Range<UInt32> { rva..<rva + size }

  /// The flags of a section.
  public struct Characteristics: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt32
    /// Makes a value of the system's number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Holds code.
    public static let code = Characteristics(rawValue: 0x0000_0020)
    /// Holds data.
    public static let initializedData = Characteristics(rawValue: 0x0000_0040)
    /// Holds zeros that the file does not contain.
    public static let uninitializedData = Characteristics(rawValue: 0x0000_0080)
    /// The section may be thrown away after the entry point has returned.
    public static let discardable = Characteristics(rawValue: 0x0200_0000)
    /// Is not cached.
    public static let notCached = Characteristics(rawValue: 0x0400_0000)
    /// The section stays in memory whatever its name says.
    public static let notPaged = Characteristics(rawValue: 0x0800_0000)
    /// Is shared between processes.
    public static let shared = Characteristics(rawValue: 0x1000_0000)
    /// May be executed.
    public static let execute = Characteristics(rawValue: 0x2000_0000)
    /// May be read.
    public static let read = Characteristics(rawValue: 0x4000_0000)
    /// May be written.
    public static let write = Characteristics(rawValue: 0x8000_0000)
  }

  /// Whether it may be read.
  public var isReadable: Bool { characteristics.contains(.read) }
  /// Whether it may be written.
  public var isWritable: Bool { characteristics.contains(.write) }
  /// Whether its code may be run.
  public var isExecutable: Bool { characteristics.contains(.execute) }
  /// Whether the memory may be given back after the entry point has returned.
  public var isDiscardable: Bool { characteristics.contains(.discardable) }
  /// Whether the section can be paged out: its name begins with `PAGE` or `.edata`, and it is not marked otherwise.
  public var isPageable: Bool {
    !characteristics.contains(.notPaged) && (name.hasPrefix("PAGE") || name == ".edata")
  }

  /// The protection in three letters, `r-x`.
  public var protection: String {
    "\(isReadable ? "r" : "-")\(isWritable ? "w" : "-")\(isExecutable ? "x" : "-")"
  }
}
