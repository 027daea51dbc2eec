import Machine
import Ring3
import TestSupport
import Testing

/// A kernel with one of the drivers of `wdf-scenarios.h` and its control device.
struct Scenarios {
  let kernel: Kernel
  let driver: Driver
  let file: File

  init(
    _ name: String, device: String = "Scenarios", in kernel: Kernel? = nil,
    configure: (inout Configuration) -> Void = { _ in }
  ) throws {
    var configuration = Configuration()
    configure(&configuration)
    self.kernel = try kernel ?? Kernel(configuration: configuration)
    driver = try self.kernel.loadTestDriver(name)
    file = try self.kernel.makeProcess().open(#"\\.\"# + device)
  }

  /// Runs a scenario and gives the numbers that it puts out; none of its checks may fail.
  @discardableResult
  func run(_ number: UInt32, _ input: UInt64...) throws -> [UInt64] {
    let code = IoControlCode(bits: 0x222000 + number * 4)
    let output = try file.deviceControl(
      code, input: input.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } },
      outputCount: 128)
    #expect(failures == [])
    return stride(from: 0, to: output.count, by: 8).map { start in
      output[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// The lines of checks that failed.
  var failures: [Substring] {
    kernel.debugOutput.split(separator: "\n").filter { $0.hasPrefix("line ") }
  }

  /// Moves the manual clock on.
  func advance(milliseconds: UInt64) throws {
    try kernel.machine.advanceTime(by: milliseconds * 10_000)
  }

  /// Runs a scenario that ends the kernel, and gives the first two parameters of its bug check.
  func bugCheck(_ number: UInt32) -> [UInt64] {
    let error = #expect(throws: KernelError.self) { try run(number) }
    guard let bugCheck = error?.bugCheck else { return [] }
    #expect(bugCheck.code == BugCheckCode(0x10D))
    return [bugCheck.parameter1, bugCheck.parameter3]
  }
}
