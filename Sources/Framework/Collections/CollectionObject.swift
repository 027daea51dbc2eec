import CRing3
import Machine
import Memory

/// A WDFCOLLECTION: objects in the order in which they were added, each with a reference.
struct CollectionBody {
  var head: ObjectHead
  /// Guards what follows.
  var lock = MachineLock()
  private(set) var count: UInt32 = 0
  private(set) var first: UnsafeMutablePointer<CollectionItem>?
  private(set) var last: UnsafeMutablePointer<CollectionItem>?

  init(_ globals: UnsafeMutablePointer<DriverGlobals>) {
    head = ObjectHead(kind: .collection, globals: globals)
  }
}

/// One place in a collection; pool of its own.
struct CollectionItem {
  let object: FrameworkObject
  var next: UnsafeMutablePointer<CollectionItem>?
  var previous: UnsafeMutablePointer<CollectionItem>?

  static var tag: UInt32 { 0x6F43_7846 }  // FxCo
}

extension CollectionBody {
  fileprivate mutating func append(_ item: UnsafeMutablePointer<CollectionItem>) {
    item.pointee.previous = last
    if let last { last.pointee.next = item } else { first = item }
    last = item
    count += 1
  }

  fileprivate mutating func remove(_ item: UnsafeMutablePointer<CollectionItem>) {
    let next = item.pointee.next
    let previous = item.pointee.previous
    if let previous { previous.pointee.next = next } else { first = next }
    if let next { next.pointee.previous = previous } else { last = previous }
    count -= 1
  }

  fileprivate func item(at index: UInt32) -> UnsafeMutablePointer<CollectionItem>? {
    guard index < count else { return nil }
    var item = first
    for _ in 0..<index { item = item?.pointee.next }
    return item
  }
}

extension UnsafeMutablePointer where Pointee == CollectionBody {
  var count: UInt32 { withLock { pointee.count } }

  private func withLock<R>(_ body: () -> R) -> R {
    pointee.lock.lock()
    let result = body()
    pointee.lock.unlock()
    return result
  }

  /// Adds an object at the end, and refers to it; false without memory.
  func add(_ object: FrameworkObject) -> Bool {
    guard
      let block = Machine.current.pool.allocate(
        MemoryLayout<CollectionItem>.size, kind: .nonpaged, tag: CollectionItem.tag)
    else { return false }
    let item = block.bindMemory(to: CollectionItem.self, capacity: 1)
    item.initialize(to: CollectionItem(object: object))
    object.reference()
    withLock { pointee.append(item) }
    return true
  }

  /// Takes the object of a place out; false when there is no such place.
  @discardableResult
  func remove(at index: UInt32) -> Bool {
    free(
      withLock {
        let item = pointee.item(at: index)
        if let item { pointee.remove(item) }
        return item
      })
  }

  /// Takes an object out of the first place where it is; false when it is not in.
  func remove(_ object: FrameworkObject) -> Bool {
    free(
      withLock {
        var item = pointee.first
        while let candidate = item, candidate.pointee.object != object {
          item = candidate.pointee.next
        }
        if let item { pointee.remove(item) }
        return item
      })
  }

  /// Lets the object of a place go, under no lock: that may end it.
  private func free(_ item: UnsafeMutablePointer<CollectionItem>?) -> Bool {
    guard let item else { return false }
    let object = item.pointee.object
    Machine.current.pool.free(UnsafeMutableRawPointer(item), tag: CollectionItem.tag)
    object.release()
    return true
  }

  /// The object of a place; nil beyond the end.
  func object(at index: UInt32) -> FrameworkObject? {
    withLock { pointee.item(at: index)?.pointee.object }
  }

  var firstObject: FrameworkObject? { withLock { pointee.first?.pointee.object } }
  var lastObject: FrameworkObject? { withLock { pointee.last?.pointee.object } }
}

extension Framework {
  static let collectionClass = ObjectClass(
    destroy: { address in
      let collection = address.assumingMemoryBound(to: CollectionBody.self)
      while collection.remove(at: 0) {}
    })

  func collection(_ handle: UInt64) -> UnsafeMutablePointer<CollectionBody> {
    body(handle, .collection, as: CollectionBody.self)
  }
}
