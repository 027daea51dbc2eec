import Foundation
import Ring3

/// What the plots show, as lines of three fields: series, x, y.
enum Plots {
  /// Nanoseconds of a read by its size, buffered and direct.
  static func methods(_ bench: Bench) throws -> [String] {
    var lines: [String] = []
    for shift in stride(from: 6, through: 20, by: 1) {
      let size = 1 << shift
      let buffer = try bench.memory(size)
      for (name, file) in [("buffered", bench.buffered), ("direct", bench.direct)] {
        let subject = Subject(name: name) { try bench.read(file, buffer, $0) }
        let count = try subject.turns(lasting: 2_000_000, by: .thread)
        let samples = try (0..<7).map { _ in
          Double(try subject.time(count, by: .thread)) / Double(count)
        }
        lines.append("\(name)\t\(size)\t\(Figures(name: name, samples: samples).median)")
      }
    }
    return lines
  }

  /// MiB of the largest block still to be had, after so many hours of a mixed load of 100 turns a
  /// second, in 16 MiB of nonpaged pool.
  static func pieces() throws -> [String] {
    var lines: [String] = []
    for usesLists in [false, true] {
      var configuration = Configuration()
      configuration.nonpagedPoolByteCount = 16 << 20
      let kernel = try Kernel(configuration: configuration)
      try kernel.load(bytes: Bench.image("load"), name: "load")
      let process = try kernel.makeProcess("bench.exe")
      let file = try process.open(#"\\.\BenchLoad"#)
      guard let work = UserBuffer(process, count: 24) else { throw BenchError("no user memory") }
      let load = MixedLoad(file: file, work: work)
      try load.send(.mixedBegin, usesLists ? 1 : 0)
      let name = usesLists ? "with lookaside lists" : "without"
      for step in 0...48 {
        let largest = try load.send(.mixedStep, 0, count: step == 0 ? 0 : 60_000)
        lines.append("\(name)\t\(Double(step) / 6)\t\(Double(largest) / Double(1 << 20))")
      }
      try load.send(.mixedEnd, 0)
    }
    return lines
  }

  private struct MixedLoad {
    let file: File
    let work: UserBuffer

    @discardableResult
    func send(_ loop: Bench.Load, _ choice: UInt64, count: UInt64 = 0) throws -> UInt64 {
      work.store([count, choice, 0].withUnsafeBytes { Array($0) })
      let answer = try file.deviceControl(
        loop.code, inputAt: work.address, inputCount: 16, outputAt: work.address, outputCount: 8)
      if answer.status.isError { throw BenchError("\(loop): \(answer.status)") }
      return work.bytes(0..<8).map { $0.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } } ?? 0
    }
  }
}
