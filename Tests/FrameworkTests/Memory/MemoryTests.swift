import Memory
import Ring3
import TestSupport
import Testing

/// The scenarios of `Tests/Drivers/wdf-memory.c`, in its order.
enum MemoryScenario {
  static let create: UInt32 = 0
  static let preallocated: UInt32 = 1
  static let copy: UInt32 = 2
  static let overlap: UInt32 = 3
  static let keep: UInt32 = 4
  static let unkeep: UInt32 = 5
  static let levels: UInt32 = 6
  static let readOnly: UInt32 = 7
  static let descriptors: UInt32 = 8
  static let stride: UInt32 = 9
  static let mistake: UInt32 = 10
}

func memoryBench(verifies: Bool = false) throws -> ScenarioBench {
  try ScenarioBench("wdf-memory", "WdfMemory", verifies: verifies)
}

/// Making memory objects.
@Suite struct MemoryTests {
  private let nonpaged: UInt64 = 512
  private let paged: UInt64 = 1
  private let tag = UInt64(PoolTag("WTst").rawValue)

  @Test("MEM-01, MEM-02, MEM-16: buffer and size are what was asked for, and stay")
  func create() throws {
    let bench = try memoryBench()
    for type: UInt64 in [0, 1, 512] {
      for size: UInt64 in [1, 64, 4095, 4096, 10_000, 100_000] {
        let output = try bench.run(MemoryScenario.create, size, type, tag)
        #expect(output[0] == 0 && output[1] != 0)
        #expect(output[2] == 1 && output[3] == size && output[5] == 1)
      }
    }
  }

