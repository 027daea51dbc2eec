import Foundation

/// The folder that the paths of sources are relative to.
struct SourceRoot {
  /// The absolute path, with a slash at its end.
  let path: String

  init(_ path: String) {
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    self.path = full.hasSuffix("/") ? full : full + "/"
  }

  /// The folder as a URI.
  var uri: String { "file://" + Self.escaped(path) }

  /// A path relative to the folder; nil for one that lies elsewhere.
  func relative(_ file: String) -> String? {
    guard !Self.isWindowsPath(file) else { return nil }
    let full = URL(fileURLWithPath: file, relativeTo: URL(fileURLWithPath: path))
      .standardizedFileURL.path
    guard full.hasPrefix(path), full.utf8.count > path.utf8.count else { return nil }
    return String(full.dropFirst(path.count))
  }

  /// The path as people are shown it: short where it lies in the folder.
  func shown(_ file: String) -> String { relative(file) ?? file }

  /// A path that is not in the folder as a URI.
  static func uri(_ file: String) -> String {
    let slashes = isWindowsPath(file) ? file.replacingOccurrences(of: "\\", with: "/") : file
    return "file://" + (slashes.hasPrefix("/") ? "" : "/") + escaped(slashes)
  }

  static func isWindowsPath(_ file: String) -> Bool {
    let start = Array(file.utf8.prefix(3))
    return start.count == 3 && start[1] == UInt8(ascii: ":")
      && (start[2] == UInt8(ascii: "\\") || start[2] == UInt8(ascii: "/"))
  }

  /// A path as a URI may hold it: all but letters, digits and `-._~/` in percent form.
  static func escaped(_ path: String) -> String {
    path.utf8.reduce(into: "") { text, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + hexadecimal(byte, digits: 2)
      }
    }
  }
}
