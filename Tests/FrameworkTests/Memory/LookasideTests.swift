import Foundation
import Memory
import Ring3
import TestSupport
import Testing

/// The scenarios of `Tests/Drivers/wdf-lookaside.c`, in its order.
enum LookasideScenario {
  static let make: UInt32 = 0
  static let take: UInt32 = 1
  static let give: UInt32 = 2
  static let pairs: UInt32 = 3
  static let dropList: UInt32 = 4
  static let dropParent: UInt32 = 5
  static let levels: UInt32 = 6
  static let devices: UInt32 = 7
  static let mistake: UInt32 = 8
  static let raceList: UInt32 = 9
  static let raceMemory: UInt32 = 10
}

/// Lookaside lists of the framework.
@Suite struct LookasideTests {
  private let tag = UInt64(PoolTag("WTst").rawValue)

  private func bench(verifies: Bool = false) throws -> ScenarioBench {
    try ScenarioBench("wdf-lookaside", "WdfLookaside", verifies: verifies)
  }

  /// A bench whose list is made.
  private func bench(
    _ size: UInt64, _ type: UInt64 = 512, contexts: UInt64 = 0, parents: UInt64 = 0
  ) throws -> ScenarioBench {
    let bench = try bench()
    let output = try bench.run(LookasideScenario.make, size, type, tag, contexts, parents)
    #expect(output[0] == 0 && output[1] != 0)
    return bench
  }

  /// Allocations from pool under the list's tag so far.
  private func allocations(_ bench: ScenarioBench) -> UInt64 {
    UInt64(
      [false, true].map { bench.kernel.poolUsage(of: "WTst", paged: $0)?.allocationCount ?? 0 }
        .reduce(0, +))
  }

  private func live(_ bench: ScenarioBench) -> Int { bench.kernel.poolBlocks(tag: "WTst").count }

  @Test("LOOK-33: a list goes with the parent that was named")
  func parent() throws {
    let bench = try bench(64, parents: 1)
    #expect(try events(bench.run(LookasideScenario.dropParent)[...]) == [1, 2])
    let other = try self.bench(64)
    try other.file.close()
    try other.driver.unload()
    #expect(other.kernel.leaks.isEmpty && live(other) == 0)
  }

