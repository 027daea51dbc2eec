import Foundation
import Ring3

/// Measures Ring3 beside what the host does for the same kind of work.
@main
struct Ring3Bench {
  var repetitions = 7
  var filter = ""
  var isJSON = false
  /// How long one repetition of one subject lasts, about.
  var milliseconds: UInt64 = 20

  static let usage = """
    usage: ring3-bench [--repetitions N] [--milliseconds N] [--filter TEXT] [--json]

      --repetitions N    measurements of each figure, at least 5; 7 unless told
      --milliseconds N   about how long each of them lasts; 20 unless told
      --filter TEXT      only the work whose name contains TEXT
      --json             all figures as JSON
    """

  static func main() {
    do {
      var bench = Ring3Bench()
      guard try bench.read(Array(CommandLine.arguments.dropFirst())) else { return print(usage) }
      try bench.run()
    } catch {
      FileHandle.standardError.write(Data("ring3-bench: \(error)\n".utf8))
      exit(1)
    }
  }

  /// Reads the options; false when help is asked for.
  mutating func read(_ arguments: [String]) throws -> Bool {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--repetitions": repetitions = try number(option, rest.popFirst(), atLeast: 5)
      case "--milliseconds":
        milliseconds = UInt64(try number(option, rest.popFirst(), atLeast: 1))
      case "--filter":
        guard let text = rest.popFirst() else { throw BenchError("--filter needs a text") }
        filter = text.lowercased()
      case "--json": isJSON = true
      case "--help", "-h": return false
      default: throw BenchError("unknown option \(option)\n\(Self.usage)")
      }
    }
    return true
  }

  private func number(_ option: String, _ text: String?, atLeast minimum: Int) throws -> Int {
    guard let text, let value = Int(text), value >= minimum else {
      throw BenchError("\(option) needs a number of at least \(minimum)")
    }
    return value
  }

  func run() throws {
    let bench = try Bench()
    let all =
      try bench.memoryCases() + bench.frameworkCases() + bench.requestCases()
      + bench.pendingCases() + bench.queueCases() + bench.swiftCases()
    let cases = all.filter { filter.isEmpty || $0.name.lowercased().contains(filter) }
    if cases.isEmpty {
      throw BenchError(
        "no work of that name; there is:\n" + all.map(\.name).joined(separator: "\n"))
    }
    if !isJSON { print(Report.header()) }
    var results: [CaseResult] = []
    for each in cases {
      let result = try each.measure(repetitions: repetitions, lasting: milliseconds * 1_000_000)
      results.append(result)
      if !isJSON {
        print(Report.text(result))
        fflush(nil)
      }
    }
    if isJSON { print(try Report.json(results)) }
  }
}
