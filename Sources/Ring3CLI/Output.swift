import ArgumentParser
import Foundation

/// How a command reports.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object per line instead of text.")
  var json = false

  /// Prints what a driver printed as an object.
  static func printDebug(_ text: String) {
    struct Debug: Encodable {
      var op = "debug"
      var text: String
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Debug(text: text)) else { return }
    print(String(decoding: data, as: UTF8.self))
  }

  /// Prints a value as one line of JSON.
  func printJSON(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return }
    print(String(decoding: data, as: UTF8.self))
  }

  /// Reports a failure: as an object with `--json`, in words otherwise.
  func failure(_ operation: String, _ message: String, diagnostics: String = "") -> any Error {
    guard json else {
      if !diagnostics.isEmpty { printError(diagnostics.trimmingSuffix(while: \.isNewline)) }
      return CommandFailure(message: message)
    }
    struct Failure: Encodable {
      var op: String
      var error: String
      var diagnostics: String?
    }
    printJSON(
      Failure(op: operation, error: message, diagnostics: diagnostics.isEmpty ? nil : diagnostics))
    return ExitCode(CommandFailure.unusable)
  }
}

/// Prints a line to standard error.
func printError(_ text: some StringProtocol) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

extension StringProtocol {
  /// The text without the characters at its end that satisfy the condition.
  func trimmingSuffix(while condition: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
    return self[..<end]
  }
}
