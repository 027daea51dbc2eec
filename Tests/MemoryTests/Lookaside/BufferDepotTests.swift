import CRing3
import Machine
import Testing

@testable import Memory

/// Buffers that threads keep and exchange, without a list head.
@Suite struct BufferDepotTests {
  private func live(_ test: PoolMachine) -> Int {
    test.pool.usage(of: testTag, isPaged: false).liveCount
  }

  private func depot(_ test: PoolMachine, _ byteCount: Int = 256) -> BufferDepot {
    test.machine.makeDepot(byteCount: byteCount, kind: .nonpaged, tag: testTag)
  }

  @Test("What a thread gave last it takes next, and pool counts what is kept as allocated")
  func order() throws {
    let test = try PoolMachine()
    let depot = depot(test)
    try test.run {
      let first = depot.take()
      let second = depot.take()
      #expect(first != nil && second != nil && first != second)
      #expect(number(first) & 15 == 0)
      if let first { depot.give(first) }
      if let second { depot.give(second) }
      #expect(depot.keptCount == 2)
      #expect(depot.take() == second && depot.take() == first)
      #expect(depot.takeCount == 4 && depot.missCount == 2)
      if let first { depot.give(first) }
      if let second { depot.give(second) }
    }
    #expect(live(test) == 2)
    try test.run { depot.close() }
    #expect(live(test) == 0)
  }

  @Test("A buffer taken on one thread and given on another comes back, and none is lost")
  func threads() throws {
    let test = try PoolMachine()
    let machine = test.machine
    let depot = depot(test)
    let ring = UnsafeMutablePointer<UInt64>.allocate(capacity: 4096)
    ring.initialize(repeating: 0, count: 4096)
    defer { ring.deallocate() }
    nonisolated(unsafe) let shared = ring
    let count = 20_000
    onThreads(2) { number in
      try? machine.inside(machine.systemProcess) {
        for turn in 0..<count {
          let place = shared + turn % 256
          if number == 0 {
            guard let buffer = depot.take() else { continue }
            while r3_load64(place) != 0 { r3_pause() }
            r3_store64(place, UInt64(UInt(bitPattern: buffer)))
          } else {
            while r3_load64(place) == 0 { r3_pause() }
            let buffer = UnsafeMutableRawPointer(bitPattern: UInt(r3_load64(place)))
            r3_store64(place, 0)
            if let buffer { depot.give(buffer) }
          }
        }
      }
    }
    #expect(depot.takeCount == UInt64(count))
    // Most came from the other thread, not from pool.
    #expect(depot.missCount <= 256 + 2 * 56)
    try test.run { depot.close() }
    #expect(live(test) == 0)
  }

  @Test("While a depot is emptied again and again, no buffer is in two hands")
  func emptying() throws {
    let test = try PoolMachine()
    let machine = test.machine
    let depot = depot(test, 64)
    onThreads(3) { number in
      try? machine.inside(machine.systemProcess) {
        if number == 0 {
          for _ in 0..<300 { depot.empty() }
          return
        }
        for turn in 0..<20_000 {
          let buffers = [depot.take(), depot.take(), depot.take()].compactMap { $0 }
          for buffer in buffers {
            buffer.storeBytes(of: UInt64(number), toByteOffset: 16, as: UInt64.self)
            buffer.storeBytes(of: UInt64(turn), toByteOffset: 24, as: UInt64.self)
          }
          for buffer in buffers {
            #expect(buffer.load(fromByteOffset: 16, as: UInt64.self) == UInt64(number))
            #expect(buffer.load(fromByteOffset: 24, as: UInt64.self) == UInt64(turn))
            depot.give(buffer)
          }
        }
      }
    }
    #expect(depot.takeCount == 2 * 3 * 20_000)
    #expect(live(test) == depot.keptCount)
    try test.run { depot.close() }
    #expect(live(test) == 0)
  }

  @Test("What nobody asked for between two looks goes back to pool")
  func idle() throws {
    let test = try PoolMachine()
    let depot = depot(test)
    try test.run {
      let buffers = (0..<40).compactMap { _ in depot.take() }
      for buffer in buffers { depot.give(buffer) }
      test.machine.trimDepots()
      #expect(depot.keptCount == 40)
      test.machine.trimDepots()
      #expect(depot.keptCount == 0 && depot.takeCount == 40)
    }
    #expect(live(test) == 0)
  }

  @Test("While memory is low, everything goes back to pool")
  func scarce() throws {
    let test = try PoolMachine()
    let depot = depot(test)
    try test.run {
      if let buffer = depot.take() { depot.give(buffer) }
      test.machine.trimDepots()
      if let buffer = depot.take() { depot.give(buffer) }
      let large = test.pool.allocate(15 << 19, kind: .nonpaged, tag: 1)
      #expect(test.pool.conditions.contains(.lowNonpaged))
      test.machine.trimDepots()
      #expect(depot.keptCount == 0 && live(test) == 0)
      if let large { test.pool.free(large) }
    }
  }

  @Test("A buffer that outlives its depot goes to pool")
  func outlived() throws {
    let test = try PoolMachine()
    let first = depot(test)
    try test.run {
      let buffer = first.take()
      first.close()
      first.close()
      let second = depot(test)
      if let buffer { first.give(buffer) }
      #expect(first.keptCount == 0 && second.keptCount == 0)
      #expect(live(test) == 0)
      let late = first.take()
      #expect(late != nil)
      if let late { first.give(late) }
      second.close()
    }
    #expect(live(test) == 0)
  }

  @Test("What a thread kept goes to pool when it ends")
  func threadEnd() throws {
    let test = try PoolMachine()
    let machine = test.machine
    let depot = depot(test)
    onThreads(1) { _ in
      try? machine.inside(machine.systemProcess) {
        let buffers = (0..<10).compactMap { _ in depot.take() }
        for buffer in buffers { depot.give(buffer) }
      }
    }
    #expect(depot.takeCount == 10)
    try test.run { depot.close() }
    #expect(live(test) == 0)
  }

  @Test("A machine that verifies keeps nothing, and more depots than there are places work")
  func unkept() throws {
    let test = try PoolMachine { $0.verifies = true }
    try test.run {
      let depot = depot(test)
      if let buffer = depot.take() { depot.give(buffer) }
      #expect(depot.keptCount == 0 && live(test) == 0)
      depot.close()
    }
    let many = try PoolMachine()
    try many.run {
      let depots = (0..<80).map { _ in depot(many, 4) }
      for depot in depots {
        if let buffer = depot.take() { depot.give(buffer) }
      }
      #expect(live(many) == 63)
      for depot in depots { depot.close() }
      #expect(live(many) == 0)
      let again = depot(many)
      if let buffer = again.take() { again.give(buffer) }
      #expect(again.keptCount == 1)
      again.close()
    }
  }

  @Test(
    "POOL-09: a depot of paged pool is not used at DISPATCH_LEVEL, one of nonpaged pool not above")
  func levels() throws {
    for (kind, level) in [(PoolKind.paged, UInt8(2)), (.nonpaged, 3)] {
      let test = try PoolMachine()
      let depot = test.machine.makeDepot(byteCount: 64, kind: kind, tag: testTag)
      try test.run {
        if let buffer = depot.take() { depot.give(buffer) }
      }
      test.expectBugCheck(0xC2, 0x08) {
        _ = depot.take()
        // What is kept is not asked for at a level that pool would refuse.
        CurrentThread.irql = level
        _ = depot.take()
      }
    }
  }
}
