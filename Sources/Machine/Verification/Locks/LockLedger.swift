import CRing3
import Glibc

/// The locks of a verified machine: who has which, and in which order they were taken.
///
/// All of it is behind one lock and in the host's memory. Beyond ``lockCapacity`` locks and
/// ``orderCapacity`` orders nothing more is learnt; what is known is still checked.
package struct LockLedger {
  static let lockCapacity = 1 << 16
  static let orderCapacity = 1 << 18
  static let heldCapacity = 1024
  private static let bucketCount = 4096

  /// A lock that was seen, for as long as its memory is not given back.
  struct Lock {
    var address: UInt
    var kind: LockKind
    var isAlive = true
    /// The next lock of the bucket, and the first of the orders that begin here; -1 for none.
    var next: Int32
    var firstOrder: Int32 = -1
    /// The search that saw it last.
    var visit: UInt32 = 0
    var initialized: StackNumber = 0
  }

  /// A lock was taken while another was held.
  struct Order {
    var inner: Int32
    var next: Int32
    var outerStack: StackNumber
    var innerStack: StackNumber
  }

  /// A lock that a thread has.
  struct Held {
    var thread: UInt
    var lock: Int32
    var stack: StackNumber
  }

  var lock = MachineLock()
  private(set) var locks: UnsafeMutablePointer<Lock>!
  private(set) var orders: UnsafeMutablePointer<Order>!
  private(set) var held: UnsafeMutablePointer<Held>!
  private var buckets: UnsafeMutablePointer<Int32>!
  private(set) var lockCount: Int32 = 0
  private(set) var orderCount: Int32 = 0
  private(set) var heldCount = 0
  var visit: UInt32 = 0

  init() {}

  /// Takes memory at the first lock.
  ///
  /// Untouched pages of the tables cost nothing.
  mutating func prepare() {
    if locks != nil { return }
    buckets = .allocate(capacity: Self.bucketCount)
    buckets.initialize(repeating: -1, count: Self.bucketCount)
    locks = .allocate(capacity: Self.lockCapacity)
    orders = .allocate(capacity: Self.orderCapacity)
    held = .allocate(capacity: Self.heldCapacity)
  }

  mutating func destroy() {
    if locks == nil { return }
    buckets.deallocate()
    locks.deallocate()
    orders.deallocate()
    held.deallocate()
  }

  /// Locks of one page are in one bucket.
  func bucket(_ address: UInt) -> UnsafeMutablePointer<Int32> {
    buckets + Int((address >> 12) % UInt(Self.bucketCount))
  }

  /// The lock at an address; -1 when it is not known.
  func find(_ address: UInt) -> Int32 {
    var index = bucket(address).pointee
    while index >= 0, locks[Int(index)].address != address { index = locks[Int(index)].next }
    return index
  }

  /// The lock at an address, which is entered when it is new; -1 when there is no room.
  mutating func findOrAdd(_ address: UInt, _ kind: LockKind) -> Int32 {
    let known = find(address)
    if known >= 0 { return known }
    if lockCount == Self.lockCapacity { return -1 }
    let bucket = bucket(address)
    (locks + Int(lockCount)).initialize(
      to: Lock(address: address, kind: kind, next: bucket.pointee))
    bucket.pointee = lockCount
    lockCount += 1
    return lockCount - 1
  }

  /// Forgets a lock whose memory goes, with its orders.
  mutating func forget(_ index: Int32) {
    let bucket = bucket(locks[Int(index)].address)
    if bucket.pointee == index {
      bucket.pointee = locks[Int(index)].next
    } else {
      var before = bucket.pointee
      while before >= 0, locks[Int(before)].next != index { before = locks[Int(before)].next }
      if before >= 0 { locks[Int(before)].next = locks[Int(index)].next }
    }
    locks[Int(index)].isAlive = false
    locks[Int(index)].firstOrder = -1
    for entry in (0..<heldCount).reversed() where held[entry].lock == index { drop(entry) }
  }

  // MARK: Who has what

  mutating func hold(_ thread: UInt, _ lock: Int32, _ stack: StackNumber) {
    if heldCount == Self.heldCapacity { return }
    (held + heldCount).initialize(to: Held(thread: thread, lock: lock, stack: stack))
    heldCount += 1
  }

  /// The newest entry of a lock, of one thread or of any; -1 for none.
  func entry(of lock: Int32, _ thread: UInt? = nil) -> Int {
    var index = heldCount - 1
    while index >= 0 {
      if held[index].lock == lock, thread == nil || held[index].thread == thread { return index }
      index -= 1
    }
    return -1
  }

  mutating func drop(_ entry: Int) {
    heldCount -= 1
    for index in entry..<heldCount { held[index] = held[index + 1] }
  }

  // MARK: Orders

  /// Whether `inner` was taken under `outer` before.
  func knowsOrder(_ outer: Int32, _ inner: Int32) -> Bool {
    var index = locks[Int(outer)].firstOrder
    while index >= 0 {
      if orders[Int(index)].inner == inner { return true }
      index = orders[Int(index)].next
    }
    return false
  }

  mutating func addOrder(
    _ outer: Int32, _ inner: Int32, _ outerStack: StackNumber, _ innerStack: StackNumber
  ) {
    if orderCount == Self.orderCapacity { return }
    (orders + Int(orderCount)).initialize(
      to: Order(
        inner: inner, next: locks[Int(outer)].firstOrder, outerStack: outerStack,
        innerStack: innerStack))
    locks[Int(outer)].firstOrder = orderCount
    orderCount += 1
  }

  /// The first step of a chain of orders from one lock to another; -1 when there is none.
  ///
  /// ``visit`` is to be a number that no search had.
  func step(from outer: Int32, to inner: Int32, depth: Int = 0) -> Int32 {
    if depth > 64 || locks[Int(outer)].visit == visit { return -1 }
    locks[Int(outer)].visit = visit
    var index = locks[Int(outer)].firstOrder
    while index >= 0 {
      let next = orders[Int(index)].inner
      if next == inner { return index }
      if locks[Int(next)].isAlive, step(from: next, to: inner, depth: depth + 1) >= 0 {
        return index
      }
      index = orders[Int(index)].next
    }
    return -1
  }
}

/// What a lock is to the ledger.
package enum LockKind: UInt8, Sendable {
  case spin, fastMutex, resource, cancel, frameworkSpin, frameworkWait
  /// A spin lock in the form with a queue.
  case queuedSpin
  case pushLock

  /// Whether its owner runs at DISPATCH_LEVEL.
  var isSpinning: Bool {
    self == .spin || self == .queuedSpin || self == .cancel || self == .frameworkSpin
  }

  /// Whether a lock is used with the routines of another form than it was before.
  func isOtherForm(than kind: LockKind) -> Bool {
    self == .spin && kind == .queuedSpin || self == .queuedSpin && kind == .spin
  }
}
