import CDriverKit
import Memory
import Ring3
import Testing

@testable import Framework

/// Making objects: parents, attributes, what refuses.
@Suite struct ObjectCreationTests {
  @Test("OBJ-01: from each object a way leads up to the driver")
  func rooted() throws {
    let bench = try objectBench()
    try bench.run(ObjectScenario.leave)
    let roots = bench.kernel.frameworkObjects
    let all = roots.flatMap(\.all)
    let byHandle = Dictionary(uniqueKeysWithValues: all.map { ($0.handle, $0) })
    #expect(roots.map(\.type) == ["WDFDRIVER"])
    #expect(all.count > 5)
    for object in all {
      var top = object
      while let parent = top.parent { top = try #require(byHandle[parent]) }
      #expect(top.type == "WDFDRIVER")
    }
  }

  @Test("OBJ-02: memory, lookaside list and general object belong to the driver by default")
  func driverIsParent() throws {
    let output = try objectBench().run(ObjectScenario.parents)
    #expect(output[0...5].allSatisfy { $0 == 0 })
    // After the device was deleted they work.
    #expect(output[6] == 1 && output[7] == 0)
  }

  @Test("OBJ-03: a queue belongs to its device, and so does what names the device as parent")
  func deviceIsParent() throws {
    let output = try objectBench().run(ObjectScenario.parents)
    #expect(Set(steps(output[8...])) == [101, 102, 202])
  }

  @Test("OBJ-05: an object that has a parent gets no other, and none is its own")
  func parentOnce() throws {
    let bench = try objectBench()
    let machine = bench.kernel.machine
    let statuses = try machine.inside(machine.systemProcess) {
      let framework = Framework.current
      let driver = framework.state.pointee.drivers.unsafelyUnwrapped
      let root = driver.driverObject
      guard let head = framework.make(ObjectHead(kind: .object, globals: driver), .init()) else {
        return [] as [Int32]
      }
      let object = FrameworkObject(head)
      let own = framework.attach(object, to: object)
      let first = framework.attach(object, to: root)
      let second = framework.attach(object, to: root)
      object.delete()
      return [own, first, second]
    }
    #expect(statuses.map { UInt32(bitPattern: $0) } == [0xC020_020E, 0, 0xC020_020D])
  }

  @Test("OBJ-06: without memory the handle is NULL, nothing is left, no callback is called")
  func noMemory() throws {
    let bench = try objectBench()
    let before = bench.kernel.frameworkObjects.flatMap(\.all).count
    for kind: UInt64 in 0...4 {
      for count in 0..<6 {
        bench.kernel.machine.pool.inject(PoolFaults(after: count, failing: 1))
        let output = try? bench.run(ObjectScenario.attributes, kind, 0)
        bench.kernel.machine.pool.inject(nil)
        // The request itself may have found no memory.
        guard let output else { continue }
        if output[0] == 0 {
          #expect(output[1] != 0 && output[2] == 0)
        } else {
          #expect(output[0] == .insufficientResources && Array(output[1...3]) == [0, 0, 0])
        }
        #expect(bench.kernel.frameworkObjects.flatMap(\.all).count == before)
      }
    }
  }

  @Test(
    "OBJ-07: NULL for a required pointer is bug check 0x10D with 4, a wrong handle with 5",
    arguments: zip([0, 1, 2, 3, 14] as [UInt64], [5, 5, 4, 4, 5] as [UInt64]))
  func wrongHandle(mistake: UInt64, rule: UInt64) throws {
    let bugCheck = try #require(try objectBench().bugCheck(ObjectScenario.mistake, mistake))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == rule)
    if rule == 5 { #expect(bugCheck.parameter2 != 0) }
  }

  @Test("OBJ-07: the handle of another machine's object is none here")
  func otherMachine() throws {
    let first = try objectBench()
    let second = try objectBench()
    let handle = try first.run(ObjectScenario.keep, 0, 0)[0]
    let bugCheck = try #require(second.bugCheck(ObjectScenario.mistake, 15, handle))
    #expect(bugCheck.parameter1 == 5 && bugCheck.parameter2 == handle)
    #expect(first.kernel.bugCheck == nil)
  }

  @Test("OBJ-26: WDF_OBJECT_ATTRIBUTES_INIT and the layout of the structure")
  func attributesLayout() throws {
    let output = try objectBench().run(ObjectScenario.inlines)
    #expect(Array(output[0...4]) == [0x38, 1, 1, 1, 0x38])
    #expect(Array(output[5...12]) == [0, 8, 0x10, 0x18, 0x1C, 0x20, 0x28, 0x30])
  }

  @Test(
    "OBJ-29: a wrong size of the attributes or of the context type",
    arguments: 0...6 as ClosedRange<UInt64>)
  func wrongSize(kind: UInt64) throws {
    let bench = try objectBench()
    for mutation: UInt64 in 1...3 {
      let output = try bench.run(ObjectScenario.attributes, kind, mutation)
      #expect(output[0] == .infoLengthMismatch && output[2] == 0)
    }
  }

  @Test(
    "OBJ-30: sizes without a type, too small, levels out of range, a type without a name",
    arguments: 0...6 as ClosedRange<UInt64>)
  func invalid(kind: UInt64) throws {
    let bench = try objectBench()
    for mutation: UInt64 in 4...10 {
      #expect(
        try bench.run(ObjectScenario.attributes, kind, mutation)[0] == .attributesInvalid,
        "\(mutation)")
    }
  }

  @Test("OBJ-31: which objects may have a level and a scope")
  func levelsAndScopes() throws {
    let bench = try objectBench()
    func status(_ kind: UInt64, _ mutation: UInt64) throws -> UInt64 {
      try bench.run(ObjectScenario.attributes, kind, mutation)[0]
    }
    // Passive and Dispatch level: general objects, queues and devices.
    for mutation: UInt64 in 11...12 {
      for kind: UInt64 in [1, 2, 3, 4] { #expect(try status(kind, mutation) == .levelInvalid) }
      for kind: UInt64 in [0, 5, 6] { #expect(try status(kind, mutation) == 0) }
    }
    // Device and queue scope: queues and devices.
    for mutation: UInt64 in 13...14 {
      for kind: UInt64 in 0...4 { #expect(try status(kind, mutation) == .scopeInvalid) }
      #expect(try status(5, mutation) == 0)
    }
    // No scope is no wish.
    for kind: UInt64 in 0...6 { #expect(try status(kind, 15) == 0) }
    // The driver's own: level Dispatch, scope None.
    let machine = bench.kernel.machine
    let driver = machine.framework.state.pointee.drivers?.pointee.driver
    #expect(driver?.pointee.executionLevel == .dispatch)
    #expect(driver?.pointee.synchronizationScope == SynchronizationScope.none)
  }

  @Test("OBJ-32: the values of levels and scopes")
  func values() throws {
    let output = try objectBench().run(ObjectScenario.inlines)
    #expect(Array(output[13...21]) == [0, 1, 2, 3, 0, 1, 2, 3, 4])
  }

  @Test("OBJ-36: a general object with a context is the parent of two memory objects")
  func general() throws {
    let output = try objectBench().run(ObjectScenario.contexts)
    #expect(output[0] == 0 && output[6] == 0 && output[7] == 0)
    let steps = steps(output[8...])
    #expect(Set(steps.prefix(2)) == [102, 103] && Set(steps[3..<5]) == [202, 203])
  }

  @Test("OBJ-36: attributes are optional, and it may be at DISPATCH_LEVEL")
  func withoutAttributes() throws {
    #expect(try objectBench().run(ObjectScenario.parents)[3] == 0)
  }
}
