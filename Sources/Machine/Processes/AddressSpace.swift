import CRing3
import Glibc

/// The user half of a process: a span of the low range with a flat page table.
///
/// The span is reserved in the host and not mapped. A page is committed first, gets a frame when it
/// is first used, and may lose it again (``trim(_:_:)``) without losing its contents.
public struct AddressSpace {
  @usableFromInline package let base: UInt
  @usableFromInline let entries: UnsafeMutablePointer<PageTableEntry>
  package var lock = MachineLock()
  /// Next address to give out; freed ranges are not reused, the span is large.
  private(set) var next: UInt
  /// Pages that the host maps at their user addresses now.
  var opened: OpenedPages
  var swap = SwapStore()
  package var locks = PageLocks()

  /// Pages of a span; a literal, so that it folds into the bounds check.
  @inlinable static var pageCount: Int { 1 << 24 }

  /// Where in the span the first address lies that is given out.
  static var firstOffset: UInt { 0x10000 }

  init(startingAt hint: Int) throws(MachineError) {
    var found: UInt?
    for step in 0..<UserRange.spanCount where found == nil {
      let index = (hint + step) % UserRange.spanCount
      let candidate = UserRange.lowest + UInt(index) * UserRange.spanByteCount
      if Host.reserve(at: candidate, Int(UserRange.spanByteCount)) { found = candidate }
    }
    guard let found else {
      throw MachineError(action: "reserving a user address span", code: ENOMEM)
    }
    guard let table = Host.map(Self.pageCount * 8) else {
      let code = errno
      munmap(UnsafeMutableRawPointer(bitPattern: found), Int(UserRange.spanByteCount))
      throw MachineError(action: "mapping a page table", code: code)
    }
    base = found
    entries = table.assumingMemoryBound(to: PageTableEntry.self)
    next = found + Self.firstOffset
    opened = OpenedPages()
  }

  func unmap() {
    munmap(UnsafeMutableRawPointer(bitPattern: base), Int(UserRange.spanByteCount))
    munmap(entries, Self.pageCount * 8)
    swap.destroy()
    locks.destroy()
    opened.destroy()
  }

  /// The entry of the page that holds `address`; nil outside this span.
  @inlinable public func entry(at address: UInt) -> UnsafeMutablePointer<PageTableEntry>? {
    let index = (address &- base) >> 12
    return index < UInt(Self.pageCount) ? entries + Int(index) : nil
  }

  /// Takes fresh addresses for `count` bytes, page aligned, with an uncommitted page after them.
  mutating func takeAddresses(_ count: Int) -> UInt? {
    lock.lock()
    let size = UInt((count + pageSize - 1) & ~(pageSize - 1)) + UInt(pageSize)
    let result = next
    let fits = size <= base + UserRange.spanByteCount - next
    if fits { next += size }
    lock.unlock()
    return fits ? result : nil
  }
}
