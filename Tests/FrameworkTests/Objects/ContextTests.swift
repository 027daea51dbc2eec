import Memory
import Ring3
import Testing

/// Contexts of objects, and the marks that are made of them.
@Suite struct ContextTests {
  @Test(
    "OBJ-27: a context is zeroed, of the size that was asked for, and there in the destroy callback"
  )
  func zeroed() throws {
    let output = try objectBench().run(ObjectScenario.contexts)
    #expect(output[0] == 0 && output[1] == 0 && output[5] == 1)
    // The destroy callbacks logged what their contexts hold.
    #expect(Set(steps(output[8...])).isSuperset(of: [202, 203, 200]))
  }

  @Test("OBJ-28: an accessor gives the same address each time, NULL for another type")
  func accessor() throws {
    let output = try objectBench().run(ObjectScenario.contexts)
    #expect(Array(output[2...4]) == [1, 1, 1])
  }

  @Test("OBJ-33: the answers of WdfObjectAllocateContext")
  func allocate() throws {
    let output = try objectBench().run(ObjectScenario.moreContexts, 1)
    // A parent; success at DISPATCH_LEVEL; the same type again; no type.
    #expect(output[0] == 0xC020_020F && output[1] == 0 && output[2] == 1)
    #expect(output[3] == 0x4000_0000 && output[4] == 1 && output[5] == 0xC000_0033)
  }

  @Test("OBJ-33: without memory")
  func allocateWithoutMemory() throws {
    let bench = try objectBench()
    var statuses: Set<UInt64> = []
    for count in 0..<8 {
      bench.kernel.machine.pool.inject(PoolFaults(after: count, failing: 1))
      let output = try? bench.run(ObjectScenario.contextWithoutMemory)
      bench.kernel.machine.pool.inject(nil)
      guard let output else { continue }
      statuses.insert(output[0])
      #expect((output[0] == 0) == (output[1] != 0))
    }
    #expect(statuses == [0, .insufficientResources])
  }

  @Test("OBJ-34: the callbacks of three contexts are called, each once")
  func threeContexts() throws {
    let output = try objectBench().run(ObjectScenario.moreContexts, 1)
    #expect(output[6] == 0 && output[7] == 1)
    let steps = steps(output[8...])
    #expect(steps.count == 6)
    #expect(Set(steps.prefix(3)) == [101, 112, 123] && Set(steps.suffix(3)) == [201, 212, 223])
  }

  @Test("OBJ-35: the memory object of a request takes no context")
  func requestMemory() throws {
    let output = try objectBench().run(ObjectScenario.moreContexts, 1)
    #expect(output[30] == 0 && output[31] == 0xC000_0039)
  }

  @Test func `a custom type marks an object and carries a number`() throws {
    let output = try objectBench().run(ObjectScenario.custom)
    #expect(Array(output[0...3]) == [0, 0, 1, 77] && output[4] == 0x4000_0000)
  }

  @Test func `no query is defined`() throws {
    #expect(try objectBench().run(ObjectScenario.custom)[5] == 0xC000_0002)
  }

  @Test func `WdfVerifierDbgBreakPoint breaks under verification only`() throws {
    for verifies in [false, true] {
      let bench = try objectBench(verifies: verifies)
      try bench.run(ObjectScenario.custom)
      #expect(bench.kernel.debugOutput.contains("Break instruction") == verifies)
    }
  }

  @Test func `WdfVerifierKeBugCheck ends the machine with the driver's numbers`() throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, 13))
    #expect(bugCheck.code == BugCheckCode(0xDEAD) && bugCheck.parameters == [1, 2, 3, 4])
  }
}
