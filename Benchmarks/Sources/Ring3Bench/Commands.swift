import CBenchPeers
import Foundation

// What `compare` and the guard of CI ask for.
extension Ring3Bench {
  /// Prints one figure of everything, by name.
  func printFigures(_ bench: Bench) throws {
    let all =
      try cases(bench) + bench.threadCases() + bench.insideCases() + bench.startCases()
      + bench.verifiedCases()
    for each in all where isWanted(each.name) { try printFigures(each) }
    for each in try bench.scaleCases() where isWanted(each.name) { try printFigures(each) }
    if isWanted("idle memory") { print("idle memory\t\(try Bench.idleMemory())") }
  }

  /// Measures some work and prints the fastest of several slices, as `Peers/slices.h` does.
  ///
  /// Other guests of the host slow its processors down by half, for some ten milliseconds at a time. Two
  /// threads need longer slices.
  private func printFigures(_ work: Case) throws {
    let isAlone = work.clock == .thread
    let budget = milliseconds * 1_000_000
    let result = try work.measure(
      repetitions: isAlone ? 24 : 4, lasting: isAlone ? budget / 8 : budget)
    print("\(result.name)\t\(result.figures.minimum)")
    for peer in result.peers {
      print("\(result.name) / \(peer.figures.name)\t\(peer.figures.minimum)")
    }
    fflush(nil)
  }

  /// Writes the table and the plots of figures that were gathered.
  static func writeReport(of path: String, to folder: String, host: String) throws {
    let comparison = Comparison(lines: try String(contentsOfFile: path, encoding: .utf8))
    let folder = URL(filePath: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = comparison.markdown(host: host)
    print(text)
    try text.write(to: folder.appending(path: "comparison.md"), atomically: true, encoding: .utf8)
  }

  /// Measures and writes the plots.
  static func writePlots(_ bench: Bench, to folder: String) throws {
    let folder = URL(filePath: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let methods = Svg(
      title: "A read through a driver, by its size", xTitle: "bytes", yTitle: "nanoseconds",
      isLogarithmic: true)
    try methods.lines(Svg.series(try Plots.methods(bench))).write(
      to: folder.appending(path: "methods.svg"), atomically: true, encoding: .utf8)
    let pieces = Svg(
      title: "Largest block to be had from 16 MiB of nonpaged pool under mixed load",
      xTitle: "hours of mixed load, simulated", yTitle: "MiB")
    try pieces.lines(Svg.series(try Plots.pieces())).write(
      to: folder.appending(path: "fragmentation.svg"), atomically: true, encoding: .utf8)
  }

  /// Does the work of one case `turns` times, counted by callgrind; see `guard`.
  func count(_ name: String, _ turns: UInt64, _ bench: Bench) throws -> Never {
    // A verified kernel is made only where it is asked for: it has threads of its own.
    let all =
      try name.hasPrefix("verified")
      ? bench.verifiedCases() : cases(bench) + bench.insideCases()
    guard let work = all.first(where: { $0.name == name }) else {
      throw BenchError("no work named \(name)")
    }
    try work.prepare()
    // What is made at the first turns is not counted.
    try work.subject.run(1000)
    r3b_toggle_counting()
    try work.subject.run(turns)
    r3b_toggle_counting()
    // Callgrind does not bear the signals that end the threads of a kernel.
    _exit(0)
  }
}
