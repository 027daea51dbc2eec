import Ring3
import Testing

/// Rules on memory that the common script does not bring out, and what verdicts on memory say.
@Suite struct MemoryRuleTests {
  /// Runs a defect driver's read; what ended the kernel is the answer.
  private func read(
    _ name: String, isRepaired: Bool = false,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> (Kernel, [BugCheck]) {
    let defect = Defect(name: name)
    let kernel = try defect.makeKernel(changing: change)
    do {
      let driver = try defect.load(in: kernel, isRepaired: isRepaired)
      let process = try kernel.makeProcess()
      try defect.requests(process)
      try process.end()
      try driver.unload()
    } catch let error as KernelError where error.bugCheck != nil {}
    return (kernel, kernel.verdicts + [kernel.bugCheck].compactMap(\.self))
  }

  @Test(
    "4.2: without special pool the byte behind a block is found at its release",
    arguments: [false, true])
  func overrun(isRepaired: Bool) throws {
    let (_, verdicts) = try read("PoolOverrun", isRepaired: isRepaired) {
      $0.verifier.remove(.specialPool)
    }
    #expect(verdicts.compactMap { $0.rule?.name } == (isRepaired ? [] : ["PoolOverrun"]))
    if let verdict = verdicts.first {
      #expect(verdict.context.causes.map(\.event) == ["allocated"])
    }
  }

  @Test("4.1: a verdict on a released block says who allocated and who released it")
  func causes() throws {
    let (_, verdicts) = try read("SpecialPoolUsedAfterFree")
    let causes = try #require(verdicts.first).context.causes
    #expect(causes.map(\.event) == ["allocated", "released"])
    for cause in causes { #expect(cause.frames.first?.module == "SpecialPoolUsedAfterFree.sys") }
  }

  @Test("4.2: a second release says so, too, without special pool")
  func twice() throws {
    let (_, verdicts) = try read("PoolFreedTwice") { $0.verifier.remove(.specialPool) }
    #expect(verdicts.map { $0.rule?.name } == ["PoolFreedTwice"])
    #expect(verdicts.first?.context.causes.map(\.event) == ["allocated", "released"])
  }

  @Test("4.1: what is left at unload is reported with its stack, also after the image is gone")
  func left() throws {
    let (kernel, verdicts) = try read("PoolLeft") { $0.keepsGoing = true }
    #expect(verdicts.map { $0.rule?.name } == ["PoolLeft"])
    let leak = try #require(kernel.leakReport.leaks.first { $0.label == "Deft" })
    #expect(leak.count == 1)
    #expect(leak.byteCount == 1000)
    #expect(leak.frames.first?.module == "PoolLeft.sys")
    #expect(verdicts.first?.context.causes.first?.frames.first?.module == "PoolLeft.sys")
  }
}
