import CDriverKit
import CRing3
import Machine
import Testing

@testable import Memory

@Suite struct InterlockedListTests {
  private func block(_ test: PoolMachine) -> UnsafeMutableRawPointer {
    test.pool.allocate(64, kind: .nonpaged, tag: testTag, zeroed: true)!
  }

  @Test("An SLIST is last in, first out, and counts its entries")
  func slist() throws {
    let test = try PoolMachine()
    try test.run {
      let head = block(test)
      initializeSListHead(head)
      let entries = (0..<3).map { _ in number(block(test)) }
      #expect(expInterlockedPopEntrySList(head) == 0)
      #expect(expInterlockedPushEntrySList(head, entries[0]) == 0)
      #expect(expInterlockedPushEntrySList(head, entries[1]) == entries[0])
      #expect(exQueryDepthSList(head) == 2)
      #expect(firstEntrySList(head) == entries[1])
      #expect(expInterlockedPopEntrySList(head) == entries[1])
      #expect(expInterlockedPushEntrySList(head, entries[2]) == entries[0])
      #expect(expInterlockedFlushSList(head) == entries[2])
      #expect(exQueryDepthSList(head) == 0)
      #expect(expInterlockedFlushSList(head) == 0)
      UnsafeMutablePointer<UInt>(bitPattern: entries[0])?.pointee = entries[1]
      #expect(interlockedPushListSList(head, entries[0], entries[1], 2) == 0)
      #expect(exQueryDepthSList(head) == 2)
      #expect(expInterlockedPopEntrySList(head) == entries[0])
      #expect(expInterlockedPopEntrySList(head) == entries[1])
    }
  }

  @Test("An SLIST head has depth, sequence and address where Windows has them")
  func layout() throws {
    let test = try PoolMachine()
    try test.run {
      let head = block(test)
      let entry = number(block(test))
      _ = expInterlockedPushEntrySList(head, entry)
      let header = head.load(as: SLIST_HEADER.self)
      #expect(header.HeaderX64.Depth == 1)
      #expect(header.HeaderX64.NextEntry << 4 == UInt64(entry))
    }
  }

  @Test("An entry that is not aligned to 16 is refused")
  func misaligned() throws {
    let test = try PoolMachine()
    let head = test.pool.allocate(64, kind: .nonpaged, tag: testTag, zeroed: true)!
    test.expectRaise(0x8000_0002) {
      _ = expInterlockedPushEntrySList(head, number(head) + 24)
    }
  }

  @Test("Lists under a spin lock")
  func lists() throws {
    let test = try PoolMachine()
    try test.run {
      let memory = block(test)
      let lock = memory + 56
      let head = memory.assumingMemoryBound(to: LIST_ENTRY.self)
      head.pointee = LIST_ENTRY(Flink: head, Blink: head)
      let first = block(test).assumingMemoryBound(to: LIST_ENTRY.self)
      let second = block(test).assumingMemoryBound(to: LIST_ENTRY.self)
      #expect(exInterlockedRemoveHeadList(head, lock) == nil)
      #expect(exInterlockedInsertTailList(head, first, lock) == nil)
      #expect(exInterlockedInsertHeadList(head, second, lock) == first)
      #expect(exInterlockedRemoveHeadList(head, lock) == second)
      #expect(exInterlockedInsertTailList(head, second, lock) == first)
      #expect(exInterlockedRemoveHeadList(head, lock) == first)
      #expect(exInterlockedRemoveHeadList(head, lock) == second)
      let single = (memory + 32).assumingMemoryBound(to: SINGLE_LIST_ENTRY.self)
      single.pointee = SINGLE_LIST_ENTRY(Next: nil)
      let entry = block(test).assumingMemoryBound(to: SINGLE_LIST_ENTRY.self)
      #expect(exInterlockedPopEntryList(single, lock) == nil)
      #expect(exInterlockedPushEntryList(single, entry, lock) == nil)
      #expect(exInterlockedPopEntryList(single, lock) == entry)
      let sum = (memory + 40).assumingMemoryBound(to: Int64.self)
      sum.pointee = -1
      #expect(exInterlockedAddLargeInteger(sum, 3, lock) == -1)
      #expect(sum.pointee == 2)
      let small = (memory + 48).assumingMemoryBound(to: UInt32.self)
      small.pointee = 5
      #expect(exInterlockedAddUlong(small, .max, lock) == 5)
      #expect(small.pointee == 4)
    }
  }
}
