import Ring3
import Testing

/// References, locks, and what reports say of both.
@Suite struct ObjectReferenceTests {
  private func kept(_ bench: ScenarioBench, _ handle: UInt64) -> FrameworkObjectRecord? {
    bench.kernel.frameworkObjects.flatMap(\.all).first { $0.handle == handle }
  }

  @Test("OBJ-21: the count begins at 1; references nest without bound, up to DISPATCH_LEVEL")
  func counted() throws {
    let bench = try objectBench()
    let handle = try bench.run(ObjectScenario.keep, 5000, 0)[0]
    #expect(kept(bench, handle)?.referenceCount == 5001)
    try bench.run(ObjectScenario.unkeep, 5000, 0)
    #expect(kept(bench, handle)?.referenceCount == 1)
    #expect(kept(bench, handle)?.isDeleted == false)
    try bench.run(ObjectScenario.unkeep, 0, 0, 1)
    #expect(kept(bench, handle) == nil)
  }

  @Test(
    "OBJ-23: a reference too few is bug check 0x10D with 7, also in a cleanup callback",
    arguments: [6, 7] as [UInt64])
  func tooFew(mistake: UInt64) throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, mistake))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 7)
  }

  @Test("OBJ-24: references count the same with and without a tag; verifying, tags are told apart")
  func tags() throws {
    for verifies in [false, true] {
      let bench = try objectBench(verifies: verifies)
      let handle = try bench.run(ObjectScenario.keep, 3, 4)[0]
      let record = try #require(kept(bench, handle))
      #expect(record.referenceCount == 8)
      let tags = record.tags.sorted { $0.count < $1.count }
      guard verifies else {
        #expect(tags.isEmpty)
        continue
      }
      #expect(tags.map(\.count) == [3, 4] && tags.map(\.name) == ["", "xTag"])
      #expect(tags[1].line > 0 && tags[1].file?.hasSuffix("wdf-object.c") == true)
      try bench.run(ObjectScenario.unkeep, 3, 4)
      #expect(kept(bench, handle)?.tags.map(\.count) == [0, 0])
    }
  }

  @Test func `the tree of objects has types, parents, contexts and ages`() throws {
    let bench = try objectBench()
    try bench.run(ObjectScenario.leave)
    let driver = try #require(bench.kernel.frameworkObjects.first)
    #expect(driver.type == "WDFDRIVER" && driver.name == "wdf-object" && driver.parent == nil)
    let device = try #require(driver.children.first { $0.type == "WDFDEVICE" })
    #expect(device.parent == driver.handle)
    #expect(device.children.filter { $0.type == "WDFQUEUE" }.count == 4)
    let object = try #require(driver.children.first { $0.type == "WDFOBJECT" })
    #expect(object.contexts.map(\.typeName) == ["NODE"] && object.contexts[0].byteCount == 32)
    #expect(object.children.count == 1 && object.children[0].age <= object.age)
    #expect(object.age > .zero && object.age < .seconds(600) && driver.age > object.age)
  }

  @Test("OBJ-38: unload deletes every object, the driver last")
  func unload() throws {
    let bench = try objectBench()
    try bench.run(ObjectScenario.leave)
    try bench.file.close()
    try bench.driver.unload()
    let lines = bench.kernel.debugOutput.split(separator: "\n").map(String.init)
    let order = ["unload", "object 2 cleanup", "object 1 cleanup", "driver cleanup"]
    let destroyed = ["object 2 destroy", "object 1 destroy", "driver destroy"]
    #expect(lines.filter { (order + destroyed).contains($0) } == order + destroyed)
    #expect(bench.kernel.frameworkObjects.isEmpty && bench.kernel.leaks.isEmpty)
  }

  @Test("OBJ-38: what references keep at unload is reported by type, place and tag")
  func leak() throws {
    let bench = try objectBench()
    let handle = try bench.run(ObjectScenario.leak)[1]
    try bench.file.close()
    try bench.driver.unload()
    let leak = try #require(bench.kernel.leaks.first { $0.type == "WDFMEMORY" })
    #expect(leak.driver == "wdf-object" && leak.handle == handle && leak.referenceCount == 1)
    #expect(leak.parentPath == "WDFDRIVER/WDFDEVICE" && PoolTag(rawValue: leak.poolTag) == "WObj")
    #expect(leak.contexts.map(\.typeName) == ["NODE"])
    // What is above it is kept by it alone.
    #expect(bench.kernel.leaks.map(\.type) == ["WDFDRIVER", "WDFDEVICE", "WDFMEMORY"])
    #expect(bench.kernel.leaks.map(\.referenceCount) == [0, 0, 1])
    #expect(bench.kernel.debugOutput.contains("left a WDFMEMORY below WDFDRIVER/WDFDEVICE"))
    #expect(bench.kernel.frameworkObjects.isEmpty)
  }

  @Test("OBJ-24: a leak's report names the tag of the reference")
  func taggedLeak() throws {
    let bench = try objectBench(verifies: true)
    try bench.run(ObjectScenario.leak)
    try bench.file.close()
    // Verifying, lost pool ends the machine as well.
    _ = try? bench.driver.unload()
    let leak = try #require(bench.kernel.leaks.first { $0.type == "WDFMEMORY" })
    #expect(leak.tags.map(\.name) == ["xTag"] && leak.tags.map(\.count) == [1])
  }

  @Test func `the lock of a device or queue raises to DISPATCH_LEVEL`() throws {
    #expect(Array(try objectBench().run(ObjectScenario.locks)[0...3]) == [2, 0, 2, 0])
  }

  @Test(
    "the lock of an object without one, and letting go of one that is not held, are bug check 0x10D",
    arguments: [10, 11, 12] as [UInt64])
  func noLock(mistake: UInt64) throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, mistake))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 0xB)
  }
}
