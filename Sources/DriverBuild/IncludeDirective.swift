import Glibc

/// An `#include` line.
struct IncludeDirective: Equatable {
  /// The name between the quotes or brackets; nil when a macro names the file.
  var name: String?
  /// Whether it is in quotes, which looks beside the including file first.
  var isQuoted: Bool

  /// All such lines of a file, also those that a condition or a comment leaves out.
  static func all(in bytes: UnsafeRawBufferPointer) -> [IncludeDirective] {
    var found: [IncludeDirective] = []
    var start = 0
    while let hash = find("#", in: bytes, from: start) {
      start = hash + 1
      guard isFirstOfLine(hash, in: bytes) else { continue }
      var cursor = skipBlanks(from: hash + 1, in: bytes)
      guard
        let word = ["include_next", "include", "import"].first(where: {
          hasText($0, at: cursor, in: bytes)
        })
      else { continue }
      cursor = skipBlanks(from: cursor + word.utf8.count, in: bytes)
      guard cursor < bytes.count else { break }
      if let directive = parse(at: cursor, in: bytes) { found.append(directive) }
    }
    return found
  }

  private static func parse(
    at start: Int, in bytes: UnsafeRawBufferPointer
  ) -> IncludeDirective? {
    let close: UInt8
    switch bytes[start] {
    case UInt8(ascii: "\""): close = UInt8(ascii: "\"")
    case UInt8(ascii: "<"): close = UInt8(ascii: ">")
    case let byte where isNameByte(byte): return IncludeDirective(name: nil, isQuoted: true)
    default: return nil
    }
    var end = start + 1
    while end < bytes.count, bytes[end] != close, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    guard end < bytes.count, bytes[end] == close else { return nil }
    let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    return IncludeDirective(name: name, isQuoted: close == UInt8(ascii: "\""))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func skipBlanks(from start: Int, in bytes: UnsafeRawBufferPointer) -> Int {
    var cursor = start
    while cursor < bytes.count, isBlank(bytes[cursor]) { cursor += 1 }
    return cursor
  }

  private static func hasText(
    _ text: String, at start: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    start + text.utf8.count <= bytes.count
      && zip(bytes[start...], text.utf8).allSatisfy { $0 == $1 }
  }

  private static func isFirstOfLine(_ offset: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    var cursor = offset
    while cursor > 0, isBlank(bytes[cursor - 1]) { cursor -= 1 }
    // After a byte order mark, too.
    return cursor == 0 || bytes[cursor - 1] == UInt8(ascii: "\n") || bytes[cursor - 1] >= 0x80
  }
}
