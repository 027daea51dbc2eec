import Ring3
import TestSupport
import Testing

/// What holds for framework objects of every kind.
@Suite struct ObjectRuleTests {
  /// The scenarios of `Tests/Drivers/wdf-rules.c`, in its order.
  private enum Scenario {
    static let deleteAtDispatch: UInt32 = 0
    static let parents: UInt32 = 1
    static let goingParent: UInt32 = 2
    static let callbacks: UInt32 = 3
    static let deletedTarget: UInt32 = 4
  }

  private func makeBench(verifies: Bool = false) throws -> ScenarioBench {
    try ScenarioBench("wdf-rules", "WdfRules", verifies: verifies)
  }

  @Test("OBJ-05: a parent that is missing, not allowed, or going is refused, each in its way")
  func parents() throws {
    let bench = try makeBench()
    let missing: UInt64 = 0xC020_0212
    #expect(
      try bench.run(Scenario.parents).prefix(5) == [
        missing, missing, missing, missing, 0xC020_020F,
      ])
    #expect(try bench.run(Scenario.goingParent)[0] == .deletePending)
  }

  @Test("OBJ-12: cleanup may use object, parent and contexts; destroy still has the context")
  func callbacks() throws {
    // The contexts of memory and parent, the buffer; and what cleanup left in the context.
    #expect(try makeBench().run(Scenario.callbacks).prefix(5) == [40, 1, 24, 7, 41])
  }

  @Test(
    "OBJ-14: timer, DPC, work item, string, target, queue, paged memory, paged list and device end at PASSIVE_LEVEL",
    arguments: 0...8 as ClosedRange<UInt64>)
  func passive(kind: UInt64) throws {
    #expect(try makeBench().run(Scenario.deleteAtDispatch, kind).prefix(3) == [0, 0, 0])
  }

  @Test("OBJ-14: the driver object ends at PASSIVE_LEVEL, its callbacks last of all")
  func driver() throws {
    let bench = try makeBench(verifies: true)
    try bench.file.close()
    try bench.driver.unload()
    let lines = bench.kernel.debugOutput.split(separator: "\n")
    #expect(lines.suffix(2) == ["driver cleanup", "driver destroy"])
    #expect(bench.kernel.leaks.isEmpty)
  }

  @Test("TGT-36: a target that is deleted is not started, also while a reference keeps it")
  func deletedTarget() throws {
    let answer = try makeBench().run(Scenario.deletedTarget)
    // WdfIoTargetDeleted.
    #expect(answer.prefix(3) == [0, 0xC000_0184, 5])
  }
}