  @Test("MEM-03: no bytes are STATUS_INVALID_PARAMETER, no memory STATUS_INSUFFICIENT_RESOURCES")
  func refused() throws {
    let bench = try memoryBench()
    #expect(
      try bench.run(MemoryScenario.create, 0, nonpaged, tag)[0...1] == [.invalidParameter, 0])
    for size: UInt64 in [1 << 40, .max, 1 << 63] {
      #expect(
        try bench.run(MemoryScenario.create, size, nonpaged, tag)[0...1]
          == [.insufficientResources, 0])
    }
    bench.kernel.machine.pool.inject(PoolFaults(tag: UInt32(tag)))
    for type in [nonpaged, paged] {
      #expect(
        try bench.run(MemoryScenario.create, 64, type, tag)[0...1] == [.insufficientResources, 0])
    }
  }

  @Test("MEM-04: the contents are not initialised")
  func notInitialised() throws {
    // Verifying, pool is filled visibly.
    let output = try memoryBench(verifies: true).run(MemoryScenario.create, 64, nonpaged, tag)
    #expect(output[0] == 0 && output[8..<24].allSatisfy { $0 != 0 })
  }

  @Test("MEM-05: below a page aligned to 16, from a page on to pages", arguments: [false, true])
  func aligned(verifies: Bool) throws {
    let bench = try memoryBench(verifies: verifies)
    for type in [nonpaged, paged] {
      for size: UInt64 in [1, 4095] {
        #expect(try bench.run(MemoryScenario.create, size, type, tag)[4] & 15 == 0)
      }
      for size: UInt64 in [4096, 10_000] {
        #expect(try bench.run(MemoryScenario.create, size, type, tag)[4] == 0)
      }
    }
  }

  @Test("MEM-06: paged memory is made below DISPATCH_LEVEL, and known at any")
  func levels() throws {
    let output = try memoryBench().run(MemoryScenario.levels)
    #expect(output[0] == 0)
    #expect(output[2] == .invalidDeviceRequest && output[3] == 0 && output[4] == 1)
    #expect(output[5] == 0)
  }

  @Test(
    "MEM-06: the pool type says from which pool the buffer comes",
    arguments: [0, 1, 512] as [UInt64])
  func pool(type: UInt64) throws {
    let bench = try memoryBench()
    try bench.run(MemoryScenario.keep, 64, type, tag)
    let blocks = bench.kernel.poolBlocks(tag: "WTst")
    let kind: PoolKind = type == 1 ? .paged : type == 0 ? .nonpagedExecutable : .nonpaged
    #expect(blocks.map(\.kind) == [kind])
  }

  @Test("MEM-07: without a tag the memory has the driver's")
  func tags() throws {
    let bench = try memoryBench()
    // The default is the first characters of the service name: wdf-memory without "wdf".
    for type in [nonpaged, paged] {
      let before = bench.kernel.poolUsage(of: "-mem", paged: type == paged)?.allocationCount ?? 0
      try bench.run(MemoryScenario.create, 64, type, 0)
      #expect(
        bench.kernel.poolUsage(of: "-mem", paged: type == paged)?.allocationCount ?? 0 > before)
      try bench.run(MemoryScenario.create, 64, type, tag)
      #expect(bench.kernel.poolUsage(of: "WTst", paged: type == paged)?.allocationCount == 1)
    }
  }

  @Test("MEM-08: attributes are checked as for every object")
  func attributes() throws {
    let bench = try objectBench()
    #expect(try bench.run(ObjectScenario.attributes, 1, 1)[0] == .infoLengthMismatch)
    #expect(try bench.run(ObjectScenario.attributes, 2, 11)[0] == .levelInvalid)
    #expect(try bench.run(ObjectScenario.parents)[6] == 1)
  }

  @Test(
    "MEM-09, MEM-40: the buffer lives as long as a reference is held, then object and buffer go",
    arguments: [0, 1, 512] as [UInt64], [64, 10_000] as [UInt64])
  func lifetime(type: UInt64, size: UInt64) throws {
    let bench = try memoryBench()
    #expect(try bench.run(MemoryScenario.keep, size, type, tag)[0] == 0)
    #expect(bench.kernel.poolBlocks(tag: "WTst").count == 1)
    let output = try bench.run(MemoryScenario.unkeep)
    #expect(output[0] == 0x5A && output[1] == 1)
    #expect(bench.kernel.poolBlocks(tag: "WTst").isEmpty)
  }

  @Test("MEM-10, MEM-11: a preallocated buffer is used as it is and never freed")
  func preallocated() throws {
    let output = try memoryBench().run(MemoryScenario.preallocated)
    #expect(output[0] == .invalidParameter && output[1] == 0)
    #expect(output[2] == 0 && output[3] == 1 && output[11] == 1)
  }

  @Test("MEM-12: WdfMemoryAssignBuffer replaces address and size")
  func assign() throws {
    let output = try memoryBench().run(MemoryScenario.preallocated)
    #expect(output[6] == 0 && output[7] == 1 && output[8] == .invalidParameter)
    #expect(output[9] == 0 && output[10] == 1)
  }

  @Test("MEM-15: preallocated objects may overlap")
  func overlapping() throws {
    let output = try memoryBench().run(MemoryScenario.preallocated)
    #expect(output[4] == 0 && output[5] == 0x22)
  }

  /// Mistake, first parameter, statement.
  static let mistakes: [(UInt64, UInt64, String)] = [
    (0, 4, "MEM-03: no place for the handle"),
    (1, 4, "MEM-10: no buffer"),
    (2, 4, "MEM-10: no place for the handle"),
    (3, 4, "MEM-12: no buffer"),
    (4, 5, "MEM-13: an object with a buffer of its own"),
    (5, 4, "MEM-18: no source"),
    (6, 4, "MEM-22: no destination"),
    (7, 0xE, "MEM-25: a copy into paged memory at DISPATCH_LEVEL"),
    (8, 0xE, "MEM-25: a copy from paged memory at DISPATCH_LEVEL"),
    (9, 3, "MEM-41: a request's memory that is held past completion"),
    (10, 5, "MEM-39: memory of a deleted object"),
  ]

  @Test(
    "MEM-03, 10, 12, 13, 18, 22, 25, 39, 41: mistakes that end the machine", arguments: mistakes)
  func mistake(mistake: UInt64, rule: UInt64, statement: String) throws {
    let bugCheck = try #require(try memoryBench().bugCheck(MemoryScenario.mistake, mistake))
    #expect(bugCheck.code == BugCheckCode(0x10D) && bugCheck.parameter1 == rule, "\(statement)")
  }
}
