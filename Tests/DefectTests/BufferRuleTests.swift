import Ring3
import TestSupport
import Testing

/// Rules on a program's memory and on forced pending, beyond what the common script brings out.
@Suite struct BufferRuleTests {
  /// Loads a defect driver and does something with it; what was broken is the answer.
  private func broken(
    _ name: String, isRepaired: Bool = false,
    _ change: (inout Configuration) -> Void = { _ in },
    doing body: (UserProcess, File) throws -> Void
  ) throws -> [BugCheck] {
    let defect = Defect(name: name)
    let kernel = try defect.makeKernel(changing: change)
    do {
      let driver = try defect.load(in: kernel, isRepaired: isRepaired)
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      try body(process, file)
      try file.close()
      try process.end()
      try driver.unload()
    } catch let error as KernelError where error.bugCheck != nil {}
    return kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
  }

  private func write(_ process: UserProcess, _ file: File) throws {
    let buffer = try #require(UserBuffer(process, count: 128))
    buffer.store((0..<128).map { UInt8($0) })
    _ = try file.write(at: buffer.address, count: 64)
  }

  @Test("4.6: a double fetch says where the bytes were read before")
  func doubleFetch() throws {
    let verdict = try #require(try broken("DoubleFetch", doing: write).first)
    #expect(verdict.rule?.name == "DoubleFetch")
    #expect(verdict.parameters[2] == 4)
    #expect(verdict.context.causes.map(\.event) == ["read"])
    let before = try #require(verdict.context.causes.first?.frames.first)
    #expect(before.module == "DoubleFetch.sys")
    #expect(verdict.context.frames.first?.module == "DoubleFetch.sys")
    #expect(before.address != verdict.context.frames.first?.address)
  }

  @Test(
    "4.6: what METHOD_NEITHER and the mapping of METHOD_IN_DIRECT give is watched in the same way",
    arguments: [0x22_2003, 0x22_2001] as [UInt32], [false, true])
  func controls(code: UInt32, isRepaired: Bool) throws {
    let verdicts = try broken("DoubleFetch", isRepaired: isRepaired) { process, file in
      let buffer = try #require(UserBuffer(process, count: 128))
      buffer.store((0..<128).map { UInt8($0) })
      _ = try file.deviceControl(
        IoControlCode(bits: code), inputAt: buffer.address, inputCount: 64,
        outputAt: buffer.address + 64, outputCount: 64)
    }
    #expect(verdicts.map { $0.rule?.name } == (isRepaired ? [] : ["DoubleFetch"]))
  }

  @Test("4.1: without the class nothing is held back")
  func unforced() throws {
    let verdicts = try broken(
      "CompletedWhileBelow", { $0.verifier.remove(.forcePendingIO) }, doing: write)
    #expect(verdicts.isEmpty, "\(verdicts.map(\.message))")
  }

  @Test("4.1: a request that is held back and then completed again is named with who sent it")
  func forced() throws {
    let verdict = try #require(try broken("CompletedWhileBelow", doing: write).first)
    #expect(verdict.context.causes.map(\.event) == ["sent"])
    #expect(verdict.context.causes.first?.frames.first?.module == "CompletedWhileBelow.sys")
  }
}
