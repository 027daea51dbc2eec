import Ring3

// What the standard classes of the verifier cost: the same requests in a plain kernel and in a verified one.
extension Bench {
  func verifiedCases() throws -> [Case] {
    let verified = try VerifiedBench(of: self)
    return try [64, 4 << 10].map { try verified.readCase($0) }
      + [verified.controlCase(4 << 10), verified.poolCase(256)]
  }
}

/// A kernel with the standard classes, special pool among them, and the driver under measurement.
private final class VerifiedBench {
  private let plain: Bench
  private let kernel: Kernel
  private let process: UserProcess
  /// Devices that write all the output that they report, in both kernels.
  private let plainFile: File
  private let file: File

  private static let firstRequests: UInt64 = 70_000

  init(of plain: Bench) throws {
    self.plain = plain
    var configuration = Configuration()
    configuration.verifier = .standard
    kernel = try Kernel(configuration: configuration)
    try kernel.load(bytes: Bench.image("bench"), name: "bench")
    process = try kernel.makeProcess("bench.exe")
    file = try process.open(#"\\.\BenchFilled"#)
    plainFile = try plain.process.open(#"\\.\BenchFilled"#)
  }

  func readCase(_ size: Int) throws -> Case {
    let plainBuffer = try plain.memory(size)
    let buffer = try Bench.memory(process, size)
    return Case(
      name: "verified read, buffered, \(size.binary)",
      subject: Subject(name: "File.read") { try self.plain.read(self.file, buffer, $0) },
      peers: [
        Subject(name: "plain kernel") { try self.plain.read(self.plainFile, plainBuffer, $0) }
      ],
      // The first requests of a place are guarded more often.
      prepare: { try self.plain.read(self.file, buffer, Self.firstRequests) })
  }

  func controlCase(_ size: Int) throws -> Case {
    let plainBuffers = try (plain.memory(size), plain.memory(size))
    let buffers = try (Bench.memory(process, size), Bench.memory(process, size))
    return Case(
      name: "verified control, METHOD_BUFFERED, \(size.binary) in and out",
      subject: Subject(name: "File.deviceControl") {
        try self.control(self.file, buffers.0, buffers.1, $0)
      },
      peers: [
        Subject(name: "plain kernel") {
          try self.control(self.plainFile, plainBuffers.0, plainBuffers.1, $0)
        }
      ],
      prepare: { try self.control(self.file, buffers.0, buffers.1, Self.firstRequests) })
  }

  private func control(
    _ file: File, _ input: UserBuffer, _ output: UserBuffer, _ count: UInt64
  ) throws {
    for _ in 0..<count {
      let answer = try file.deviceControl(
        Bench.Loop.echo.code, inputAt: input.address, inputCount: input.count,
        outputAt: output.address, outputCount: output.count)
      if answer.status != .success { throw BenchError("control: \(answer.status)") }
    }
  }

  func poolCase(_ size: Int) throws -> Case {
    let work = try Bench.memory(process, 24)
    return Case(
      name: "verified pool pair, \(size) B",
      subject: Subject(name: "allocate + free") {
        try self.plain.run(Bench.Loop.poolPair, on: self.file, with: work, $0, size: size)
      },
      peers: [])
  }
}
