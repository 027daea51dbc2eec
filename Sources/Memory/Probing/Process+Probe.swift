import Machine
import NTTypes

// What the I/O manager asks of a caller's buffer before a request exists.
extension Process {
  /// Judges a caller's buffer: `accessViolation` when it is no user range or may not be written.
  ///
  /// Pages need not be resident. A buffer to read from is judged by its range alone: the copy that
  /// follows finds what is missing. A buffer of no bytes is always right.
  package func probe(_ address: UInt, _ count: Int, forWriting: Bool) -> NTStatus {
    NTStatus(bits: probes(address, count, forWriting: forWriting) ? 0 : 0xC000_0005)
  }

  /// The same as a truth value.
  package func probes(_ address: UInt, _ count: Int, forWriting: Bool) -> Bool {
    guard count > 0 else { return count == 0 }
    guard UserRange.contains(address, count) else { return false }
    if !forWriting { return true }
    // Most buffers lie in one page.
    guard address & pageMask &+ UInt(bitPattern: count) <= UInt(pageSize),
      let entry = pointer.pointee.space.entry(at: address)
    else { return allows(address, count, forWriting: true) }
    let needed = PageTableEntry.needed(forWriting: true)
    return entry.pointee.bits & needed == needed
  }

  /// Whether every page of a range is committed and may be read, or written.
  package func allows(_ address: UInt, _ count: Int, forWriting: Bool) -> Bool {
    guard count > 0 else { return count == 0 }
    let (last, overflow) = address.addingReportingOverflow(UInt(count - 1))
    guard !overflow, let first = pointer.pointee.space.entry(at: address),
      pointer.pointee.space.entry(at: last) != nil
    else { return false }
    let pages = Int(last >> 12 - address >> 12) + 1
    var common = ~UInt64(0)
    for index in 0..<pages { common &= first[index].bits }
    let needed = PageTableEntry.needed(forWriting: forWriting)
    return common & needed == needed
  }

  /// Touches every page of a range as a driver's own access would: false at the first that refuses.
  func touch(_ address: UInt, _ count: Int, forWriting: Bool) -> Bool {
    var page = address & ~pageMask
    while page < address + UInt(count) {
      guard frame(at: page, forWriting: forWriting) != nil else { return false }
      page += UInt(pageSize)
    }
    return true
  }
}
