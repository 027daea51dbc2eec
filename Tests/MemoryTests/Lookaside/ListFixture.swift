import CDriverKit
import CRing3
import Glibc
import Machine
import Testing

@testable import Memory

/// A list head in nonpaged pool, with room behind it where the recording routines count.
struct ListFixture {
  let head: UnsafeMutableRawPointer
  let record: UnsafeMutablePointer<Record>

  /// What the recording Allocate and Free routines saw.
  struct Record {
    var allocations = 0
    var frees = 0
    var type: UInt32 = 0
    var size: UInt64 = 0
    var tag: UInt32 = 0
    var irql: UInt8 = 0
    var fails = false
  }

  init() {
    head = Pool.current.allocate(256, kind: .nonpaged, tag: 0x6461_6548, zeroed: true)!
    record = (head + 128).bindMemory(to: Record.self, capacity: 1)
    record.initialize(to: Record())
  }

  var list: LookasideList { LookasideList(head) }
  var fields: GENERAL_LOOKASIDE_POOL { list.head.pointee }

  func discard() { Pool.current.free(head) }

  /// Sets up a list as NPAGED_LOOKASIDE_LIST with default routines.
  func initialize(flags: UInt32 = 512, size: UInt64 = 64, depth: UInt16 = 0) {
    exInitializeNPagedLookasideList(head, 0, 0, flags, size, testTag, depth)
  }

  /// Sets up a list in the Ex form whose routines record.
  func initializeRecording(type: UInt32 = 512, flags: UInt32 = 0, size: UInt64 = 64) -> Int32 {
    let routines = RecordingRoutines.make()
    return exInitializeLookasideListEx(
      head, routines.allocate, routines.free, type, flags, size, testTag, 0)
  }

  func allocate() -> UnsafeMutableRawPointer? { exAllocateFromLookasideListEx(head) }

  func free(_ entry: UnsafeMutableRawPointer?) {
    if let entry { exFreeToLookasideListEx(head, entry) }
  }
}

/// Routines in the convention of a driver that find their record behind the list.
enum RecordingRoutines {
  static let allocate:
    @convention(c) (UInt32, UInt64, UInt32, UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
      type, size, tag, list in
      let record = (list + 128).assumingMemoryBound(to: ListFixture.Record.self)
      record.pointee.allocations += 1
      record.pointee.type = type
      record.pointee.size = size
      record.pointee.tag = tag
      record.pointee.irql = CurrentThread.irql
      if record.pointee.fails { return nil }
      return exAllocatePoolWithTag(type & 513, size, tag)
    }

  static let free: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer) -> Void = {
    entry, list in
    let record = (list + 128).assumingMemoryBound(to: ListFixture.Record.self)
    record.pointee.frees += 1
    record.pointee.irql = CurrentThread.irql
    exFreePool(entry)
  }

  /// Writes stubs that a driver could call into a block of executable pool.
  static func make() -> (allocate: UInt, free: UInt) {
    let block = Pool.current.allocate(64, kind: .nonpagedExecutable, tag: 0x6275_7453)!
    let base = block.assumingMemoryBound(to: UInt8.self)
    r3_make_stub(base, unsafeBitCast(allocate, to: UnsafeRawPointer.self), 4, 0)
    r3_make_stub(base + 32, unsafeBitCast(free, to: UnsafeRawPointer.self), 2, 0)
    return (UInt(bitPattern: base), UInt(bitPattern: base + 32))
  }
}
