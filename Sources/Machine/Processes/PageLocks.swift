import Glibc

/// A range of user pages that a memory descriptor list keeps resident.
///
/// The page table alone says which frames they are, so that locking costs no reference a page. Before
/// pages leave the table the lock is pinned: it takes a reference to each frame.
package struct PageLock {
  /// Address of the descriptor list.
  package var owner: UInt = 0
  /// Address of the first page.
  package var page: UInt = 0
  package var count = 0
  /// Return addresses of the driver that locked, newest first; 0 when they were not asked for.
  package var callers: (UInt64, UInt64) = (0, 0)
  /// Parts of the buffer that have a system mapping of their own.
  var mappedParts: Int32 = 0
  /// The frames of a pinned lock.
  var frames: UnsafeMutablePointer<UInt64>?
  var previous: UInt32 = 0
  var next: UInt32 = 0
}

/// What became of a request to unlock.
package enum UnlockResult {
  case done
  /// The owner has no lock.
  case notLocked
  /// Parts of the buffer are still mapped.
  case hasMappedParts
}

/// The page locks of a process: a table with a list through those in use, newest first.
package struct PageLocks {
  /// Record 0 is the head of the list.
  var records: UnsafeMutablePointer<PageLock>?
  private var capacity: UInt32 = 0
  private var firstFree: UInt32 = 0
  /// Pages in all locks; a page counts once for each.
  package var pageCount = 0

  func destroy() {
    for index in 0..<Int(capacity) { free(records?[index].frames) }
    free(records)
  }

  /// The newest lock, or nil when there is none.
  package var newest: PageLock? {
    guard let records, records[0].next != 0 else { return nil }
    return records[Int(records[0].next)]
  }

  /// Calls `body` with every lock, the newest first.
  package func forEach(_ body: (PageLock) -> Void) {
    guard let records else { return }
    var index = records[0].next
    while index != 0 {
      body(records[Int(index)])
      index = records[Int(index)].next
    }
  }

  /// Adds a lock; nil without host memory.
  mutating func insert(_ lock: PageLock) -> UInt32? {
    if firstFree == 0, !grow() { return nil }
    guard let records else { return nil }
    let index = firstFree
    let record = records + Int(index)
    firstFree = record.pointee.next
    record.pointee = lock
    record.pointee.next = records[0].next
    record.pointee.previous = 0
    records[Int(records[0].next)].previous = index
    records[0].next = index
    pageCount += lock.count
    return index
  }

  mutating func remove(_ index: UInt32) {
    guard let records else { return }
    let record = records + Int(index)
    records[Int(record.pointee.previous)].next = record.pointee.next
    records[Int(record.pointee.next)].previous = record.pointee.previous
    pageCount -= record.pointee.count
    record.pointee.owner = 0
    record.pointee.frames = nil
    record.pointee.next = firstFree
    firstFree = index
  }

  /// The lock of that number when it is the owner's, or any lock of these pages.
  func find(_ index: UInt32, owner: UInt, page: UInt, count: Int) -> UInt32? {
    guard let records else { return nil }
    if index != 0, index < capacity, records[Int(index)].owner == owner { return index }
    var found = records[0].next
    while found != 0 {
      let record = records[Int(found)]
      if record.page == page, record.count == count { return found }
      found = record.next
    }
    return nil
  }

  /// The lock of that number; nil when there is none.
  func record(_ number: UInt32) -> UnsafeMutablePointer<PageLock>? {
    guard let records, number != 0, number < capacity, records[Int(number)].owner != 0 else {
      return nil
    }
    return records + Int(number)
  }

  private mutating func grow() -> Bool {
    let larger = max(16, capacity * 2)
    guard let block = realloc(records, Int(larger) * MemoryLayout<PageLock>.stride) else {
      return false
    }
    let table = block.assumingMemoryBound(to: PageLock.self)
    for index in capacity..<larger {
      (table + Int(index)).initialize(to: PageLock())
      if index != 0 { table[Int(index)].next = index + 1 < larger ? index + 1 : 0 }
    }
    firstFree = max(1, capacity)
    capacity = larger
    records = table
    return true
  }
}
