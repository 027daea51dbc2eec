import CRing3

/// The remove locks of a verified machine, and who holds them with which tag.
///
/// Behind one lock and in the host's memory. When it is full it learns nothing more and says nothing more.
struct RemoveLockLedger {
  /// A lock that is held, or one that was initialized: that has no tag.
  struct Entry {
    var lock: UInt
    var tag: UInt = 0
    var isInitialization = false
    var stack: StackNumber
  }

  private static let capacity = 1 << 13

  private var guardian = MachineLock()
  private var entries: UnsafeMutablePointer<Entry>?
  private var count = 0
  private var isFull = false

  /// Enters a lock as initialized; gives its entry if it was before.
  mutating func initialize(_ lock: UInt, _ stack: StackNumber) -> Entry? {
    guardian.lock()
    let known = index { $0.lock == lock && $0.isInitialization }
    let entry = known.map { entries.unsafelyUnwrapped[$0] }
    if known == nil { add(Entry(lock: lock, isInitialization: true, stack: stack)) }
    guardian.unlock()
    return entry
  }

  /// Enters who holds a lock now.
  mutating func acquire(_ lock: UInt, _ tag: UInt, _ stack: StackNumber) {
    guardian.lock()
    add(Entry(lock: lock, tag: tag, stack: stack))
    guardian.unlock()
  }

  /// What is to be said of a release.
  enum Release {
    case good
    /// Nobody held the lock with that tag; somebody held it with another, or nobody at all.
    case bad(Entry?)
  }

  /// Takes out who held a lock with a tag; of another tag, the newest.
  mutating func release(_ lock: UInt, _ tag: UInt) -> Release {
    guardian.lock()
    let isHeld = { (entry: Entry) in entry.lock == lock && !entry.isInitialization }
    let match = index { isHeld($0) && $0.tag == tag }
    let found = match ?? index(where: isHeld)
    let entry = found.map { entries.unsafelyUnwrapped[$0] }
    if let found { drop(found) }
    let isKnown = !isFull && index { $0.lock == lock && $0.isInitialization } != nil
    guardian.unlock()
    return match != nil || !isKnown ? .good : .bad(entry)
  }

  /// Forgets the locks in memory that goes.
  mutating func forget(_ range: Range<UInt>) {
    if count == 0 { return }
    guardian.lock()
    var position = count
    while position > 0 {
      position -= 1
      if range.contains(entries.unsafelyUnwrapped[position].lock) { drop(position) }
    }
    guardian.unlock()
  }

  mutating func destroy() { entries?.deallocate() }

  /// The newest entry of a kind.
  private func index(where isMeant: (Entry) -> Bool) -> Int? {
    var position = count
    while position > 0 {
      position -= 1
      if isMeant(entries.unsafelyUnwrapped[position]) { return position }
    }
    return nil
  }

  private mutating func add(_ entry: Entry) {
    if entries == nil { entries = .allocate(capacity: Self.capacity) }
    guard count < Self.capacity else {
      isFull = true
      return
    }
    (entries.unsafelyUnwrapped + count).initialize(to: entry)
    count += 1
  }

  private mutating func drop(_ position: Int) {
    count -= 1
    for next in position..<count {
      entries.unsafelyUnwrapped[next] = entries.unsafelyUnwrapped[next + 1]
    }
  }
}
