import Glibc
import Ring3

/// Why a file of the host cannot be a disk.
enum HostFileError: StatusConvertible, CustomStringConvertible {
  /// The file cannot be opened.
  case unreadable(path: String, error: Int32)
  /// Its file system does no direct I/O.
  case notDirect(path: String, fileSystem: String)
  /// Its size is not that of whole sectors.
  case size(path: String, Int64, multipleOf: Int)

  /// What `open` said of a file.
  init(opening path: String, _ error: Int32) {
    // The answer to O_DIRECT where there is none.
    self =
      error == EINVAL
      ? .notDirect(path: path, fileSystem: MountTable.fileSystem(at: path) ?? "its file system")
      : .unreadable(path: path, error: error)
  }

  var status: NTStatus {
    switch self {
    case .unreadable(_, ENOENT): .objectNameNotFound
    case .unreadable(_, EACCES), .unreadable(_, EPERM): .accessDenied
    case .unreadable: .unsuccessful
    case .notDirect: .notSupported
    case .size: .invalidParameter
    }
  }

  var description: String {
    switch self {
    case .unreadable(let path, let error): "\(path): \(String(cString: strerror(error)))"
    case .notDirect(let path, let fileSystem):
      "\(path): \(fileSystem) does no direct I/O (O_DIRECT) for this file; "
        + "put it on ext4, xfs or a disk"
    case .size(let path, let byteCount, let sector):
      "\(path): \(byteCount) bytes are not whole sectors of \(sector) bytes"
    }
  }
}
