import Glibc
import Objects
import Rtl

/// Where in the sandbox folder a path of the system leads.
enum SandboxPath {
  /// Prefixes that name the disk, in capitals, and the folder on it that they stand for.
  private static let prefixes: [(prefix: StaticString, folder: StaticString)] = [
    (#"\??\C:"#, ""), (#"\DOSDEVICES\C:"#, ""), (#"\GLOBAL??\C:"#, ""),
    (#"\DEVICE\HARDDISKVOLUME1"#, ""), (#"\SYSTEMROOT"#, "Windows"),
  ]

  /// The path on the disk, with backslashes and without one in front; nil for what is no file.
  static func volumePath(_ path: UTF16Text) -> String? {
    for (prefix, folder) in prefixes {
      let count = prefix.utf8CodeUnitCount
      guard path.count >= count,
        withUTF16(prefix, { order(UTF16Text(rebasing: path[..<count]), $0) }) == 0,
        path.count == count || path[count] == 0x5C
      else { continue }
      let rest = String(decoding: path[count...].drop { $0 == 0x5C }, as: UTF16.self)
      if folder.utf8CodeUnitCount == 0 { return rest }
      return rest.isEmpty ? "\(folder)" : "\(folder)\\\(rest)"
    }
    return nil
  }

  /// The names of a path; nil when one is none that a file may have.
  static func names(_ path: String) -> [Substring]? {
    var parts = path.split(separator: "\\", omittingEmptySubsequences: false)
    if parts.last == "" { parts.removeLast() }
    let forbidden: Set<Character> = ["/", ":", "*", "?", "\"", "<", ">", "|"]
    for part in parts {
      let isBad =
        part.isEmpty || part == "." || part == ".." || part.utf8.count > 255
        || part.unicodeScalars.contains { $0.value < 0x20 }
        || part.contains(where: forbidden.contains)
      if isBad { return nil }
    }
    return parts
  }

  /// Opens the folder that holds the last name of a path, below another folder.
  ///
  /// No symbolic link of the host is followed, and no name leads upwards: a path cannot leave the
  /// folder. Names are compared without regard to case when none is the same.
  ///
  /// - Returns: an open folder, and the last name as the host has it; nil with a status.
  static func parent(of names: [Substring], below folder: Int32, status: inout UInt32)
    -> (folder: Int32, name: String)?
  {
    var current = fcntl(folder, F_DUPFD_CLOEXEC, 0)
    for name in names.dropLast() where current >= 0 {
      let next = openat(
        current, hostName(name, in: current), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let error = errno
      close(current)
      current = next
      errno = error
    }
    guard current >= 0 else {
      status =
        errno == ENOENT || errno == ENOTDIR ? FileStatus.objectPathNotFound : FileStatus.of(errno)
      return nil
    }
    guard let last = names.last else { return (current, ".") }
    return (current, hostName(last, in: current))
  }

  /// The name that a folder of the host has for a name of the system.
  private static func hostName(_ name: Substring, in folder: Int32) -> String {
    let wanted = String(name)
    var information = stat()
    if fstatat(folder, wanted, &information, AT_SYMLINK_NOFOLLOW) == 0 { return wanted }
    // A descriptor of its own: reading moves the position.
    let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return wanted }
    guard let entries = fdopendir(copy) else {
      close(copy)
      return wanted
    }
    defer { closedir(entries) }
    let folded = wanted.uppercased()
    while let entry = readdir(entries) {
      let found = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if found.uppercased() == folded { return found }
    }
    return wanted
  }
}
