import Glibc

/// Status codes about files.
enum FileStatus {
  static let success: UInt32 = 0
  static let infoLengthMismatch: UInt32 = 0xC000_0004
  static let endOfFile: UInt32 = 0xC000_0011
  static let accessDenied: UInt32 = 0xC000_0022
  static let objectNameCollision: UInt32 = 0xC000_0035
  static let objectPathNotFound: UInt32 = 0xC000_003A
  static let diskFull: UInt32 = 0xC000_007F
  static let fileIsDirectory: UInt32 = 0xC000_00BA
  static let notSupported: UInt32 = 0xC000_00BB
  static let notADirectory: UInt32 = 0xC000_0103
  static let directoryNotEmpty: UInt32 = 0xC000_0101
  static let tooManyOpenedFiles: UInt32 = 0xC000_011F
  static let deviceError: UInt32 = 0xC000_0185

  /// The status for an error of the host.
  static func of(_ error: Int32) -> UInt32 {
    switch error {
    case ENOENT: ServiceStatus.objectNameNotFound
    case EEXIST: objectNameCollision
    case EACCES, EPERM, EROFS, ELOOP, EBUSY: accessDenied
    case ENOSPC, EDQUOT, EFBIG: diskFull
    case EISDIR: fileIsDirectory
    case ENOTDIR: notADirectory
    case ENOTEMPTY: directoryNotEmpty
    case EMFILE, ENFILE: tooManyOpenedFiles
    case ENAMETOOLONG: ServiceStatus.objectNameInvalid
    default: deviceError
    }
  }
}
