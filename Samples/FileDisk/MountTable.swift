import Glibc

/// What is mounted on the host, as /proc tells it.
enum MountTable {
  /// The name of the file system of an open file, such as `tmpfs`; nil when the host does not say.
  static func fileSystem(of descriptor: Int32) -> String? {
    // "mnt_id:\t29", and "29 1 254:0 / / rw - ext4 /dev/vda rw".
    let facts = lines(of: "/proc/self/fdinfo/\(descriptor)")
    guard let mount = facts.lazy.compactMap({ $0.suffix(behind: "mnt_id:") }).first else {
      return nil
    }
    let number = String(mount.filter { $0.isNumber })
    for line in lines(of: "/proc/self/mountinfo") {
      let fields = line.split(separator: " ")
      guard fields.first.map(String.init) == number,
        let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
      else { continue }
      return String(fields[dash + 1])
    }
    return nil
  }

  /// The name of the file system that a path lies on.
  static func fileSystem(at path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return fileSystem(of: descriptor)
  }

  private static func lines(of path: String) -> [Substring] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { break }
      text += piece[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
  }
}

extension Substring {
  /// What follows a prefix; nil when it is not there.
  fileprivate func suffix(behind prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
