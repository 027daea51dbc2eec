import Ring3
import TestSupport
import Testing

/// Drivers that are built with the address sanitizer.
@Suite struct SanitizerTests {
  private func send(
    _ code: UInt32, _ count: UInt32, verifier: VerifierClasses = .standard
  ) throws -> (result: UInt32, kernel: Kernel) {
    var configuration = Configuration()
    configuration.verifier = verifier
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.load(
      path: TestDrivers.build("Tests/Drivers/sanitized.c", isSanitized: true))
    let process = try kernel.makeProcess()
    let file = try process.open(#"\\.\Sanitized"#)
    let buffer = try #require(UserBuffer(process, count: 256))
    _ = try file.deviceControl(
      IoControlCode(bits: code), inputAt: buffer.address, inputCount: Int(count),
      outputAt: buffer.address, outputCount: 4)
    let bytes = try #require(buffer.bytes)
    let result = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    try file.close()
    try driver.unload()
    return (result, kernel)
  }

  private func bugCheck(_ code: UInt32, _ count: UInt32, verifier: VerifierClasses = .standard)
    throws -> BugCheck
  {
    let error = #expect(throws: KernelError.self) {
      _ = try send(code, count, verifier: verifier)
    }
    return try #require(error?.bugCheck)
  }

  @Test func `frames that an exception left do not stop who uses their stack`() throws {
    let (result, kernel) = try send(0x22_2000, 0)
    #expect(result == 3 * (1 + 4096))
    #expect(kernel.verdicts.isEmpty)
  }

  @Test func `copies of the system into an array on the stack name the array`() throws {
    #expect(try send(0x22_2004, 32).kernel.verdicts.isEmpty)
    let found = try bugCheck(0x22_2004, 33)
    #expect(found.rule?.name == "StackOutOfBounds")
    #expect(found.parameters[1] == 33)
    #expect(found.parameters[3] == 0x1F3)
    let subject = try #require(found.context.subject)
    #expect(subject.hasPrefix("copy of line "))
    #expect(subject.hasSuffix(", 32 bytes; 1 behind its end"))
    #expect(found.context.frames.first?.symbol?.hasPrefix("Copy") == true)
  }

  @Test(arguments: [VerifierClasses.standard, []])
  func `assignments from behind an array name the array`(verifier: VerifierClasses) throws {
    _ = try send(0x22_2008, 1, verifier: verifier)
    let found = try bugCheck(0x22_2008, 2, verifier: verifier)
    #expect(found.rule?.name == "GlobalOutOfBounds")
    #expect(found.parameters[1] == 96)
    #expect(found.context.subject == "Table, 192 bytes; 1 behind its end")
  }

  @Test func `a driver of the framework does its work with the sanitizer`() throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.load(
      path: TestDrivers.build("Samples/Echo/wdfecho.c", isSanitized: true))
    try driver.unload()
    #expect(kernel.verdicts.isEmpty)
  }

  @Test func `an image of Microsoft's sanitizer is refused by name`() throws {
    let kernel = try Kernel()
    let path = try TestDrivers.build("Tests/Drivers/foreign-kasan.c")
    let error = #expect(throws: DriverLoadError.self) { try kernel.load(path: path) }
    #expect("\(try #require(error))".contains("/fsanitize=kernel-address"))
  }
}
