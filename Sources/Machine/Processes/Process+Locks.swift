import CRing3
import Glibc
import NTTypes

// Pages kept resident for a memory descriptor list.
extension Process {
  /// Makes `count` pages from `page` on resident, keeps them so, and writes their frame numbers.
  ///
  /// - Returns: the number of the lock, to unlock with.
  /// - Throws: `accessViolation` when a page may not be used so, `insufficientResources` without RAM;
  ///   then nothing is locked.
  package func lockPages(
    _ page: UInt, _ count: Int, forWriting: Bool, owner: UInt,
    callers: (UInt64, UInt64) = (0, 0), into frames: UnsafeMutablePointer<UInt64>
  ) throws(NTStatus) -> UInt32 {
    guard let first = pointer.pointee.space.entry(at: page),
      count == 0 || pointer.pointee.space.entry(at: page + UInt(count - 1) << 12) != nil
    else { throw .accessViolation }
    pointer.pointee.space.lock.lock()
    var status = NTStatus.success
    let seen = Self.readFrames(first, count, into: frames)
    let wanted = PageTableEntry.present(forWriting: forWriting)
    if seen.all & wanted != wanted {
      status = makeAllResident(first, count, forWriting: forWriting, into: frames)
    }
    var number: UInt32?
    if status == .success {
      number = pointer.pointee.space.locks.insert(
        PageLock(owner: owner, page: page, count: count, callers: callers))
      if let number, seen.any & PageTableEntry.foreign != 0 { pin(number) }
    }
    pointer.pointee.space.lock.unlock()
    if let number { return number }
    throw status == .success ? .insufficientResources : status
  }

  /// Copies frame numbers; gives the bits that all and any of the pages have.
  @inline(__always)
  private static func readFrames(
    _ first: UnsafeMutablePointer<PageTableEntry>, _ count: Int,
    into frames: UnsafeMutablePointer<UInt64>
  ) -> (all: UInt64, any: UInt64) {
    var all = ~UInt64(0)
    var any: UInt64 = 0
    for index in 0..<count {
      let bits = first[index].bits
      frames[index] = bits &>> 12
      all &= bits
      any |= bits
    }
    return (all, any)
  }

  private func makeAllResident(
    _ first: UnsafeMutablePointer<PageTableEntry>, _ count: Int, forWriting: Bool,
    into frames: UnsafeMutablePointer<UInt64>
  ) -> NTStatus {
    let needed = PageTableEntry.needed(forWriting: forWriting)
    for index in 0..<count where first[index].bits & needed != needed { return .accessViolation }
    for index in 0..<count {
      guard let frame = residentFrame(first + index, forWriting: forWriting) else {
        return .insufficientResources
      }
      frames[index] = UInt64(frame)
    }
    return .success
  }

  /// Ends a lock.
  package func unlockPages(_ number: UInt32, owner: UInt, page: UInt, count: Int) -> UnlockResult {
    pointer.pointee.space.lock.lock()
    guard
      let found = pointer.pointee.space.locks.find(number, owner: owner, page: page, count: count),
      let record = pointer.pointee.space.locks.records?[Int(found)], record.mappedParts == 0
    else {
      let isLocked =
        pointer.pointee.space.locks.find(number, owner: owner, page: page, count: count) != nil
      pointer.pointee.space.lock.unlock()
      return isLocked ? .hasMappedParts : .notLocked
    }
    pointer.pointee.space.locks.remove(found)
    pointer.pointee.space.lock.unlock()
    if let frames = record.frames {
      for index in 0..<record.count { machine.releaseFrame(FrameNumber(frames[index])) }
      free(frames)
    }
    return .done
  }

  /// Counts the mappings of parts of a locked buffer.
  ///
  /// - Returns: false when there is no lock of that number over these pages.
  package func countMappedParts(_ number: UInt32, page: UInt, count: Int, by difference: Int32)
    -> Bool
  {
    var isFound = false
    withSpaceLocked {
      guard let record = pointer.pointee.space.locks.record(number),
        record.pointee.page <= page,
        page + UInt(count << pageShift)
          <= record.pointee.page + UInt(record.pointee.count << pageShift)
      else { return }
      record.pointee.mappedParts += difference
      isFound = true
    }
    return isFound
  }

  /// Lets the first `dropped` pages of a lock go; false when the owner has none.
  package func shortenLock(_ number: UInt32, owner: UInt, page: UInt, count: Int, by dropped: Int)
    -> Bool
  {
    var isFound = false
    withSpaceLocked {
      guard
        let found = pointer.pointee.space.locks.find(
          number, owner: owner, page: page, count: count),
        let record = pointer.pointee.space.locks.records.map({ $0 + Int(found) })
      else { return }
      isFound = true
      if let frames = record.pointee.frames {
        for index in 0..<dropped { machine.releaseFrame(FrameNumber(frames[index])) }
        memmove(frames, frames + dropped, (record.pointee.count - dropped) * 8)
      }
      record.pointee.page += UInt(dropped << pageShift)
      record.pointee.count -= dropped
      pointer.pointee.space.locks.pageCount -= dropped
    }
    return isFound
  }

  /// How many locks hold the page of a user address.
  package func lockCount(at address: UInt) -> Int {
    var result = 0
    withSpaceLocked {
      forEachLock(address & ~pageMask, pageSize) { _ in result += 1 }
    }
    return result
  }

  /// Gives every lock that holds one of these pages its own references; the space is locked.
  func pinLocks(_ address: UInt, _ count: Int) {
    forEachLock(address & ~pageMask, count + Int(address & pageMask)) { pin($0) }
  }

  private func forEachLock(_ address: UInt, _ count: Int, _ body: (UInt32) -> Void) {
    guard count > 0, let records = pointer.pointee.space.locks.records else { return }
    var number = records[0].next
    while number != 0 {
      let record = records[Int(number)]
      let end = record.page + UInt(record.count << pageShift)
      if record.page < address + UInt(count), address < end { body(number) }
      number = record.next
    }
  }

  private func pin(_ number: UInt32) {
    guard let record = pointer.pointee.space.locks.records.map({ $0 + Int(number) }),
      record.pointee.frames == nil,
      let first = pointer.pointee.space.entry(at: record.pointee.page)
    else { return }
    let block = malloc(max(1, record.pointee.count) * 8)!
    let frames = block.assumingMemoryBound(to: UInt64.self)
    for index in 0..<record.pointee.count {
      frames[index] = UInt64(first[index].frame)
      machine.retainFrame(first[index].frame)
    }
    record.pointee.frames = frames
  }
}

extension Machine {
  /// User pages locked now, in all processes; a page counts once for each lock.
  package var lockedUserPageCount: Int {
    state.pointee.processes.lock.lock()
    var total = 0
    var next = state.pointee.processes.first
    while let process = next {
      total += process.pointee.space.locks.pageCount
      next = process.pointee.next
    }
    state.pointee.processes.lock.unlock()
    return total
  }
}
