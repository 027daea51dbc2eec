/// How the sectors of a disk are counted: `DISK_GEOMETRY`.
public struct DiskGeometry: BitwiseCopyable, Hashable, Sendable {
  /// Cylinders of the disk.
  public var cylinders: Int64
  /// The kind of medium: 11 removable, 12 fixed.
  public var mediaType: UInt32
  /// Tracks of a cylinder.
  public var tracksPerCylinder: UInt32
  /// Sectors of a track.
  public var sectorsPerTrack: UInt32
  /// Bytes of a sector.
  public var bytesPerSector: UInt32

  /// Describes a fixed disk, with so few sectors to a track that small disks have whole cylinders.
  public init(byteCount: Int64, bytesPerSector: Int) {
    mediaType = 12
    tracksPerCylinder = 2
    sectorsPerTrack = 32
    self.bytesPerSector = UInt32(bytesPerSector)
    cylinders = byteCount / Int64(64 * bytesPerSector)
  }
}

/// A disk's geometry and its size in bytes: `DISK_GEOMETRY_EX`, without what may follow.
public struct ExtendedDiskGeometry: BitwiseCopyable, Hashable, Sendable {
  /// The geometry.
  public var geometry: DiskGeometry
  /// Bytes of the disk.
  public var byteCount: Int64

  /// Puts both together.
  public init(_ geometry: DiskGeometry, byteCount: Int64) {
    self.geometry = geometry
    self.byteCount = byteCount
  }
}

/// A partition of a disk: `PARTITION_INFORMATION`.
public struct PartitionInformation: BitwiseCopyable, Hashable, Sendable {
  /// Where it begins on the disk, in bytes.
  public var start: Int64
  /// Its length in bytes.
  public var byteCount: Int64
  /// Sectors in front of it that are not shown.
  public var hiddenSectorCount: UInt32
  /// Its number, from 1.
  public var number: UInt32
  /// What file system it is for: 6 for FAT, 7 for NTFS.
  public var type: UInt8
  /// Whether the system starts from it.
  public var isBootable: Bool
  /// Whether the system knows its type.
  public var isRecognized: Bool
  /// Whether its entry in the partition table is to be written.
  public var mustRewrite: Bool
  private var padding: UInt32 = 0

  /// Describes a disk that is one partition.
  public init(wholeDiskOf byteCount: Int64) {
    start = 0
    self.byteCount = byteCount
    hiddenSectorCount = 0
    number = 1
    type = 6
    isBootable = false
    isRecognized = true
    mustRewrite = false
  }
}

/// A range of a disk: `VERIFY_INFORMATION`.
public struct DiskRange: BitwiseCopyable, Hashable, Sendable {
  /// Where it begins, in bytes.
  public var offset: Int64
  /// How many bytes.
  public var byteCount: UInt32
  private var padding: UInt32 = 0

  /// Puts both together.
  public init(offset: Int64, byteCount: UInt32) {
    self.offset = offset
    self.byteCount = byteCount
  }
}
