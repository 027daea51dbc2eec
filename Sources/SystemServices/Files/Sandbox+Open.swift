import CDriverKit
import Glibc
import IOManager
import Machine
import Objects

/// How a file is to be opened.
struct FileOpening {
  let access: UInt32
  let disposition: UInt32
  let options: UInt32

  func has(_ option: Int32) -> Bool { options & UInt32(option) != 0 }

  var reads: Bool { access & 0x1 != 0 }
  var writes: Bool { access & 0x6 != 0 }
  var creates: Bool { disposition != UInt32(FILE_OPEN) && disposition != UInt32(FILE_OVERWRITE) }

  /// The host's flags for a file that is no folder.
  var flags: Int32 {
    var flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (writes ? O_RDWR : O_RDONLY)
    if creates { flags |= O_CREAT }
    switch disposition {
    case UInt32(FILE_CREATE): flags |= O_EXCL
    case UInt32(FILE_SUPERSEDE), UInt32(FILE_OVERWRITE), UInt32(FILE_OVERWRITE_IF):
      // Truncation needs the right to write.
      flags = flags & ~O_ACCMODE | O_RDWR | O_TRUNC
    default: break
    }
    return flags
  }

  /// What becomes of `IoStatusBlock.Information`.
  func result(existed: Bool) -> UInt {
    guard existed else { return UInt(FILE_CREATED) }
    switch disposition {
    case UInt32(FILE_SUPERSEDE): return UInt(FILE_SUPERSEDED)
    case UInt32(FILE_OVERWRITE), UInt32(FILE_OVERWRITE_IF): return UInt(FILE_OVERWRITTEN)
    default: return UInt(FILE_OPENED)
    }
  }
}

extension Sandbox {
  /// Opens a file by the path on the disk, or below an open folder.
  ///
  /// Nothing of a driver is touched.
  ///
  /// - Returns: a referenced file object; nil with a status.
  func open(
    _ path: String, below directory: SandboxFilePointer?, _ opening: FileOpening,
    information: inout UInt, status: inout UInt32
  ) -> FilePointer? {
    let root = directory?.pointee.descriptor ?? state.pointee.folder
    guard root >= 0 else {
      status = FileStatus.objectPathNotFound
      return nil
    }
    guard let names = SandboxPath.names(path) else {
      status = ServiceStatus.objectNameInvalid
      return nil
    }
    guard let (folder, name) = SandboxPath.parent(of: names, below: root, status: &status) else {
      return nil
    }
    var existing = stat()
    let exists = fstatat(folder, name, &existing, AT_SYMLINK_NOFOLLOW) == 0
    status = check(exists ? existing.st_mode : nil, opening)
    let descriptor =
      status == FileStatus.success
      ? openHost(folder, name, existing: exists ? existing.st_mode : nil, opening, &status) : -1
    guard descriptor >= 0, let copy = strdup(name) else {
      close(folder)
      return nil
    }
    let base = directory.map { String(decoding: $0.pointee.path.text, as: UTF16.self) } ?? ""
    let full = Array(names.reduce(base == "\\" ? "" : base) { $0 + "\\" + $1 }.utf16)
    let text = (full.isEmpty ? [0x5C] : full).withUnsafeBufferPointer { StoredText($0) }
    let file = SandboxFile(
      descriptor: descriptor, folder: folder, hostName: copy, path: text,
      isDirectory: isDirectory(descriptor), appends: opening.access & 0x6 == 0x4,
      isSynchronous: opening.has(FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT),
      deletesOnClose: opening.has(FILE_DELETE_ON_CLOSE))
    guard let object = makeObject(file) else {
      status = ServiceStatus.insufficientResources
      return nil
    }
    object.pointee.ReadAccess = opening.reads ? 1 : 0
    object.pointee.WriteAccess = opening.writes ? 1 : 0
    if file.isSynchronous { object.pointee.Flags |= UInt32(FO_SYNCHRONOUS_IO) }
    information = opening.result(existed: exists)
    return object
  }

  private func check(_ mode: mode_t?, _ opening: FileOpening) -> UInt32 {
    guard opening.disposition <= UInt32(FILE_MAXIMUM_DISPOSITION),
      !(opening.has(FILE_DIRECTORY_FILE) && opening.has(FILE_NON_DIRECTORY_FILE))
    else { return ServiceStatus.invalidParameter }
    guard let mode else {
      return opening.creates ? FileStatus.success : ServiceStatus.objectNameNotFound
    }
    if opening.disposition == UInt32(FILE_CREATE) { return FileStatus.objectNameCollision }
    switch mode & S_IFMT {
    case S_IFDIR:
      return opening.has(FILE_NON_DIRECTORY_FILE) ? FileStatus.fileIsDirectory : FileStatus.success
    case S_IFREG:
      return opening.has(FILE_DIRECTORY_FILE) ? FileStatus.notADirectory : FileStatus.success
    // Links, pipes and devices of the host are not for drivers.
    default: return FileStatus.accessDenied
    }
  }

  private func openHost(
    _ folder: Int32, _ name: String, existing: mode_t?, _ opening: FileOpening,
    _ status: inout UInt32
  ) -> Int32 {
    let wantsDirectory = existing.map { $0 & S_IFMT == S_IFDIR } ?? opening.has(FILE_DIRECTORY_FILE)
    var descriptor: Int32 = -1
    if wantsDirectory {
      if existing != nil || mkdirat(folder, name, 0o777) == 0 {
        descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      }
    } else {
      descriptor = openat(folder, name, opening.flags, 0o666)
    }
    if descriptor < 0 { status = FileStatus.of(errno) }
    return descriptor
  }

  private func isDirectory(_ descriptor: Int32) -> Bool {
    var information = stat()
    return fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }
}
