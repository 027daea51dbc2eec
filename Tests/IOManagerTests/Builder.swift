import Ring3
import TestSupport

/// A kernel with the driver `builder.c`, which makes requests for devices of its own.
struct Builder {
  enum Experiment: UInt32 {
    case control = 0x801, transfer, matrix, fields, associated, ownBuffer, forward, routineEx
    case completeAgain, ownIrpToTop, noLocation, freeBuilt, routineExCount, free
  }

  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File

  init(_ configuration: Configuration = Configuration()) throws {
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.loadTestDriver("builder")
    process = try kernel.makeProcess()
    file = try process.open(#"\Device\Builder"#)
  }

  /// Does an experiment; gives the words that the driver found.
  func run(_ experiment: Experiment, _ input: UInt64...) throws -> [UInt64] {
    let code = IoControlCode(bits: 0x8000_0000 | experiment.rawValue << 2)
    let bytes = input.isEmpty ? words(0) : input.flatMap { words($0) }
    return numbers(try file.deviceControl(code, input: bytes, outputCount: 128))
  }
}
