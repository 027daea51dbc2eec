/// A list of actions, one a line, as `ring3 run` takes it.
///
///     open \\.\Echo as h readwrite
///     write "hello"              # the default handle is the last opened
///     expect information 5
///
/// Parsing reads no files and makes no buffers; whatever the text, it ends with actions or a ``ScriptError``.
public struct Script: Hashable, Sendable {
  /// The actions in the order of their lines.
  public let actions: [Action]

  /// Reads a whole script.
  public init(_ text: String) throws(ScriptError) {
    var parser = ScriptParser()
    var actions: [Action] = []
    for line in Self.lines(of: text) {
      if let action = try parser.action(line) { actions.append(action) }
    }
    self.actions = actions
  }

  /// Reads a whole script from the bytes of a file.
  public init(bytes: [UInt8]) throws(ScriptError) {
    guard bytes.count <= ScriptLimits.scriptLength else {
      throw ScriptError(
        line: 1, column: 1, text: "", message: "The script has \(bytes.count) bytes",
        remedy: "Cut it into scripts of at most \(ScriptLimits.scriptLength) bytes.")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes) else { throw Self.notUTF8(bytes) }
    try self.init(text)
  }

  /// The lines of a text, whichever way they end; a byte order mark is skipped.
  private static func lines(of text: String) -> [Substring] {
    let content =
      text.unicodeScalars.first == "\u{FEFF}"
      ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
    return content.split(omittingEmptySubsequences: false) { $0 == "\n" }
      .map { Substring($0.last == "\r" ? $0.dropLast() : $0) }
  }

  private static func notUTF8(_ bytes: [UInt8]) -> ScriptError {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      guard !text.utf8.elementsEqual(line) else { continue }
      let column = (text.firstIndex { $0.unicodeScalars.contains("\u{FFFD}") })
        .map { text.distance(from: text.startIndex, to: $0) + 1 }
      return ScriptError(
        line: index + 1, column: column ?? 1, text: text, message: "The line is not UTF-8 text",
        remedy: "Save the script as UTF-8; write other bytes as hex: data.")
    }
    return ScriptError(
      line: 1, column: 1, text: "", message: "The script is not UTF-8 text",
      remedy: "Save the script as UTF-8; write other bytes as hex: data.")
  }
}

/// How large the parts of a script may be.
enum ScriptLimits {
  static let scriptLength = 64 << 20
  static let lineLength = 4 << 20
  static let handleLength = 64
  /// The longest buffer, in bytes: 4 GiB.
  static let dataLength: UInt64 = 1 << 32
  /// The longest length that a request can state: a ULONG.
  static let statedLength = UInt64(UInt32.max)
}
