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
    let next = following
    return next == head ? nil : next
  }

  /// A list that was never initialized has no links; whoever walks it ends the machine.
  @inlinable var following: Self {
    if let next = pointee.Flink { return next }
    ListCorruption.report(UnsafeMutableRawPointer(self), nil)
  }

  var preceding: Self {
    if let last = pointee.Blink { return last }
    ListCorruption.report(UnsafeMutableRawPointer(self), nil)
  }

  package func insertTail(_ entry: Self) {
    let last = preceding
    if last.pointee.Flink != self { ListCorruption.report(self, last) }
    entry.pointee.Flink = self
    entry.pointee.Blink = last
    last.pointee.Flink = entry
    pointee.Blink = entry
  }

  package func insertHead(_ entry: Self) {
    let first = following
    if first.pointee.Blink != self { ListCorruption.report(self, first) }
    entry.pointee.Flink = first
    entry.pointee.Blink = self
    first.pointee.Blink = entry
    pointee.Flink = entry
  }

  /// Takes this entry out of its list.
  package func unlink() {
    let next = following
    let last = preceding
    if next.pointee.Blink != self || last.pointee.Flink != self {
      ListCorruption.report(self, next)
    }
    last.pointee.Flink = next
    next.pointee.Blink = last
  }

  package func removeHead() -> Self? {
    if isEmptyList { return nil }
    let first = following
    first.unlink()
    return first
  }
}

@usableFromInline
package enum ListCorruption {
  /// KERNEL_SECURITY_CHECK_FAILURE, a corrupt list.
  @inline(never) @usableFromInline
  package static func report(_ entry: UnsafeMutableRawPointer, _ other: UnsafeMutableRawPointer?)
    -> Never
  {
    Machine.current.bugCheck(
      0x139, 3, UInt64(UInt(bitPattern: entry)), UInt64(UInt(bitPattern: other)), 0)
  }
}
