import CRing3
import Machine
import Memory

/// References of one tag to one object, while they are tracked.
struct TagReference {
  var next: UnsafeMutablePointer<TagReference>?
  let tag: UInt64
  var count: Int32
  /// Where the driver took the newest one.
  var line: Int32
  var file: UnsafeMutableRawPointer?
}

extension FrameworkObject {
  private static var poolTag: UInt32 { 0x6754_7846 }  // FxTg

  /// Notes a reference that was taken, or let go, under a tag.
  func count(_ change: Int32, tag: UInt64, line: Int32, file: UnsafeMutableRawPointer?) {
    lockAddress.pointee.lock()
    var next = head.pointee.tags
    while let entry = next, entry.pointee.tag != tag { next = entry.pointee.next }
    if let entry = next {
      entry.pointee.count += change
      if change > 0 {
        entry.pointee.line = line
        entry.pointee.file = file
      }
    }
    lockAddress.pointee.unlock()
    if next != nil { return }
    guard
      let block = Machine.current.pool.allocate(
        MemoryLayout<TagReference>.size, kind: .nonpaged, tag: Self.poolTag)
    else { return }
    let entry = block.bindMemory(to: TagReference.self, capacity: 1)
    lockAddress.pointee.lock()
    entry.initialize(
      to: TagReference(next: head.pointee.tags, tag: tag, count: change, line: line, file: file))
    head.pointee.tags = entry
    lockAddress.pointee.unlock()
  }

  func freeTags() {
    var next = head.pointee.tags
    head.pointee.tags = nil
    while let entry = next {
      next = entry.pointee.next
      Machine.current.pool.free(UnsafeMutableRawPointer(entry))
    }
  }
}
