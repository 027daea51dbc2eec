/// How a file is opened: the create options of NtCreateFile.
public struct FileOptions: OptionSet, Sendable, Hashable {
  /// The bits that the system uses.
  public let rawValue: UInt32
  /// Makes a set of the system's bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Data is written through caches: `FILE_WRITE_THROUGH`.
  public static let writeThrough = FileOptions(rawValue: 0x2)
  /// Buffers must be aligned as the device wants: `FILE_NO_INTERMEDIATE_BUFFERING`.
  public static let noIntermediateBuffering = FileOptions(rawValue: 0x8)
  /// One request at a time, each at the file's position: `FILE_SYNCHRONOUS_IO_NONALERT`.
  public static let synchronous = FileOptions(rawValue: 0x20)
  /// The file is no directory: `FILE_NON_DIRECTORY_FILE`.
  public static let nonDirectory = FileOptions(rawValue: 0x40)
}

/// What others may do with a file while it is open.
public struct FileSharing: OptionSet, Sendable, Hashable {
  /// The bits that the system uses.
  public let rawValue: UInt16
  /// Makes a set of the system's bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Reading: `FILE_SHARE_READ`.
  public static let read = FileSharing(rawValue: 1)
  /// Writing: `FILE_SHARE_WRITE`.
  public static let write = FileSharing(rawValue: 2)
  /// Deleting: `FILE_SHARE_DELETE`.
  public static let delete = FileSharing(rawValue: 4)
  /// Everything.
  public static let all: FileSharing = [.read, .write, .delete]
}
