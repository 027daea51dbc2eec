import NTTypes

// What programs ask a disk: codes of ntdddisk.h.
extension IoControlCode {
  private static func disk(_ function: UInt16, _ access: Access = .any) -> IoControlCode {
    IoControlCode(deviceType: .disk, function: function, method: .buffered, access: access)
  }

  /// The answer is a ``DiskGeometry``: `IOCTL_DISK_GET_DRIVE_GEOMETRY`.
  public static let diskGetDriveGeometry = disk(0x00)
  /// The answer is an ``ExtendedDiskGeometry``: `IOCTL_DISK_GET_DRIVE_GEOMETRY_EX`.
  public static let diskGetDriveGeometryEx = disk(0x28)
  /// The answer is a ``DiskGeometry`` for each medium: `IOCTL_DISK_GET_MEDIA_TYPES`.
  public static let diskGetMediaTypes = disk(0x300)
  /// The answer is the length in bytes, an `Int64`: `IOCTL_DISK_GET_LENGTH_INFO`.
  public static let diskGetLengthInfo = disk(0x17, .read)
  /// The answer is a ``PartitionInformation``: `IOCTL_DISK_GET_PARTITION_INFO`.
  public static let diskGetPartitionInfo = disk(0x01, .read)
  /// Success, or STATUS_MEDIA_WRITE_PROTECTED: `IOCTL_DISK_IS_WRITABLE`.
  public static let diskIsWritable = disk(0x09)
  /// Whether a medium is there; the answer is how often it was changed, a `UInt32`, when there is room:
  /// `IOCTL_DISK_CHECK_VERIFY`.
  public static let diskCheckVerify = disk(0x200, .read)
  /// Whether a range can be read; the input is a ``DiskRange``: `IOCTL_DISK_VERIFY`.
  public static let diskVerify = disk(0x05)
}
