import CDriverKit
import CRing3
import Glibc
import Machine
import Testing

@testable import Memory

@Suite struct LookasideEntryTests {
  @Test("LOOK-10, LOOK-11: kept entries are given again, the last one first, without Allocate")
  func order() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording() == 0)
      let first = fixture.allocate()
      let second = fixture.allocate()
      fixture.free(first)
      fixture.free(second)
      #expect(fixture.allocate() == second)
      #expect(fixture.allocate() == first)
      #expect(fixture.record.pointee.allocations == 2)
    }
  }

  @Test("LOOK-12: an empty list asks Allocate with its values and gives what that gives")
  func miss() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording(type: 1, size: 48) == 0)
      let entry = fixture.allocate()
      let record = fixture.record.pointee
      #expect(record.allocations == 1)
      #expect((record.type, record.size, record.tag) == (1, 48, testTag))
      fixture.free(entry)
      #expect(fixture.allocate() == entry)
      fixture.record.pointee.fails = true
      #expect(fixture.allocate() == nil)
    }
  }

  @Test("LOOK-13: a full list hands the entry to Free")
  func full() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording() == 0)
      let entries = (0..<5).map { _ in fixture.allocate() }
      for entry in entries { fixture.free(entry) }
      #expect(fixture.record.pointee.frees == 1)
      #expect(fixture.list.cachedCount == 4)
    }
  }

  @Test("LOOK-14: only the link word of a kept entry is the list's")
  func contents() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      let entry = try #require(fixture.allocate())
      memset(entry, 0x5A, 64)
      fixture.free(entry)
      let again = try #require(fixture.allocate())
      #expect(again == entry)
      #expect(UnsafeRawBufferPointer(start: again + 8, count: 56).allSatisfy { $0 == 0x5A })
    }
  }

  @Test("LOOK-15: writing beyond an entry is found when it is finally freed")
  func overrun() throws {
    let test = try PoolMachine()
    test.expectBugCheck(0x19, 0x21) {
      let fixture = ListFixture()
      fixture.initialize(size: 40)
      let entry = fixture.allocate()
      entry?.storeBytes(of: 0, toByteOffset: 40, as: UInt8.self)
      fixture.free(entry)
      exDeleteLookasideListEx(fixture.head)
    }
  }

  @Test("LOOK-16: a paged list at DISPATCH_LEVEL is an error, a nonpaged one is not")
  func levels() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      CurrentThread.irql = 2
      fixture.free(fixture.allocate())
      CurrentThread.irql = 0
      exInitializePagedLookasideList(fixture.head, 0, 0, 0, 64, testTag, 0)
      CurrentThread.irql = 1
      fixture.free(fixture.allocate())
      CurrentThread.irql = 0
    }
    let verified = try PoolMachine { $0.verifies = true }
    verified.expectBugCheck(0xC4, 0x20006) {
      let fixture = ListFixture()
      exInitializePagedLookasideList(fixture.head, 0, 0, 0, 64, testTag, 0)
      CurrentThread.irql = 2
      _ = fixture.allocate()
    }
  }

  @Test("LOOK-17: deleting frees what is kept, and only that; the head can be used again")
  func delete() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording() == 0)
      let entries = (0..<4).map { _ in fixture.allocate() }
      for entry in entries.prefix(3) { fixture.free(entry) }
      exDeleteLookasideListEx(fixture.head)
      #expect(fixture.record.pointee.frees == 3)
      #expect(test.machine.lookaside.active.isEmpty)
      #expect(test.pool.liveBlocks(tag: testTag).map(\.address) == [number(entries[3])])
      fixture.initialize()
      fixture.free(fixture.allocate())
      #expect(fixture.list.cachedCount == 1)
    }
  }

  @Test("LOOK-18: lists that a driver leaves behind are named when its memory goes")
  func left() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      let head = number(fixture.head)
      #expect(test.machine.lookaside.forget(0..<head) == [])
      #expect(test.machine.lookaside.forget(head..<(head + 4096)) == [head])
      #expect(test.machine.lookaside.active.isEmpty)
    }
  }

  @Test("LOOK-19: threads share a list and no entry is given twice")
  func soak() throws {
    let test = try PoolMachine()
    let machine = test.machine
    let fixture = try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      return fixture
    }
    let failures = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    failures.initialize(to: 0)
    defer { failures.deallocate() }
    onThreads(3) { thread in
      try? machine.inside(machine.systemProcess) {
        let mark = UInt64(thread + 1)
        for round in 0..<3000 {
          let entries = (0..<(1 + round % 3)).compactMap { _ in fixture.allocate() }
          for entry in entries { entry.storeBytes(of: mark, toByteOffset: 8, as: UInt64.self) }
          for entry in entries where entry.load(fromByteOffset: 8, as: UInt64.self) != mark {
            _ = r3_add32(failures, 1)
          }
          for entry in entries { fixture.free(entry) }
        }
      }
    }
    #expect(failures.pointee == 0)
    try test.run { exDeleteLookasideListEx(fixture.head) }
    #expect(test.pool.liveBlocks(tag: testTag).isEmpty)
  }

  @Test("LOOK-20: custom routines run at the caller's level")
  func callerLevel() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording() == 0)
      for irql: UInt8 in [2, 1, 0] {
        CurrentThread.irql = irql
        let entries = (0..<6).map { _ in fixture.allocate() }
        #expect(fixture.record.pointee.irql == irql)
        fixture.record.pointee.irql = 99
        for entry in entries { fixture.free(entry) }
        #expect(fixture.record.pointee.irql == irql)
      }
    }
  }

  @Test("LOOK-23: a flush frees what is kept and leaves the list in use")
  func flush() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      #expect(fixture.initializeRecording() == 0)
      let entries = (0..<3).map { _ in fixture.allocate() }
      for entry in entries { fixture.free(entry) }
      exFlushLookasideListEx(fixture.head)
      #expect(fixture.record.pointee.frees == 3)
      #expect(fixture.list.cachedCount == 0)
      #expect(test.machine.lookaside.active == [number(fixture.head)])
      let misses = fixture.fields.AllocateMisses
      _ = fixture.allocate()
      #expect(fixture.fields.AllocateMisses == misses + 1)
    }
  }

  @Test("LOOK-28: the counters say what happened")
  func counters() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      let entries = (0..<6).map { _ in fixture.allocate() }
      for entry in entries { fixture.free(entry) }
      for _ in 0..<3 { _ = fixture.allocate() }
      let fields = fixture.fields
      #expect(fields.TotalAllocates == 9)
      #expect(fields.AllocateMisses == 6)
      #expect(fields.TotalFrees == 6)
      #expect(fields.FreeMisses == 2)
    }
  }

  @Test("LOOK-30: a pair on a warm list does not reach pool")
  func warm() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      for _ in 0..<1000 { fixture.free(fixture.allocate()) }
      #expect(test.pool.usage(of: testTag, isPaged: false).allocationCount == 1)
      #expect(test.pool.usage(of: testTag, isPaged: false).freeCount == 0)
    }
  }

  @Test("LOOK-32: the head has the layout of Windows")
  func layout() {
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.size == 0x60)
    #expect(MemoryLayout<NPAGED_LOOKASIDE_LIST>.size == 0x80)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.Depth) == 0x10)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.MaximumDepth) == 0x12)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.TotalAllocates) == 0x14)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.TotalFrees) == 0x1C)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.Type) == 0x24)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.Tag) == 0x28)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.Size) == 0x2C)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.ListEntry) == 0x40)
    #expect(MemoryLayout<GENERAL_LOOKASIDE_POOL>.offset(of: \.LastTotalAllocates) == 0x50)
  }
}