  @Test("LOOK-34: no bytes, no memory")
  func refused() throws {
    let bench = try bench()
    #expect(
      try bench.run(LookasideScenario.make, 0, 512, tag)[0...1] == [.invalidParameter, 0])
    #expect(
      try bench.run(LookasideScenario.make, 1 << 40, 512, tag)[0...1]
        == [.insufficientResources, 0])
    var statuses: Set<UInt64> = []
    for count in 0..<4 {
      bench.kernel.machine.pool.inject(PoolFaults(after: count, failing: 1))
      let output = try? bench.run(LookasideScenario.make, 64, 512, tag)
      bench.kernel.machine.pool.inject(nil)
      if let output {
        statuses.insert(output[0])
        #expect((output[0] == 0) == (output[1] != 0))
      }
    }
    #expect(statuses.contains(.insufficientResources))
  }

  @Test("LOOK-34: both attributes are checked", arguments: [3, 4] as [UInt64])
  func attributes(kind: UInt64) throws {
    let bench = try objectBench()
    let answers: [(UInt64, UInt64)] = [
      (1, .infoLengthMismatch), (3, .infoLengthMismatch), (4, .attributesInvalid),
      (10, .attributesInvalid), (11, .levelInvalid), (13, .scopeInvalid),
    ]
    for (mutation, status) in answers {
      #expect(try bench.run(ObjectScenario.attributes, kind, mutation)[0] == status)
    }
  }

  @Test(
    "LOOK-34, LOOK-37: mistakes that end the machine",
    arguments: zip([0, 1, 2] as [UInt64], [4, 5, 4] as [UInt64]))
  func mistake(mistake: UInt64, rule: UInt64) throws {
    let bugCheck = try #require(try bench(64).bugCheck(LookasideScenario.mistake, mistake))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == rule)
  }

  @Test(
    "LOOK-35: without a tag the service's name gives one",
    arguments: zip(["Echo1", "WdfSampl", "wdfab", "ab"], ["Echo", "Samp", "FxDr", "FxDr"]))
  func defaultTag(service: String, tag: String) throws {
    let path = try TestDrivers.build("Tests/Drivers/wdf-lookaside.c")
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let kernel = try Kernel()
    try kernel.load(bytes: bytes, name: service + ".sys")
    let file = try kernel.makeProcess().open(#"\\.\WdfLookaside"#)
    let input: [UInt64] = [64, 512, 0, 0, 0]
    _ = try file.deviceControl(
      ScenarioBench.code(LookasideScenario.make), input: input.withUnsafeBytes { Array($0) },
      outputCount: 16)
    #expect(kernel.lookasideLists.map(\.name).contains(tag))
  }

  @Test("LOOK-36: a paged list above its level is refused", arguments: [false, true])
  func levels(verifies: Bool) throws {
    let output = try bench(verifies: verifies).run(LookasideScenario.levels)
    #expect(output[0] == 0)
    #expect(output[1] == .invalidDeviceRequest && output[2] == .invalidDeviceRequest)
    #expect(output[3] == 0 && output[4] == 0 && output[5] == 0)
    // At APC_LEVEL only the verifier refuses.
    #expect(output[6] == (verifies ? .invalidDeviceRequest : 0) && output[7] == 0)
  }

  @Test(
    "LOOK-37, MEM-14: each object has a handle and a buffer of its own, of the list's size",
    arguments: [16, 64, 4096, 9000] as [UInt64], [1, 512] as [UInt64])
  func distinct(size: UInt64, type: UInt64) throws {
    let bench = try bench(size, type)
    let output = try bench.run(LookasideScenario.take, 8)
    #expect(output[0] == 0 && output[1] == size && output[2] == 8)
    #expect(Set(output[8..<16]).count == 8 && Set(output[16..<24]).count == 8)
  }

  @Test("LOOK-37: without memory the handle is NULL", arguments: [64, 4096] as [UInt64])
  func noMemory(size: UInt64) throws {
    let bench = try bench(size)
    bench.kernel.machine.pool.inject(PoolFaults(tag: UInt32(tag)))
    let output = try bench.run(LookasideScenario.take, 1)
    #expect(output[0] == .insufficientResources && output[6] == 0)
  }

  @Test("LOOK-37: a stale handle of a recycled object is no handle")
  func stale() throws {
    let bench = try bench(64)
    let first = try bench.run(LookasideScenario.take, 1)[8]
    try bench.run(LookasideScenario.give, 1)
    // Kept in the list, and in use again.
    let second = try bench.run(LookasideScenario.take, 1)[8]
    #expect(first != second)
    let bugCheck = try #require(bench.bugCheck(LookasideScenario.mistake, 3, first))
    #expect(bugCheck.parameter1 == 5 && bugCheck.parameter2 == first)
  }

  @Test("LOOK-38: contexts and callbacks are those of the list's memory attributes")
  func memoryAttributes() throws {
    for size: UInt64 in [64, 4096] {
      let bench = try bench(size, contexts: 1, parents: 2)
      #expect(try bench.run(LookasideScenario.take, 3)[3] == 3)
      #expect(try events(bench.run(LookasideScenario.give, 1)[...]) == [101, 201])
      // The others belong to the parent.
      #expect(
        try Set(events(bench.run(LookasideScenario.dropParent)[...])) == [102, 103, 202, 203])
    }
  }

  @Test("LOOK-38: a parent that is gone is a stale handle")
  func goneParent() throws {
    let bench = try bench(64, contexts: 1, parents: 2)
    try bench.run(LookasideScenario.dropParent)
    let bugCheck = try #require(bench.bugCheck(LookasideScenario.mistake, 4))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == 5)
  }

  @Test(
    "LOOK-39: a deleted object's buffer is the next one's, without a call of pool",
    arguments: [64, 4096] as [UInt64], [1, 512] as [UInt64])
  func reused(size: UInt64, type: UInt64) throws {
    let bench = try bench(size, type)
    let first = try bench.run(LookasideScenario.take, 1)[16]
    try bench.run(LookasideScenario.give, 1)
    let count = allocations(bench)
    #expect(try bench.run(LookasideScenario.take, 1)[16] == first)
    #expect(allocations(bench) == count)
  }

  @Test("LOOK-40: the first object allocates, a thousand pairs after it do not")
  func pairs() throws {
    let bench = try bench(64)
    #expect(allocations(bench) == 0)
    try bench.run(LookasideScenario.pairs, 1)
    #expect(allocations(bench) == 1)
    #expect(try bench.run(LookasideScenario.pairs, 1000)[0] == 1000)
    #expect(allocations(bench) == 1)
    let usage = try #require(bench.kernel.lookasideLists.first { $0.tag == UInt32(tag) })
    #expect(usage.allocationCount == 1001 && usage.missCount == 1 && usage.cachedCount == 1)
  }

  @Test("LOOK-40: tuning gives back what is kept above a lowered limit")
  func tuned() throws {
    let bench = try bench(64)
    let machine = bench.kernel.machine
    func second() throws {
      try machine.inside(machine.systemProcess) {
        machine.state.pointee.hooks.everySecond?()
      }
    }
    for _ in 0..<10 {
      try bench.run(LookasideScenario.take, 60)
      try bench.run(LookasideScenario.give, 60)
      try second()
    }
    let busy = live(bench)
    #expect(busy > 8)
    for _ in 0..<100 { try second() }
    #expect(live(bench) == 4)
    #expect(try bench.run(LookasideScenario.take, 10)[0] == 0)
    try bench.run(LookasideScenario.give, 10)
    try bench.run(LookasideScenario.dropList)
    #expect(live(bench) == 0)
  }

  @Test(
    "LOOK-41: a list that is deleted first goes after its last object",
    arguments: [64, 4096] as [UInt64])
  func listFirst(size: UInt64) throws {
    let bench = try bench(size, contexts: 1)
    try bench.run(LookasideScenario.take, 2)
    #expect(try events(bench.run(LookasideScenario.dropList)[...]) == [1])
    #expect(try events(bench.run(LookasideScenario.give, 2)[...]) == [101, 201, 102, 202, 2])
    #expect(live(bench) == 0)
    #expect(bench.kernel.lookasideLists.allSatisfy { $0.tag != UInt32(tag) })
  }

  @Test("LOOK-41: lists and objects that two threads delete at once leave nothing")
  func race() throws {
    let bench = try bench()
    let before = bench.kernel.frameworkObjects.flatMap(\.all).count
    try bench.onTwoThreads { index, file in
      if index == 0 {
        try bench.run(LookasideScenario.raceList, 100, on: file)
      } else {
        try bench.run(LookasideScenario.raceMemory, on: file)
      }
    }
    #expect(bench.kernel.frameworkObjects.flatMap(\.all).count == before)
    #expect(bench.kernel.poolBlocks(tag: "WooR").isEmpty)
    #expect(bench.kernel.bugCheck == nil)
  }

  @Test(
    "LOOK-42: a small nonpaged buffer is zero each time, a large one is page-aligned and is not")
  func zeroed() throws {
    for (size, type, isZeroed): (UInt64, UInt64, Bool) in [
      (64, 512, true), (4095, 512, true), (4096, 512, false), (64, 1, false),
    ] {
      let bench = try bench(size, type)
      try bench.run(LookasideScenario.take, 1)
      try bench.run(LookasideScenario.give, 1)
      let output = try bench.run(LookasideScenario.take, 1)
      #expect((output[4] == 0) == isZeroed && output[5] == 0)
    }
  }

  @Test("LOOK-43: parents in two devices are refused for a paged list only")
  func devices() throws {
    let output = try bench().run(LookasideScenario.devices)
    #expect(Array(output[0...3]) == [.invalidParameter, 0, 0, 0])
  }

  @Test("LOOK-44: a thousand buffers of one list have one size")
  func sizes() throws {
    let output = try bench(72).run(LookasideScenario.take, 1000)
    #expect(output[0] == 0 && output[1] == 72 && output[2] == 1000)
  }
}
