import Foundation
import Machine
import NTTypes
import Ring3
import TestSupport
import Testing

/// A kernel with a driver of `Tests/Drivers/wdf-scenario.h`, whose scenarios take and give numbers.
struct ScenarioBench {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File
  private let link: String

  /// Loads `Tests/Drivers/<driver>.c`, whose device has the link `link`.
  init(
    _ driver: String, _ link: String = "Scenarios", verifies: Bool = false,
    in kernel: Kernel? = nil, configure: (inout Configuration) -> Void = { _ in }
  ) throws {
    var configuration = Configuration()
    configuration.verifies = verifies
    // What a function refuses is told by its status, too.
    configuration.keepsGoing = verifies
    configure(&configuration)
    self.kernel = try kernel ?? Kernel(configuration: configuration)
    self.driver = try self.kernel.loadTestDriver(driver)
    process = try self.kernel.makeProcess()
    self.link = link
    file = try process.open(#"\\.\"# + link)
  }

  static func code(_ scenario: UInt32, method: UInt32 = 0) -> IoControlCode {
    IoControlCode(bits: 0x8000_0000 | (0x800 + scenario) << 2 | method)
  }

  /// Runs a scenario; gives the numbers that it put out.
  ///
  /// None of its checks may fail.
  @discardableResult
  func run(_ scenario: UInt32, _ input: UInt64..., on file: File? = nil) throws -> [UInt64] {
    let bytes = input.withUnsafeBytes { Array($0) }
    let output = try (file ?? self.file).deviceControl(
      Self.code(scenario), input: bytes, outputCount: 64 * 8)
    #expect(failures == [])
    return output.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
  }

  /// The lines of checks that failed.
  var failures: [Substring] {
    kernel.debugOutput.split(separator: "\n").filter { $0.hasPrefix("line ") }
  }

  /// Moves a manual clock on.
  func advance(milliseconds: UInt64) throws {
    try kernel.machine.advanceTime(by: milliseconds * 10_000)
  }

  /// The bug check that a scenario ends the kernel with; nil when it does not.
  func bugCheck(_ scenario: UInt32, _ input: UInt64...) -> BugCheck? {
    let bytes = input.withUnsafeBytes { Array($0) }
    do {
      _ = try file.deviceControl(Self.code(scenario), input: bytes, outputCount: 64 * 8)
      return nil
    } catch {
      return error.bugCheck
    }
  }

  /// Runs a scenario that ends the kernel, and gives the first and the third parameter of its bug check.
  func violation(_ scenario: UInt32) -> [UInt64] {
    let error = #expect(throws: KernelError.self) { try run(scenario) }
    guard let bugCheck = error?.bugCheck else { return [] }
    #expect(bugCheck.code == BugCheckCode(0x10D))
    return [bugCheck.parameter1, bugCheck.parameter3]
  }

  /// Does something on two threads of their own, each with a handle of its own.
  func onTwoThreads(_ body: @escaping @Sendable (Int, File) throws -> Void) throws {
    let files = try [process.open(#"\\.\"# + link), process.open(#"\\.\"# + link)]
    let group = DispatchGroup()
    for index in 0..<2 {
      group.enter()
      let file = files[index]
      Thread {
        try? body(index, file)
        group.leave()
      }.start()
    }
    group.wait()
    for file in files { try file.close() }
  }
}

/// What a driver logged: the number of events, then the events.
func events(_ numbers: ArraySlice<UInt64>) -> [UInt64] {
  guard let count = numbers.first else { return [] }
  return Array(numbers.dropFirst().prefix(Int(count)))
}

/// The same without the levels at which it was logged.
func steps(_ numbers: ArraySlice<UInt64>) -> [UInt64] { events(numbers).filter { $0 < 1000 } }

/// The levels at which cleanup, then at which destroy callbacks ran.
func levels(_ numbers: ArraySlice<UInt64>) -> [UInt64] {
  events(numbers).filter { $0 >= 1000 }.map { $0 % 1000 }
}

extension UInt64 {
  static let infoLengthMismatch: UInt64 = 0xC000_0004
  static let invalidParameter: UInt64 = 0xC000_000D
  static let invalidDeviceRequest: UInt64 = 0xC000_0010
  static let bufferTooSmall: UInt64 = 0xC000_0023
  static let deletePending: UInt64 = 0xC000_0056
  static let insufficientResources: UInt64 = 0xC000_009A
  static let invalidBufferSize: UInt64 = 0xC000_0206
  static let attributesInvalid: UInt64 = 0xC020_0209
  static let scopeInvalid: UInt64 = 0xC020_0210
  static let levelInvalid: UInt64 = 0xC020_0211
}

extension FrameworkObjectRecord {
  /// The object and all below it.
  var all: [FrameworkObjectRecord] { [self] + children.flatMap(\.all) }
}
