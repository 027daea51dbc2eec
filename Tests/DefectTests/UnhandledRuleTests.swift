import Ring3
import TestSupport
import Testing

/// Verdicts with the code and parameters of Windows, and a rule beside them.
@Suite struct UnhandledRuleTests {
  /// What is broken when the driver is told to do one of its mistakes.
  private func broken(
    _ mistake: UInt32, keepsGoing: Bool = false, at address: (UserBuffer) -> UInt = { $0.address }
  ) throws -> [BugCheck] {
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.keepsGoing = keepsGoing
    let kernel = try Kernel(configuration: configuration)
    do {
      let driver = try kernel.load(
        path: TestDrivers.build("Tests/Drivers/unhandled.c", defines: []))
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      let buffer = try #require(UserBuffer(process, count: 64))
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2003 + 4 * mistake), inputAt: address(buffer), inputCount: 48,
        outputAt: 0, outputCount: 0)
      try file.close()
      try process.end()
      try driver.unload()
    } catch let error as KernelError where error.bugCheck != nil {}
    return kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
  }

  @Test(
    "A bad pointer without a handler has its rule beside the bug check of Windows",
    arguments: [
      (0, 0x1E, "NullPointer"), (1, 0x1E, "WildPointer"), (2, 0xD1, "NullPointer"),
    ] as [(UInt32, UInt32, String)])
  func pointer(mistake: UInt32, code: UInt32, rule: String) throws {
    let verdicts = try broken(mistake)
    #expect(verdicts.map(\.code.rawValue) == [code])
    #expect(verdicts.map { $0.rule?.name } == [rule])
  }

  @Test("An address of a program that is not there, without probe and handler, is one not probed")
  func program() throws {
    let verdicts = try broken(6) { _ in 0x4100_0000 }
    #expect(verdicts.map(\.code.rawValue) == [0x1E])
    #expect(verdicts.map { $0.rule?.name } == ["UserPointerNotProbed"])
  }

  @Test("A push lock that is taken twice by a thread is a deadlock")
  func pushLock() throws {
    let verdicts = try broken(3)
    #expect(verdicts.map { $0.rule?.name } == ["SelfDeadlock"])
    #expect(verdicts.first?.context.causes.map(\.event) == ["acquired"])
  }

  @Test("What a driver does wrong behind an address that it did not probe is found, too")
  func goesOn() throws {
    let verdicts = try broken(4, keepsGoing: true)
    #expect(verdicts.map { $0.rule?.name } == ["UserPointerNotProbed", "NullPointer"])
    #expect(try broken(4).map { $0.rule?.name } == ["UserPointerNotProbed"])
  }

  @Test("A copy over the end of a local variable is told as one")
  func copy() throws {
    let verdicts = try broken(5)
    #expect(verdicts.map { $0.rule?.name } == ["CopyOverlaps"])
    #expect(verdicts.first?.context.subject?.contains("local variable") == true)
  }

  @Test("The function whose cookie is wrong comes first, with a line")
  func cookie() throws {
    let defect = Defect(name: "StackCookieOverwritten")
    let kernel = try defect.makeKernel()
    do {
      _ = try defect.load(in: kernel, isRepaired: false)
      try defect.requests(kernel.makeProcess())
    } catch let error as KernelError where error.bugCheck != nil {}
    let bugCheck = try #require(kernel.bugCheckWithSourceLines())
    #expect(bugCheck.code.rawValue == 0xF7)
    #expect(bugCheck.context.frames.first?.places.first?.function == "Fill")
  }
}
