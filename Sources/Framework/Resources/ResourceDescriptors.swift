import CRing3
import Glibc
import Machine
import Memory

/// One descriptor of a list of resources; pool of its own.
///
/// Behind it lie the descriptor, and the copy that the driver gets to see: what a driver writes to
/// that changes nothing.
struct ResourceEntry {
  var next: UnsafeMutablePointer<ResourceEntry>?

  static var tag: UInt32 { 0x7352_7846 }  // FxRs
}

extension UnsafeMutablePointer where Pointee == ResourceEntry {
  private var descriptor: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<ResourceEntry>.stride
  }

  fileprivate func copy(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let copy = descriptor + (byteCount + 7) & ~7
    memcpy(copy, descriptor, byteCount)
    return copy
  }

  fileprivate func write(_ source: UnsafeRawPointer, _ byteCount: Int) {
    DriverMemory.copy(to: descriptor, from: source, byteCount)
  }

  fileprivate func read(to destination: UnsafeMutableRawPointer, _ byteCount: Int) {
    memcpy(destination, descriptor, byteCount)
  }

  fileprivate func isEqual(to other: UnsafeRawPointer, _ byteCount: Int) -> Bool {
    memcmp(descriptor, other, byteCount) == 0
  }

  fileprivate func free() {
    Machine.current.pool.free(UnsafeMutableRawPointer(self), tag: ResourceEntry.tag)
  }
}

/// What a driver may change of a list.
package struct ResourceAccess: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let add = ResourceAccess(rawValue: 1)
  package static let remove = ResourceAccess(rawValue: 2)
}

/// Descriptors of one size, in order.
struct ResourceDescriptors {
  /// Bytes of one.
  let byteCount: Int
  /// Guards what follows.
  private var lock = MachineLock()
  private(set) var count: UInt32 = 0
  private var first: UnsafeMutablePointer<ResourceEntry>?

  /// Stands for the place behind the last one: `WDF_INSERT_AT_END`.
  static var end: UInt32 { .max }

  init(byteCount: Int) { self.byteCount = byteCount }

  /// Puts a descriptor of a driver at a place; STATUS_ARRAY_BOUNDS_EXCEEDED beyond the end.
  mutating func insert(_ descriptor: UnsafeRawPointer, at index: UInt32) -> Int32 {
    let size = (byteCount + 7) & ~7
    guard
      let block = Machine.current.pool.allocate(
        MemoryLayout<ResourceEntry>.stride + 2 * size, kind: .nonpaged, tag: ResourceEntry.tag)
    else { return FrameworkStatus.insufficientResources }
    let entry = block.bindMemory(to: ResourceEntry.self, capacity: 1)
    entry.initialize(to: ResourceEntry())
    entry.write(descriptor, byteCount)
    lock.lock()
    let isInside = index == Self.end || index <= count
    if isInside { link(entry, at: min(index, count)) }
    lock.unlock()
    if isInside { return 0 }
    entry.free()
    return FrameworkStatus.arrayBoundsExceeded
  }

  private mutating func link(_ entry: UnsafeMutablePointer<ResourceEntry>, at index: UInt32) {
    if index == 0 {
      entry.pointee.next = first
      first = entry
    } else if let before = self.entry(index - 1) {
      entry.pointee.next = before.pointee.next
      before.pointee.next = entry
    }
    count += 1
  }

  private func entry(_ index: UInt32) -> UnsafeMutablePointer<ResourceEntry>? {
    guard index < count else { return nil }
    var entry = first
    for _ in 0..<index { entry = entry?.pointee.next }
    return entry
  }

  /// A fresh copy of a descriptor, which stays as long as the descriptor; nil beyond the end.
  mutating func copy(at index: UInt32) -> UnsafeMutableRawPointer? {
    lock.lock()
    let copy = entry(index)?.copy(byteCount)
    lock.unlock()
    return copy
  }

  /// Replaces a descriptor; false beyond the end.
  mutating func update(_ descriptor: UnsafeRawPointer, at index: UInt32) -> Bool {
    lock.lock()
    let entry = entry(index)
    lock.unlock()
    entry?.write(descriptor, byteCount)
    return entry != nil
  }

  /// Takes a descriptor out; false beyond the end.
  mutating func remove(at index: UInt32) -> Bool {
    lock.lock()
    let removed = entry(index)
    if let removed {
      if index == 0 {
        first = removed.pointee.next
      } else {
        entry(index - 1)?.pointee.next = removed.pointee.next
      }
      count -= 1
    }
    lock.unlock()
    removed?.free()
    return removed != nil
  }

  /// Takes the first descriptor out that has the same bytes; false when there is none.
  mutating func remove(equalTo descriptor: UnsafeRawPointer) -> Bool {
    var index: UInt32 = 0
    lock.lock()
    var entry = first
    while let candidate = entry, !candidate.isEqual(to: descriptor, byteCount) {
      entry = candidate.pointee.next
      index += 1
    }
    lock.unlock()
    return entry != nil && remove(at: index)
  }

  mutating func removeAll() { while remove(at: 0) {} }

  /// Writes the descriptors one behind the other.
  mutating func write(to destination: UnsafeMutableRawPointer) {
    lock.lock()
    var place = destination
    var entry = first
    while let next = entry {
      next.read(to: place, byteCount)
      place += byteCount
      entry = next.pointee.next
    }
    lock.unlock()
  }
}
