import Ring3
import Synchronization
import Testing

/// The order in which objects end, and at which level.
@Suite struct ObjectDeletionTests {
  @Test("OBJ-09, OBJ-11: a chain is cleaned up leaf first, then destroyed leaf first")
  func chain() throws {
    let output = try objectBench().run(ObjectScenario.chain)
    #expect(steps(output[...]) == [103, 102, 101, 203, 202, 201])
  }

  @Test("OBJ-08: no handle of a deleted tree may be used")
  func staleChild() throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, 4))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 5)
  }

  @Test("OBJ-10: siblings go in some order, all before their parent")
  func siblings() throws {
    let steps = steps(try objectBench().run(ObjectScenario.siblings)[...])
    #expect(steps.count == 8)
    #expect(Set(steps.prefix(3)) == [102, 103, 104] && steps[3] == 101)
    #expect(Set(steps[4..<7]) == [202, 203, 204] && steps[7] == 201)
  }

  @Test(
    "OBJ-11: in random trees with random references each callback runs once, children first",
    arguments: 1...20 as ClosedRange<UInt64>)
  func random(seed: UInt64) throws {
    let output = try objectBench().run(ObjectScenario.randomTree, seed)
    #expect(output[0] == 0 && output[1] > 0)
  }

  @Test("OBJ-12: a method in a destroy callback is bug check 0x10D")
  func methodInDestroy() throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, 5))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 5)
  }

  @Test(
    "OBJ-16, OBJ-22: a referenced object is cleaned up at once, its context stays until the end")
  func referenced() throws {
    let output = try objectBench().run(ObjectScenario.referenced)
    // Cleanup and its level; the context.
    #expect(output[0] == 2 && output[1] == 1)
    #expect(steps(output[3...]) == [101, 201])
  }

  @Test("OBJ-17: deleting a second time does nothing")
  func deletedTwice() throws {
    let output = try objectBench().run(ObjectScenario.referenced)
    #expect(output[2] == output[0])
  }

  @Test(
    "OBJ-13, OBJ-25: a referenced child is cleaned up with its parent, both are destroyed later")
  func referencedChild() throws {
    let output = try objectBench().run(ObjectScenario.referencedChild)
    #expect(output[0] == 4 && output[1] == 2)
    #expect(steps(output[2...]) == [102, 101, 202, 201])
  }

  @Test("OBJ-14: what has no need of PASSIVE_LEVEL is cleaned up where it is deleted")
  func atDispatch() throws {
    let output = try objectBench().run(ObjectScenario.atDispatch)
    #expect(steps(output[...]) == [102, 101, 202, 201] && levels(output[...]) == [2, 2, 2, 2])
  }

  @Test(
    "OBJ-14: device, queue, paged memory, paged list and passive object end at PASSIVE_LEVEL",
    arguments: 0...4 as ClosedRange<UInt64>)
  func passiveKind(kind: UInt64) throws {
    let output = try objectBench().run(ObjectScenario.passiveKind, kind)
    // The worker may have been faster than the driver's look at the log: the levels tell.
    #expect(output[0] == 0)
    #expect(steps(output[2...]) == [101, 201] && levels(output[2...]) == [0, 0])
  }

  @Test("OBJ-14: the last reference that goes at DISPATCH_LEVEL destroys at PASSIVE_LEVEL")
  func passiveDestroy() throws {
    let output = try objectBench().run(ObjectScenario.passiveDestroy)
    #expect(output[0] == 0)
    #expect(steps(output[2...]) == [101, 201] && levels(output[2...]) == [0, 0])
  }

  @Test("OBJ-15: a tree with a paged object, deleted at DISPATCH_LEVEL, waits for a worker")
  func passiveChild() throws {
    let output = try objectBench().run(ObjectScenario.passiveChild)
    #expect(output[0] == 0)
    #expect(steps(output[2...]) == [102, 101, 202, 201])
    #expect(levels(output[2...]) == [0, 0, 0, 0])
  }

  @Test("OBJ-15: also when the paged object is deeper in the tree")
  func passiveGrandchild() throws {
    let output = try objectBench().run(ObjectScenario.passiveChild, 1)
    #expect(steps(output[2...]) == [102, 103, 101, 202, 203, 201])
    #expect(levels(output[2...]).allSatisfy { $0 == 0 })
  }

  @Test("OBJ-18: deletion above DISPATCH_LEVEL is bug check 0x10D when verifying")
  func highLevel() throws {
    let bugCheck = try #require(
      try objectBench(verifies: true).bugCheck(ObjectScenario.mistake, 8))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 0xE)
    #expect(bugCheck.parameter3 == 15 && bugCheck.parameter4 == 2)
  }

  @Test("OBJ-18: deletion of a control device above PASSIVE_LEVEL likewise")
  func deviceLevel() throws {
    let bugCheck = try #require(
      try objectBench(verifies: true).bugCheck(ObjectScenario.mistake, 9))
    #expect(bugCheck.parameter1 == 0xE && bugCheck.parameter3 == 2 && bugCheck.parameter4 == 0)
    #expect(try objectBench().bugCheck(ObjectScenario.mistake, 9) == nil)
  }

  @Test(
    "OBJ-19: driver, default queue, delivered request, its memory and routed queues stay",
    arguments: 0...4 as ClosedRange<UInt64>)
  func undeletable(kind: UInt64) throws {
    let bench = try objectBench(verifies: true)
    let output = try bench.run(ObjectScenario.undeletable, kind)
    #expect(Array(output[2...4]) == [1, 1, 1])
    if kind == 3 { #expect(output[1] == 1) }
    #expect(bench.kernel.debugOutput.contains("is deleted by the framework only"))
    #expect(bench.kernel.verdicts.map { $0.rule?.name } == (kind == 2 ? ["ReqDelete"] : []))
    // Reads still find their queue.
    #expect(try bench.file.read(count: 5).count == 5)
    try bench.file.close()
    try bench.driver.unload()
    #expect(bench.kernel.leaks.isEmpty)
  }

  @Test("OBJ-20: an object under deletion takes no children and no contexts")
  func deletePending() throws {
    let bench = try objectBench()
    let output = try bench.run(ObjectScenario.deletePending)
    // Nor are the callbacks of what was refused called.
    #expect(Array(output[0...3]) == [.deletePending, 0, 0, .deletePending])
    try bench.file.close()
    try bench.driver.unload()
    #expect(bench.kernel.leaks.isEmpty)
  }

  @Test("OBJ-37: a hundred memory objects go with their device")
  func hundred() throws {
    let bench = try objectBench()
    let tag: PoolTag = "WObj"
    let before = [false, true].map { bench.kernel.poolUsage(of: tag, paged: $0)?.liveCount ?? 0 }
    let output = try bench.run(ObjectScenario.hundred)
    #expect(output[0] == 0 && output[1] == 100)
    #expect(
      before == [false, true].map { bench.kernel.poolUsage(of: tag, paged: $0)?.liveCount ?? 0 })
    #expect((bench.kernel.poolUsage(of: tag, paged: true)?.allocationCount ?? 0) >= 50)
  }

  @Test("OBJ-11: trees that two threads make and delete leave nothing")
  func churn() throws {
    let bench = try objectBench()
    let before = bench.kernel.frameworkObjects.flatMap(\.all).count
    let total = Atomic<Int>(0)
    try bench.onTwoThreads { _, file in
      total.add(Int(try bench.run(ObjectScenario.churn, 3000, on: file)[0]), ordering: .relaxed)
    }
    #expect(total.load(ordering: .relaxed) == 6000)
    #expect(bench.kernel.frameworkObjects.flatMap(\.all).count == before)
  }

  @Test("OBJ-11: parent and child deleted by two threads at once end once each")
  func race() throws {
    let bench = try objectBench()
    for _ in 0..<40 {
      try bench.run(ObjectScenario.racePrepare)
      try bench.onTwoThreads { index, file in
        try bench.run(ObjectScenario.raceDelete, UInt64(index), on: file)
      }
      let output = try bench.run(ObjectScenario.raceFinish)
      #expect(Array(output[0...3]) == [2, 0, 2, 2])
    }
  }
}
