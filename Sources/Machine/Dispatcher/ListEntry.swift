import CDriverKit

/// Doubly linked lists whose links lie in driver memory.
extension UnsafeMutablePointer where Pointee == LIST_ENTRY {
  /// Makes an empty list with this head.
  @inlinable package func initializeHead() {
    pointee.Flink = self
    pointee.Blink = self
  }

  @inlinable package var isEmptyList: Bool { pointee.Flink == self }

  /// The entry after this one, or nil at the end of the list.
  @inlinable package func next(in head: Self) -> Self? {
    let next: Self = pointee.Flink
    return next == head ? nil : next
  }

  package func insertTail(_ entry: Self) {
    let last: Self = pointee.Blink
    if last.pointee.Flink != self { ListCorruption.report(self, last) }
    entry.pointee.Flink = self
    entry.pointee.Blink = last
    last.pointee.Flink = entry
    pointee.Blink = entry
  }

  package func insertHead(_ entry: Self) {
    let first: Self = pointee.Flink
    if first.pointee.Blink != self { ListCorruption.report(self, first) }
    entry.pointee.Flink = first
    entry.pointee.Blink = self
    first.pointee.Blink = entry
    pointee.Flink = entry
  }

  /// Takes this entry out of its list.
  package func unlink() {
    let next: Self = pointee.Flink
    let last: Self = pointee.Blink
    if next.pointee.Blink != self || last.pointee.Flink != self {
      ListCorruption.report(self, next)
    }
    last.pointee.Flink = next
    next.pointee.Blink = last
  }

  package func removeHead() -> Self? {
    if isEmptyList { return nil }
    let first: Self = pointee.Flink
    first.unlink()
    return first
  }
}

package enum ListCorruption {
  /// KERNEL_SECURITY_CHECK_FAILURE, a corrupt list.
  @inline(never)
  package static func report(_ entry: UnsafeMutableRawPointer, _ other: UnsafeMutableRawPointer)
    -> Never
  {
    Machine.current.bugCheck(
      0x139, 3, UInt64(UInt(bitPattern: entry)), UInt64(UInt(bitPattern: other)), 0)
  }
}
