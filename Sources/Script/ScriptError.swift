/// A mistake in a script: where it is, what it is, and how it is put right.
public struct ScriptError: Error, Hashable, Sendable {
  /// The line number, from 1.
  public let line: Int
  /// The place in the line, in characters from 1.
  public let column: Int
  /// The line as written.
  public let text: String
  /// What is wrong, without its full stop.
  public let message: String
  /// What to write in its place.
  public let remedy: String
}

extension ScriptError: CustomStringConvertible {
  /// The message, the line with a mark under the mistake, and the remedy.
  public var description: String {
    // A long line is shown around the mistake only.
    let start = max(0, column - 60)
    let shown = String(text.dropFirst(start).prefix(100))
    let mark = String(
      shown.prefix(max(0, column - 1 - start)).map { $0 == "\t" ? "\t" : " " })
    return "line \(line), column \(column): \(message)\n    \(shown)\n    \(mark)^\n\(remedy)"
  }
}
