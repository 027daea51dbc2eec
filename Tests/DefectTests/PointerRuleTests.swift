import Ring3
import TestSupport
import Testing

/// Pointers that lead nowhere or too far, and those that a program may give.
@Suite struct PointerRuleTests {
  /// What is broken when the driver uses an address in one of its ways.
  private func broken(
    _ way: UInt32, count: Int, at address: (UserBuffer) -> UInt = { $0.address }
  ) throws -> [BugCheck] {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    do {
      let driver = try kernel.load(path: TestDrivers.build("Tests/Drivers/pointers.c", defines: []))
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      let buffer = try #require(UserBuffer(process, count: 16384))
      _ = try? file.deviceControl(
        IoControlCode(bits: 0x22_2003 + 4 * way), inputAt: address(buffer), inputCount: count,
        outputAt: 0, outputCount: 0)
      try file.close()
      try process.end()
      try driver.unload()
    } catch let error as KernelError where error.bugCheck != nil {}
    return kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
  }

  @Test("4.1: a copy of more than was probed is an overrun where the block is too short")
  func copy() throws {
    let verdicts = try broken(0, count: 8192)
    #expect(verdicts.map { $0.rule?.name } == ["SpecialPoolOverrun"])
    #expect(verdicts.first?.code.rawValue == 0xD6)
    #expect(verdicts.first?.context.causes.map(\.event) == ["allocated"])
  }

  @Test(
    "4.6: a bad address that was probed is for the driver's handler", arguments: [0, 0x4100_0000])
  func probed(address: UInt) throws {
    #expect(try broken(1, count: 16) { _ in address }.isEmpty)
  }

  @Test("4.6: a bad address that nobody probed is found though a handler takes it")
  func unprobed() throws {
    #expect(try broken(2, count: 16) { _ in 0 }.map { $0.rule?.name } == ["NullPointer"])
    #expect(
      try broken(2, count: 16) { _ in 0x4100_0000 }.map { $0.rule?.name }
        == ["UserPointerNotProbed"])
  }

  @Test("a call of a program's memory ends the machine, whoever handles exceptions")
  func call() throws {
    #expect(try broken(3, count: 16).map(\.code.rawValue) == [0xFC])
    #expect(try broken(3, count: 16) { _ in 0 }.map { $0.rule?.name } == ["CallOutsideCode"])
  }
}
