// Errors of files and the registry.

extension NTStatus {
  // MARK: Files

  /// There is no such file.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_FILE`.
  public static var noSuchFile: NTStatus { NTStatus(bits: 0xC000_000F) }

  /// The position is at or behind the end of the file.
  ///
  /// The corresponding Windows name is `STATUS_END_OF_FILE`.
  public static var endOfFile: NTStatus { NTStatus(bits: 0xC000_0011) }

  /// Another volume is in the drive.
  ///
  /// The corresponding Windows name is `STATUS_WRONG_VOLUME`.
  public static var wrongVolume: NTStatus { NTStatus(bits: 0xC000_0012) }

  /// Another opener does not share that access.
  ///
  /// The corresponding Windows name is `STATUS_SHARING_VIOLATION`.
  public static var sharingViolation: NTStatus { NTStatus(bits: 0xC000_0043) }

  /// The object is about to be deleted.
  ///
  /// The corresponding Windows name is `STATUS_DELETE_PENDING`.
  public static var deletePending: NTStatus { NTStatus(bits: 0xC000_0056) }

  /// That range of the file is not locked.
  ///
  /// The corresponding Windows name is `STATUS_RANGE_NOT_LOCKED`.
  public static var rangeNotLocked: NTStatus { NTStatus(bits: 0xC000_007E) }

  /// No space is left.
  ///
  /// The corresponding Windows name is `STATUS_DISK_FULL`.
  public static var diskFull: NTStatus { NTStatus(bits: 0xC000_007F) }

  /// The file was closed by force.
  ///
  /// The corresponding Windows name is `STATUS_FILE_FORCED_CLOSED`.
  public static var fileForcedClosed: NTStatus { NTStatus(bits: 0xC000_00B6) }

  /// The name is that of a directory.
  ///
  /// The corresponding Windows name is `STATUS_FILE_IS_A_DIRECTORY`.
  public static var fileIsADirectory: NTStatus { NTStatus(bits: 0xC000_00BA) }

  /// The directory holds entries.
  ///
  /// The corresponding Windows name is `STATUS_DIRECTORY_NOT_EMPTY`.
  public static var directoryNotEmpty: NTStatus { NTStatus(bits: 0xC000_0101) }

  /// The name is not that of a directory.
  ///
  /// The corresponding Windows name is `STATUS_NOT_A_DIRECTORY`.
  public static var notADirectory: NTStatus { NTStatus(bits: 0xC000_0103) }

  /// The name is too long.
  ///
  /// The corresponding Windows name is `STATUS_NAME_TOO_LONG`.
  public static var nameTooLong: NTStatus { NTStatus(bits: 0xC000_0106) }

  /// The object cannot be deleted.
  ///
  /// The corresponding Windows name is `STATUS_CANNOT_DELETE`.
  public static var cannotDelete: NTStatus { NTStatus(bits: 0xC000_0121) }

  /// The file was deleted.
  ///
  /// The corresponding Windows name is `STATUS_FILE_DELETED`.
  public static var fileDeleted: NTStatus { NTStatus(bits: 0xC000_0123) }

  /// The file object was cleaned up.
  ///
  /// The corresponding Windows name is `STATUS_FILE_CLOSED`.
  public static var fileClosed: NTStatus { NTStatus(bits: 0xC000_0128) }

  /// A file system must be loaded first.
  ///
  /// The corresponding Windows name is `STATUS_FS_DRIVER_REQUIRED`.
  public static var fsDriverRequired: NTStatus { NTStatus(bits: 0xC000_019C) }

  // MARK: The registry

  /// The registry is damaged.
  ///
  /// The corresponding Windows name is `STATUS_REGISTRY_CORRUPT`.
  public static var registryCorrupt: NTStatus { NTStatus(bits: 0xC000_014C) }

  /// The registry could not be read or written.
  ///
  /// The corresponding Windows name is `STATUS_REGISTRY_IO_FAILED`.
  public static var registryIoFailed: NTStatus { NTStatus(bits: 0xC000_014D) }

  /// The registry key is marked for deletion.
  ///
  /// The corresponding Windows name is `STATUS_KEY_DELETED`.
  public static var keyDeleted: NTStatus { NTStatus(bits: 0xC000_017C) }

  /// The registry file cannot be loaded.
  ///
  /// The corresponding Windows name is `STATUS_CANNOT_LOAD_REGISTRY_FILE`.
  public static var cannotLoadRegistryFile: NTStatus { NTStatus(bits: 0xC000_0218) }
}
