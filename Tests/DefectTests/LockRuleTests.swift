import Ring3
import TestSupport
import Testing

/// What verdicts on locks say beyond the rule.
@Suite struct LockRuleTests {
  @Test func `a thread that ends with a mutex: the verdict has the wait that gave it`() throws {
    let verdict = try #require(
      try Defect(name: "ThreadEndedWithMutex").run(isRepaired: false).first)
    #expect(verdict.code == .threadTerminateHeldMutex)
    #expect(verdict.code.name == "THREAD_TERMINATE_HELD_MUTEX")
    // A routine that ends in the call of PsTerminateSystemThread has left when it is made.
    #expect(verdict.context.causes.first?.event == "acquired")
    #expect(verdict.context.causes.first?.frames.first?.module == "ThreadEndedWithMutex.sys")
  }

  @Test func `a thread that returns with a mutex: the verdict names its routine`() throws {
    let defect = Defect(name: "ThreadEndedWithMutex")
    let kernel = try defect.makeKernel()
    try kernel.load(
      path: TestDrivers.build(Defect.folder + defect.name + ".c", defines: ["RETURNS"]))
    #expect(throws: KernelError.self) { try defect.requests(kernel.makeProcess()) }
    let verdict = try #require(kernel.bugCheck)
    #expect(verdict.rule?.name == defect.name)
    #expect(verdict.context.causes.map(\.event) == ["acquired", "returned"])
    #expect(verdict.context.causes.last?.frames.first?.module == "ThreadEndedWithMutex.sys")
  }

  @Test func `without verification the rule is known all the same`() throws {
    let defect = Defect(name: "ThreadEndedWithMutex")
    let kernel = try Kernel()
    _ = try defect.load(in: kernel, isRepaired: false)
    #expect(throws: KernelError.self) { try defect.requests(kernel.makeProcess()) }
    #expect(kernel.bugCheck?.rule?.name == defect.name)
    #expect(kernel.bugCheck?.context.causes.isEmpty == true)
  }
}
