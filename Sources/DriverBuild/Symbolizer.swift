import Foundation

/// Finds source lines of addresses in images, with the toolchain's `llvm-symbolizer`.
///
/// It reads DWARF in the image and PDB files beside it. Each question runs the tool once.
package struct Symbolizer: Sendable {
  /// One place in a source.
  package struct Place: Hashable, Sendable {
    /// The function as the debug information names it.
    package var function: String
    /// The path as the compiler was given it.
    package var file: String
    package var line: Int
  }

  private let tool: String

  /// Finds the tool; nil without one.
  package init?() {
    guard let tool = Toolchain.find("llvm-symbolizer") else { return nil }
    self.tool = tool
  }

  /// The places of offsets in an image, in their order.
  ///
  /// Each is a chain: the innermost function first, and what it was inlined into behind it. It is
  /// empty when nothing is known.
  ///
  /// - Parameter isShort: functions have the name in the source, and what has none is a closure, for
  ///   Swift; else the linker's name.
  package func places(of offsets: [UInt64], image: String, isShort: Bool = false) -> [[Place]] {
    var result = answers(offsets, image, isShort)
    // Instructions that compilers merge or add, as the check of a cookie, have no line; that of the
    // ones before says where they are.
    let lost = offsets.indices.filter { result[$0].isWithoutLine && offsets[$0] > 64 }
    let steps: [UInt64] = [1, 4, 8, 12, 16, 24, 32, 48, 64]
    let found = answers(
      lost.flatMap { index in steps.map { offsets[index] - $0 } }, image, isShort)
    for (number, index) in lost.enumerated() {
      let before = found[number * steps.count..<(number + 1) * steps.count]
      result[index] = before.first { !$0.isWithoutLine && $0.isIn(result[index]) } ?? result[index]
    }
    return result.map { answer in
      answer.places.map {
        $0.function.isEmpty ? Place(function: "a closure", file: $0.file, line: $0.line) : $0
      }
    }
  }

  /// The places of any number of offsets: as many at a time as a command line takes.
  package func places(ofMany offsets: [UInt64], image: String, isShort: Bool = false) -> [[Place]] {
    stride(from: 0, to: offsets.count, by: 4096).flatMap { start in
      places(
        of: Array(offsets[start..<min(start + 4096, offsets.count)]), image: image,
        isShort: isShort)
    }
  }

  /// What the tool says of each offset.
  private func answers(_ offsets: [UInt64], _ image: String, _ isShort: Bool) -> [Answer] {
    let nothing = offsets.map { _ in Answer() }
    guard !offsets.isEmpty else { return [] }
    let output = NSTemporaryDirectory() + "/ring3-symbols-" + UUID().uuidString
    let arguments =
      [
        "--obj=" + image, "--output-style=JSON", "--relative-address",
        "--functions=" + (isShort ? "short" : "linkage"),
      ]
      + offsets.map { "0x" + String($0, radix: 16) }
    guard let process = try? ToolProcess(tool, arguments, outputPath: output) else {
      return nothing
    }
    let result = process.wait()
    guard result.isSuccess,
      let answers = try? JSONDecoder().decode([Answer].self, from: Data(result.output.utf8)),
      answers.count == offsets.count
    else { return nothing }
    return answers
  }

  /// What the tool says of one address.
  private struct Answer: Decodable {
    struct Entry: Decodable {
      var FunctionName: String
      var FileName: String
      var Line: Int
    }

    var Symbol: [Entry]?

    var isWithoutLine: Bool { Symbol?.first.map { $0.Line == 0 && !$0.FileName.isEmpty } == true }

    /// Whether the other one is of the same function.
    func isIn(_ other: Answer) -> Bool {
      Symbol?.last.map { $0.FunctionName == other.Symbol?.last?.FunctionName } == true
    }

    var places: [Place] {
      (Symbol ?? []).filter { !$0.FileName.isEmpty && $0.Line > 0 }
        .map { Place(function: $0.FunctionName, file: $0.FileName, line: $0.Line) }
    }
  }
}
