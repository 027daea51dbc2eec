import Foundation
import Testing

// The tutorial: what it has the reader write does what it says.
extension CommandLineTests {
  /// The block of the tutorial that stands behind a comment.
  private func block(_ mark: String) throws -> String {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(
        path: "Sources/Ring3/Ring3.docc/Articles/From-the-two-pages-to-a-running-driver.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- \(mark) -->\n```"))
    let lines = text[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst().prefix { $0 != "```" }.joined(separator: "\n") + "\n"
  }

  @Test(
    "the driver of the tutorial passes its script, in Swift and in C",
    arguments: [("the driver in Swift", "Note.swift"), ("the driver in C", "note.c")])
  func tutorial(mark: String, file: String) throws {
    try withFolder {
      try write(file, block(mark))
      try write("note.txt", block("the script"))
      let run = try ring3("run", file, "note.txt")
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.contains("hex:425559204d494c4b"))
      #expect(run.output.contains("1 kept"))
      #expect(run.output.hasSuffix("unload  STATUS_SUCCESS\n"))
    }
  }
}
