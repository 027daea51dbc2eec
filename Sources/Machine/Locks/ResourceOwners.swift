import CDriverKit
import CRing3
import Glibc

/// Who owns an ERESOURCE: the exclusive owner in the structure, the shared ones in a table behind it.
///
/// The table's first entry only holds its size.
struct ResourceOwners {
  let pointer: UnsafeMutablePointer<ERESOURCE>

  init(_ pointer: UnsafeMutablePointer<ERESOURCE>) { self.pointer = pointer }

  /// `OwnerCount` begins at bit 3.
  private static let countShift: UInt32 = 3

  var exclusiveCount: UInt32 {
    get { pointer.pointee.OwnerEntry.TableSize >> Self.countShift }
    nonmutating set { pointer.pointee.OwnerEntry.TableSize = newValue << Self.countShift }
  }

  private var table: UnsafeMutablePointer<OWNER_ENTRY>? { pointer.pointee.OwnerTable }

  private var capacity: Int { Int(table?.pointee.TableSize ?? 0) }

  private func entry(of owner: UInt64) -> UnsafeMutablePointer<OWNER_ENTRY>? {
    guard let table else { return nil }
    for index in 1..<capacity where table[index].OwnerThread == owner { return table + index }
    return nil
  }

  func count(of owner: UInt64) -> UInt32 {
    entry(of: owner).map { $0.pointee.TableSize >> Self.countShift } ?? 0
  }

  func add(_ owner: UInt64, _ count: UInt32) {
    let place = entry(of: owner) ?? freeEntry()
    place.pointee.OwnerThread = owner
    place.pointee.TableSize += count << Self.countShift
  }

  func remove(_ owner: UInt64, _ count: UInt32) {
    guard let place = entry(of: owner) else { return }
    place.pointee.TableSize -= count << Self.countShift
    if place.pointee.TableSize >> Self.countShift == 0 { place.pointee = OWNER_ENTRY() }
  }

  private func freeEntry() -> UnsafeMutablePointer<OWNER_ENTRY> {
    if let place = entry(of: 0) { return place }
    let old = capacity
    let new = max(4, old * 2)
    let grown = realloc(table, new * MemoryLayout<OWNER_ENTRY>.stride)!
      .bindMemory(to: OWNER_ENTRY.self, capacity: new)
    for index in old..<new { grown[index] = OWNER_ENTRY() }
    grown.pointee.TableSize = UInt32(new)
    pointer.pointee.OwnerTable = grown
    return grown + max(old, 1)
  }

  func free() {
    Glibc.free(table)
    pointer.pointee.OwnerTable = nil
  }
}

/// The resources of a machine that are initialized.
struct ResourceRegistry {
  var lock = MachineLock()
  private var listLock = MachineLock()
  private var entries: UnsafeMutablePointer<UnsafeMutablePointer<ERESOURCE>>?
  private var count = 0
  private var capacity = 0

  mutating func add(_ resource: UnsafeMutablePointer<ERESOURCE>) {
    listLock.lock()
    if index(of: resource) == nil {
      if count == capacity {
        capacity = max(16, capacity * 2)
        entries = realloc(entries, capacity * 8)!
          .assumingMemoryBound(to: UnsafeMutablePointer<ERESOURCE>.self)
      }
      entries.unsafelyUnwrapped[count] = resource
      count += 1
    }
    listLock.unlock()
  }

  mutating func remove(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Bool {
    listLock.lock()
    let index = index(of: resource)
    if let index, let entries {
      count -= 1
      entries[index] = entries[count]
    }
    listLock.unlock()
    return index != nil
  }

  /// An initialized resource that lies in a range of memory.
  mutating func first(in range: Range<UInt>) -> UnsafeMutablePointer<ERESOURCE>? {
    if count == 0 { return nil }
    listLock.lock()
    var found: UnsafeMutablePointer<ERESOURCE>?
    for index in 0..<count where range.contains(UInt(bitPattern: entries?[index])) {
      found = entries?[index]
    }
    listLock.unlock()
    return found
  }

  mutating func destroy() {
    free(entries)
    entries = nil
  }

  private func index(of resource: UnsafeMutablePointer<ERESOURCE>) -> Int? {
    for index in 0..<count where entries?[index] == resource { return index }
    return nil
  }
}

extension Machine {
  /// An ERESOURCE that is still in use in a range of memory, for who frees that memory.
  package func activeResource(in range: Range<UInt>) -> UnsafeMutablePointer<ERESOURCE>? {
    state.pointee.dispatcher.resources.first(in: range)
  }
}
