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
  /// What else is asked for than the table for people.
  var command = Command.table
  var output = "."
  var host = ""

  enum Command {
    case table, figures, plots, check
    case report(String)
    case count(String, UInt64)
    case image(String)
  }

  static let usage = """
    usage: ring3-bench [--repetitions N] [--milliseconds N] [--filter TEXT] [--json]

      --repetitions N    measurements of each figure, at least 5; 7 unless told
      --milliseconds N   about how long each of them lasts; 20 unless told
      --filter TEXT      only the work whose name contains TEXT
      --json             all figures as JSON

    for Benchmarks/compare and Benchmarks/guard:
      --figures          one figure of everything: name, tabulator, nanoseconds
      --plots DIR        measures and writes the plots
      --report FILE DIR  writes the table of figures that were gathered; --host TEXT goes into it
      --check            makes mistakes with pool, each of which has to be found
      --image NAME FILE  builds a driver of Drivers/
      --count NAME N     does the work of that name N times, to be counted by callgrind
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
        filter = try text(option, rest.popFirst()).lowercased()
      case "--json": isJSON = true
      case "--figures": command = .figures
      case "--plots":
        command = .plots
        output = try text(option, rest.popFirst())
      case "--report":
        command = .report(try text(option, rest.popFirst()))
        output = try text(option, rest.popFirst())
      case "--check": command = .check
      case "--image":
        command = .image(try text(option, rest.popFirst()))
        output = try text(option, rest.popFirst())
      case "--host": host = try text(option, rest.popFirst())
      case "--count":
        let name = try text(option, rest.popFirst())
        command = .count(name, UInt64(try number(option, rest.popFirst(), atLeast: 1)))
      case "--help", "-h": return false
      default: throw BenchError("unknown option \(option)\n\(Self.usage)")
      }
    }
    return true
  }

  private func text(_ option: String, _ text: String?) throws -> String {
    guard let text else { throw BenchError("\(option) needs one more word") }
    return text
  }

  private func number(_ option: String, _ text: String?, atLeast minimum: Int) throws -> Int {
    guard let text, let value = Int(text), value >= minimum else {
      throw BenchError("\(option) needs a number of at least \(minimum)")
    }
    return value
  }

  func run() throws {
    switch command {
    case .table: try printTable(Bench())
    case .figures: try printFigures(Bench())
    case .check: try Misuse.check()
    case .plots: try Self.writePlots(Bench(), to: output)
    case .report(let path): try Self.writeReport(of: path, to: output, host: host)
    case .image(let name): try Data(Bench.image(name)).write(to: URL(filePath: output))
    case .count(let name, let turns): try count(name, turns, Bench())
    }
  }

  func cases(_ bench: Bench) throws -> [Case] {
    try bench.memoryCases() + bench.frameworkCases() + bench.requestCases()
      + bench.pendingCases() + bench.queueCases() + bench.swiftCases() + bench.listCases()
  }

  func isWanted(_ name: String) -> Bool { filter.isEmpty || name.lowercased().contains(filter) }

  private func printTable(_ bench: Bench) throws {
    let all =
      try cases(bench) + bench.threadCases() + bench.insideCases() + bench.startCases()
      + bench.verifiedCases()
    let cases = all.filter { isWanted($0.name) }
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
