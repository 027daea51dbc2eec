import CDriverKit
import Machine
import Testing

@testable import Memory

@Suite struct LookasideTuningTests {
  @Test("LOOK-24: a list is in the set from setting up to deletion")
  func set() throws {
    let test = try PoolMachine()
    try test.run {
      let lists = test.machine.lookaside
      let fixtures = (0..<70).map { _ in ListFixture() }
      for fixture in fixtures { fixture.initialize() }
      #expect(Set(lists.active) == Set(fixtures.map { number($0.head) }))
      for fixture in fixtures {
        exDeleteLookasideListEx(fixture.head)
        #expect(!lists.contains(number(fixture.head)))
      }
      #expect(lists.active.isEmpty)
    }
  }

  @Test("LOOK-25, LOOK-26: bursts that miss make a list deeper, idleness makes it shallow again")
  func depth() throws {
    let test = try PoolMachine()
    try test.run {
      let lists = test.machine.lookaside
      let fixture = ListFixture()
      fixture.initialize()
      var misses: [UInt32] = []
      for _ in 0..<8 {
        let before = fixture.fields.AllocateMisses
        let entries = (0..<64).map { _ in fixture.allocate() }
        for entry in entries { fixture.free(entry) }
        misses.append(fixture.fields.AllocateMisses - before)
        lists.tune()
      }
      #expect(fixture.fields.Depth > 4)
      #expect(misses[0] == 64)
      #expect(misses[7] == 0)
      let cached = fixture.list.cachedCount
      #expect(cached == 64)
      for _ in 0..<100 { lists.tune() }
      #expect(fixture.fields.Depth == 4)
      #expect(fixture.list.cachedCount <= 4)
      #expect(test.pool.usage(of: testTag, isPaged: false).liveCount == fixture.list.cachedCount)
    }
  }

  @Test("LOOK-27: the limit never leaves its bounds")
  func bounds() {
    var depth: UInt16 = 4
    for _ in 0..<1000 {
      depth = LookasideList.depth(after: depth, limit: 256, allocates: 100_000, misses: 100_000)
      #expect(depth <= 256)
    }
    #expect(depth == 256)
    for _ in 0..<1000 {
      depth = LookasideList.depth(after: depth, limit: 256, allocates: 0, misses: 0)
      #expect(depth >= 4)
    }
    #expect(depth == 4)
  }

  @Test("LOOK-29: a tick works on the differences, and more misses never give less depth")
  func monotone() throws {
    for depth: UInt16 in [4, 5, 40, 200, 256] {
      for allocates: UInt32 in [0, 1, 15, 16, 100, 5000] {
        var last: UInt16 = 0
        for misses in stride(from: 0, through: allocates, by: max(1, Int(allocates) / 50)) {
          let next = LookasideList.depth(
            after: depth, limit: 256, allocates: allocates, misses: UInt32(misses))
          #expect(next >= last)
          last = next
        }
      }
    }
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      fixture.list.head.pointee.TotalAllocates = 1000
      fixture.list.head.pointee.AllocateMisses = 900
      test.machine.lookaside.tune()
      #expect(fixture.fields.LastTotalAllocates == 1000)
      #expect(fixture.fields.LastAllocateMisses == 900)
      let depth = fixture.fields.Depth
      #expect(depth > 4)
      test.machine.lookaside.tune()
      #expect(fixture.fields.Depth < depth)
    }
  }

  @Test("LOOK-31: when pool is low, no list gets deeper")
  func scarce() throws {
    let test = try PoolMachine()
    try test.run {
      let fixture = ListFixture()
      fixture.initialize()
      fixture.list.head.pointee.TotalAllocates = 1000
      fixture.list.head.pointee.AllocateMisses = 1000
      test.machine.lookaside.tune()
      let depth = fixture.fields.Depth
      var pages: [UnsafeMutableRawPointer] = []
      while !test.pool.conditions.contains(.lowNonpaged) {
        if let page = test.pool.allocate(4096, kind: .nonpaged, tag: testTag) {
          pages.append(page)
        }
      }
      fixture.list.head.pointee.TotalAllocates = 2000
      fixture.list.head.pointee.AllocateMisses = 2000
      test.machine.lookaside.tune()
      #expect(fixture.fields.Depth <= depth)
      for page in pages { test.pool.free(page) }
    }
  }
}
