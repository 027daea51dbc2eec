import CDriverKit
import CRing3
import Machine
import Testing

@testable import Memory

@Suite struct LookasideInitTests {
  @Test("LOOK-01, LOOK-03, LOOK-27: setting up allocates nothing and fills the head")
  func fields() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      let before = test.pool.tagStatistics()
      fixture.initialize(flags: 512, size: 72)
      #expect(test.pool.tagStatistics() == before)
      let fields = fixture.fields
      #expect(fixture.list.cachedCount == 0)
      #expect(fields.Depth == 4)
      #expect(fields.MaximumDepth == 256)
      #expect(fields.Type.rawValue == 512)
      #expect(fields.Tag == testTag)
      #expect(fields.Size == 72)
      #expect(fields.TotalAllocates == 0)
      #expect(fields.AllocateMisses == 0)
      #expect(fields.TotalFrees == 0)
      #expect(fields.FreeMisses == 0)
      exInitializePagedLookasideList(fixture.head, 0, 0, 0, 40, testTag, 0)
      #expect(fixture.fields.Type.rawValue == 1)
    }
  }

  @Test("LOOK-02: a head that is not aligned to 16 is refused")
  func misaligned() throws {
    let test = try PoolMachine()
    test.expectRaise(0x8000_0002) {
      exInitializeNPagedLookasideList(ListFixture().head + 8, 0, 0, 0, 64, testTag, 0)
    }
  }

  @Test("LOOK-04: without routines the list uses pool, under its tag")
  func defaults() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      let entry = fixture.allocate()
      #expect(test.pool.usage(of: testTag, isPaged: false).liveCount == 1)
      #expect(test.pool.liveBlocks(tag: testTag).map(\.byteCount) == [64])
      fixture.free(entry)
      exDeleteLookasideListEx(fixture.head)
      #expect(test.pool.usage(of: testTag, isPaged: false).liveCount == 0)
    }
  }

  @Test("LOOK-04: the default routines can be called as a driver's macros call them")
  func defaultRoutines() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      let fields = fixture.fields
      let routine = try #require(UnsafeRawPointer(fields.AllocateEx))
      let address = r3_call4(
        routine, UInt64(fields.Type.rawValue), UInt64(fields.Size), UInt64(fields.Tag),
        UInt64(number(fixture.head)))
      #expect(test.pool.liveBlocks(tag: testTag).map(\.address) == [UInt(address)])
      let free = try #require(UnsafeRawPointer(fields.FreeEx))
      _ = r3_call2(free, address, UInt64(number(fixture.head)))
      #expect(test.pool.liveBlocks(tag: testTag).isEmpty)
    }
  }

  @Test("LOOK-05: flags choose no-execute entries; paged lists ignore that")
  func flags() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      for (flags, isExecutable): (UInt32, Bool) in [(0, true), (512, false)] {
        fixture.initialize(flags: flags)
        let entry = fixture.allocate()
        #expect(test.pool.isExecutable(number(entry)) == isExecutable)
        fixture.free(entry)
        exDeleteLookasideListEx(fixture.head)
      }
      exInitializePagedLookasideList(fixture.head, 0, 0, 512, 64, testTag, 0)
      let entry = fixture.allocate()
      #expect(test.pool.isPaged(number(entry)))
      fixture.free(entry)
      exDeleteLookasideListEx(fixture.head)
    }
  }

  @Test("LOOK-05: with the raise flag an exhausted pool raises")
  func raises() throws {
    let test = try PoolMachine()
    let pool = test.pool
    test.expectRaise(insufficientResources) {
      let fixture = ListFixture()
      fixture.initialize(flags: 512 | 16)
      pool.inject(PoolFaults(tag: testTag))
      _ = fixture.allocate()
    }
  }

  @Test("LOOK-06: an entry has at least 8 bytes")
  func smallest() throws {
    let test = try PoolMachine { $0.verifies = true }
    try test.run {
      let fixture = ListFixture()
      fixture.initialize(size: 8)
      fixture.free(fixture.allocate())
      exDeleteLookasideListEx(fixture.head)
    }
    let record = test.expectBugCheck(0xC4, 0xCD) { ListFixture().initialize(size: 7) }
    #expect(record?.parameters.2 == 7)
    #expect(record?.parameters.3 == 8)
  }

  @Test("LOOK-07: the depth that is passed changes nothing")
  func depth() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize(depth: 77)
      #expect(fixture.fields.Depth == 4)
    }
  }

  @Test(
    "LOOK-08: the levels at which lists are set up and deleted",
    arguments: [false, true], [UInt8(0), 1, 2, 3])
  func levels(isPaged: Bool, irql: UInt8) throws {
    let test = try PoolMachine()
    let initialize = { (fixture: ListFixture) in
      if isPaged {
        exInitializePagedLookasideList(fixture.head, 0, 0, 0, 64, testTag, 0)
      } else {
        fixture.initialize()
      }
    }
    let isAllowed = irql <= (isPaged ? 1 : 2)
    if isAllowed {
      try test.run {
        let fixture = ListFixture()
        CurrentThread.irql = irql
        initialize(fixture)
        exDeleteLookasideListEx(fixture.head)
        CurrentThread.irql = 0
      }
    } else {
      #expect(throws: MachineHalted.self) {
        try test.machine.inside(test.machine.systemProcess) {
          let fixture = ListFixture()
          CurrentThread.irql = irql
          initialize(fixture)
        }
      }
      let record = test.machine.recordedBugCheck
      #expect(record?.code == 0x0A)
      #expect(record?.parameters.1 == UInt64(irql))
    }
  }

  @Test("LOOK-08: deleting a list at too high a level", arguments: [false, true])
  func deleteLevel(isPaged: Bool) throws {
    let test = try PoolMachine { $0.verifies = true }
    test.expectBugCheck(0xC4, isPaged ? 0x20006 : 0x20003) {
      let fixture = ListFixture()
      if isPaged {
        exInitializePagedLookasideList(fixture.head, 0, 0, 0, 64, testTag, 0)
      } else {
        fixture.initialize()
      }
      CurrentThread.irql = isPaged ? 2 : 3
      exDeleteLookasideListEx(fixture.head)
    }
  }

  @Test("LOOK-09: setting up twice and deleting what was not set up are reported")
  func misuse() throws {
    let test = try PoolMachine { $0.verifies = true }
    test.expectBugCheck(0xC4, 0xCA) {
      let fixture = ListFixture()
      fixture.initialize()
      fixture.initialize()
    }
    let other = try PoolMachine()
    other.expectBugCheck(0xC4, 0xCB) { exDeleteLookasideListEx(ListFixture().head) }
    let third = try PoolMachine { $0.verifies = true }
    third.expectBugCheck(0xC4, 0xCC) {
      let fixture = ListFixture()
      fixture.initialize()
      fixture.discard()
    }
  }

  // MARK: The Ex form

  @Test("LOOK-21: a bad pool type and bad flags have statuses of their own")
  func statuses() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording(type: 2) == Int32(bitPattern: 0xC000_00F2))
      #expect(fixture.initializeRecording(type: 16) == Int32(bitPattern: 0xC000_00F2))
      #expect(fixture.initializeRecording(flags: 4) == Int32(bitPattern: 0xC000_00F3))
      #expect(test.machine.lookaside.active.isEmpty)
      #expect(fixture.initializeRecording() == 0)
      #expect(test.machine.lookaside.active == [number(fixture.head)])
    }
  }

  @Test("LOOK-22: flags reach the Allocate routine in its pool type")
  func exFlags() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      for (flags, type): (UInt32, UInt32) in [(0, 512), (1, 528), (2, 520)] {
        #expect(fixture.initializeRecording(flags: flags) == 0)
        fixture.free(fixture.allocate())
        #expect(fixture.record.pointee.type == type)
        exDeleteLookasideListEx(fixture.head)
      }
      let invalid = Int32(bitPattern: 0xC000_00F3)
      #expect(fixture.initializeRecording(flags: 3) == invalid)
      #expect(
        exInitializeLookasideListEx(fixture.head, 0, 0, 512, 2, 64, testTag, 0) == invalid)
    }
  }
}
