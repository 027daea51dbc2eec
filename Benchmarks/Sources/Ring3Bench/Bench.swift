import DriverBuild
import Foundation
import Ring3

/// A kernel with the driver under measurement, and what the cases need of it.
final class Bench {
  let kernel: Kernel
  let process: UserProcess
  let buffered: File
  let direct: File
  let neither: File
  let byDpc: File
  let byThread: File
  /// The device of `Drivers/wdfbench.c`, whose reads are buffered.
  let framework: File
  /// The devices of `Drivers/load.c` and `Drivers/inside.c`.
  let load: File
  let inside: File
  private let work: UserBuffer

  /// The loops of `Drivers/bench.c`, by the function number of their control code.
  enum Loop: UInt16 {
    case echo = 0x800
    case poolPair, poolFill, poolReplace, poolDrain
    case lookasideEx, lookasideNPaged
    case mdl
    case completeLoop, completeStop
    case nothing

    var code: IoControlCode {
      IoControlCode(bits: 0x8000_0000 | UInt32(rawValue) << 2)
    }
  }

  /// The loops of `Drivers/wdfbench.c`.
  enum FrameworkLoop: UInt16 {
    case lookasidePair = 0x800
    case memoryPair, memoryFill, memoryDrain

    var code: IoControlCode {
      IoControlCode(bits: 0x8000_0000 | UInt32(rawValue) << 2)
    }
  }

  /// The loops of `Drivers/load.c`; ``UserBuffer`` words: turns, choice.
  enum Load: UInt16 {
    case give = 0x800
    case take, tags, release, mixedBegin, mixedStep, mixedEnd, misuse

    var code: IoControlCode {
      IoControlCode(bits: 0x8000_0000 | UInt32(rawValue) << 2)
    }
  }

  /// Builds the drivers and loads them in a kernel of their own.
  init() throws {
    kernel = try Kernel()
    for name in ["bench", "wdfbench", "load", "inside"] {
      try kernel.load(bytes: Self.image(name), name: name)
    }
    process = try kernel.makeProcess("bench.exe")
    buffered = try process.open(#"\\.\BenchBuffered"#)
    direct = try process.open(#"\\.\BenchDirect"#)
    neither = try process.open(#"\\.\BenchNeither"#)
    byDpc = try process.open(#"\\.\BenchDpc"#)
    byThread = try process.open(#"\\.\BenchThread"#)
    framework = try process.open(#"\\.\WdfBench"#)
    load = try process.open(#"\\.\BenchLoad"#)
    inside = try process.open(#"\\.\BenchInside"#)
    work = try Self.memory(process, 24)
  }

  /// The image of a driver in `Drivers`, built now.
  static func image(_ name: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = FileManager.default.temporaryDirectory.appending(path: "ring3-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = root.appending(path: "Drivers/\(name).c").path(percentEncoded: false)
    let output = folder.appending(path: name + ".sys")
    _ = try DriverBuilder().build(
      sources: [source], output: output.path(percentEncoded: false))
    return try Array(Data(contentsOf: output))
  }

  /// Resident user memory.
  func memory(_ count: Int) throws -> UserBuffer { try Self.memory(process, count) }

  static func memory(_ process: UserProcess, _ count: Int) throws -> UserBuffer {
    guard let buffer = UserBuffer(process, count: count) else {
      throw BenchError("no user memory of \(count) bytes")
    }
    buffer.store([UInt8](repeating: 1, count: count))
    return buffer
  }

  /// Runs a loop of the driver in one request.
  func run(_ loop: Loop, _ count: UInt64 = 0, size: Int = 0, address: UInt = 0) throws {
    try run(loop, on: buffered, with: work, count, size: size, address: address)
  }

  /// Runs a loop of the framework driver in one request.
  func run(_ loop: FrameworkLoop, _ count: UInt64, size: Int) throws {
    let words = [count, UInt64(size), 0]
    work.store(words.withUnsafeBytes { Array($0) })
    let answer = try framework.deviceControl(
      loop.code, inputAt: work.address, inputCount: 24, outputAt: 0, outputCount: 0)
    if answer.status.isError { throw BenchError("\(loop): \(answer.status)") }
  }

  /// Runs a loop of the driver for lasting load, on a thread of its own with a buffer of its own.
  ///
  /// - Returns: the number that the driver gave, or 0.
  @discardableResult
  func run(
    _ loop: Load, _ count: UInt64 = 0, choice: UInt64 = 0, on file: File? = nil,
    with given: UserBuffer? = nil
  ) throws -> UInt64 {
    let work = given ?? work
    let words = [count, choice, 0]
    work.store(words.withUnsafeBytes { Array($0) })
    let answer = try (file ?? load).deviceControl(
      loop.code, inputAt: work.address, inputCount: 16, outputAt: work.address, outputCount: 8)
    if answer.status.isError { throw BenchError("\(loop): \(answer.status)") }
    return work.bytes(0..<8).map { $0.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } } ?? 0
  }

  /// Has the driver measure something of the system itself; nanoseconds for all turns.
  func measureInside(_ what: UInt64, _ count: UInt64) throws -> UInt64 {
    let words = [count, what, 0]
    work.store(words.withUnsafeBytes { Array($0) })
    let answer = try inside.deviceControl(
      IoControlCode(bits: 0x8000_2004), inputAt: work.address, inputCount: 16,
      outputAt: work.address, outputCount: 8)
    if answer.status.isError { throw BenchError("inside.c, \(what): \(answer.status)") }
    return work.bytes(0..<8).map { $0.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } } ?? 0
  }

  /// The same on a thread of its own, which needs a buffer of its own.
  func run(
    _ loop: Loop, on file: File, with work: UserBuffer, _ count: UInt64 = 0, size: Int = 0,
    address: UInt = 0
  ) throws {
    let words = [count, UInt64(size), UInt64(address)]
    work.store(words.withUnsafeBytes { Array($0) })
    let answer = try file.deviceControl(
      loop.code, inputAt: work.address, inputCount: 24, outputAt: 0, outputCount: 0)
    if answer.status.isError { throw BenchError("\(loop): \(answer.status)") }
  }

  /// Sends `count` reads, one after the other.
  func read(_ file: File, _ buffer: UserBuffer, _ count: UInt64) throws {
    let address = buffer.address
    let size = buffer.count
    for _ in 0..<count {
      let answer = try file.read(at: address, count: size)
      if answer.status != .success { throw BenchError("read: \(answer.status)") }
    }
  }
}
