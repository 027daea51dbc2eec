import CRing3
import Glibc

// Copies between user and system memory, checked page by page, through the frames.
//
// A copy takes no lock. It says in its thread block whose pages it uses; whoever takes pages away
// first changes the page table, then makes every thread see that, then waits for the copies under way.
extension Process {
  /// Copies `count` bytes at a user address to system memory.
  ///
  /// - Returns: false when a page is not there or may not be read; the bytes before it are copied.
  package func copyIn(from user: UInt, _ count: Int, to system: UnsafeMutableRawPointer) -> Bool {
    copy(user, count, system, forWriting: false)
  }

  /// Copies `count` bytes of system memory to a user address.
  ///
  /// - Returns: false when a page is not there or may not be written; the bytes before it are copied.
  package func copyOut(to user: UInt, _ count: Int, from system: UnsafeRawPointer) -> Bool {
    copy(user, count, UnsafeMutableRawPointer(mutating: system), forWriting: true)
  }

  func copy(_ user: UInt, _ count: Int, _ system: UnsafeMutableRawPointer, forWriting: Bool)
    -> Bool
  {
    let offset = user & pageMask
    guard count > 0, count <= pageSize - Int(offset),
      let entry = pointer.pointee.space.entry(at: user), let word = copyingWord
    else { return copySlowly(user, count, system, forWriting: forWriting) }
    r3_store64(word, UInt64(UInt(bitPattern: pointer)))
    r3_compiler_fence()
    let bits = entry.pointee.bits
    let wanted = PageTableEntry.present(forWriting: forWriting)
    guard bits & wanted == wanted else {
      r3_store64(word, 0)
      return copySlowly(user, count, system, forWriting: forWriting)
    }
    move(
      pointer.pointee.machine.pointee.memory.base + UInt(bits & ~0xFFF) + offset, count, system,
      forWriting: forWriting)
    r3_store64(word, 0)
    return true
  }

  func move(
    _ frameAddress: UInt, _ count: Int, _ system: UnsafeMutableRawPointer, forWriting: Bool
  ) {
    let user = UnsafeMutableRawPointer(bitPattern: frameAddress).unsafelyUnwrapped
    let (target, source) = forWriting ? (user, system) : (system, user)
    // Where the string instructions of the processor are slow, which long copies are made with: the
    // target 1 to 31 bytes further on in its page than the source.
    let distance = UInt(bitPattern: target) &- UInt(bitPattern: source)
    if count > 1024, distance &- 1 & pageMask < 31 {
      moveInPieces(target, source, count)
    } else {
      memcpy(target, source, count)
    }
  }

  @inline(never)
  private func moveInPieces(
    _ target: UnsafeMutableRawPointer, _ source: UnsafeMutableRawPointer, _ count: Int
  ) {
    for done in stride(from: 0, to: count, by: 1024) {
      memcpy(target + done, source + done, min(1024, count - done))
    }
  }

  /// Where this thread says that it copies; nil outside the kernel, where a lock does instead.
  var copyingWord: UnsafeMutableRawPointer? {
    guard let thread = r3_current(), thread.pointee.hostStack != 0,
      thread.pointee.machine == UnsafeMutableRawPointer(pointer.pointee.machine)
    else { return nil }
    return ThreadSlot.copying.address(in: thread)
  }

  @inline(never)
  func copySlowly(_ user: UInt, _ count: Int, _ system: UnsafeMutableRawPointer, forWriting: Bool)
    -> Bool
  {
    guard count > 0 else { return count == 0 }
    guard UserRange.contains(user, count) else { return false }
    var done = 0
    while done < count {
      let address = user + UInt(done)
      done += copyPresent(address, count - done, system + done, forWriting: forWriting)
      guard done < count else { break }
      guard frame(at: user + UInt(done), forWriting: forWriting) != nil else { return false }
    }
    return true
  }

  /// Copies up to the first page that is not there; gives the number of bytes.
  private func copyPresent(
    _ user: UInt, _ count: Int, _ system: UnsafeMutableRawPointer, forWriting: Bool
  ) -> Int {
    guard let word = copyingWord else {
      var done = 0
      withSpaceLocked { done = copyRuns(user, count, system, forWriting: forWriting) }
      return done
    }
    r3_store64(word, UInt64(UInt(bitPattern: pointer)))
    r3_compiler_fence()
    let done = copyRuns(user, count, system, forWriting: forWriting)
    r3_store64(word, 0)
    return done
  }

  /// One move for each run of adjacent frames.
  private func copyRuns(
    _ user: UInt, _ count: Int, _ system: UnsafeMutableRawPointer, forWriting: Bool
  ) -> Int {
    let wanted = PageTableEntry.present(forWriting: forWriting)
    let base = pointer.pointee.machine.pointee.memory.base
    var done = 0
    while done < count {
      let start = user + UInt(done)
      guard let entry = pointer.pointee.space.entry(at: start) else { break }
      let bits = entry.pointee.bits
      guard bits & wanted == wanted else { break }
      var length = pageSize - Int(start & pageMask)
      var page = 1
      while done + length < count,
        let next = pointer.pointee.space.entry(at: start + UInt(length))?.pointee.bits,
        next & wanted == wanted, next >> 12 == bits >> 12 + UInt64(page)
      {
        length += pageSize
        page += 1
      }
      length = min(length, count - done)
      move(
        base + UInt(bits & ~0xFFF) + (start & pageMask), length, system + done,
        forWriting: forWriting)
      done += length
    }
    return done
  }

  /// Waits until no thread copies by what the page table said before; the space is locked.
  func awaitCopiers() {
    r3_fence_threads()
    let mine = UInt64(UInt(bitPattern: pointer))
    var next = machine.state.pointee.threads.first
    while let thread = next {
      while r3_load64(ThreadSlot.copying.address(in: thread.pointee.block)) == mine,
        !machine.isHalted
      {
        sched_yield()
      }
      next = thread.pointee.next
    }
  }
}
