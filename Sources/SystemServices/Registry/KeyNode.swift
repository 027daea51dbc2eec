import Glibc
import Objects
import Rtl

/// Characters in memory of the host.
struct StoredText {
  let start: UnsafeMutablePointer<UInt16>?
  let count: Int

  init(_ text: UTF16Text) {
    count = text.count
    start = text.isEmpty ? nil : .allocate(capacity: text.count)
    if let start, let source = text.baseAddress { start.update(from: source, count: count) }
  }

  var text: UTF16Text { UTF16Text(start: start, count: count) }
}

typealias KeyPointer = UnsafeMutablePointer<KeyNode>
typealias ValuePointer = UnsafeMutablePointer<ValueNode>

/// A key: plain memory, so that a thread which a bug check abandons leaves nothing behind.
struct KeyNode {
  var parent: KeyPointer?
  /// The next of the same parent, in the order of names.
  var next: KeyPointer?
  var firstChild: KeyPointer?
  var firstValue: ValuePointer?
  let name: StoredText
  let className: StoredText
  let isVolatile: Bool
  var lastWriteTime: UInt64
  /// Key objects that stand for it.
  var openCount = 0
  var isDeleted = false
}

/// A value of a key.
struct ValueNode {
  var next: ValuePointer?
  let name: StoredText
  var type: UInt32
  var data: UnsafeMutableRawPointer?
  var count: Int

  mutating func set(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) {
    data?.deallocate()
    self.type = type
    count = bytes.count
    data = bytes.isEmpty ? nil : .allocate(byteCount: bytes.count, alignment: 8)
    if let data, let source = bytes.baseAddress { memcpy(data, source, bytes.count) }
  }
}

extension KeyPointer {
  static func make(_ name: UTF16Text, className: UTF16Text, isVolatile: Bool, time: UInt64)
    -> KeyPointer
  {
    let key = KeyPointer.allocate(capacity: 1)
    key.initialize(
      to: KeyNode(
        name: StoredText(name), className: StoredText(className), isVolatile: isVolatile,
        lastWriteTime: time))
    return key
  }

  /// Frees a key with its values; its subkeys are gone already.
  func destroy() {
    while let value = pointee.firstValue {
      pointee.firstValue = value.pointee.next
      value.destroy()
    }
    pointee.name.start?.deallocate()
    pointee.className.start?.deallocate()
    deallocate()
  }

  /// Frees a key and all below it.
  func destroyTree() {
    while let child = pointee.firstChild {
      pointee.firstChild = child.pointee.next
      child.destroyTree()
    }
    destroy()
  }

  func child(_ name: UTF16Text) -> KeyPointer? {
    var next = pointee.firstChild
    while let key = next {
      if order(key.pointee.name.text, name) == 0 { return key }
      next = key.pointee.next
    }
    return nil
  }

  func insert(_ child: KeyPointer) {
    child.pointee.parent = self
    var previous: KeyPointer?
    var next = pointee.firstChild
    while let key = next, order(key.pointee.name.text, child.pointee.name.text) < 0 {
      previous = key
      next = key.pointee.next
    }
    child.pointee.next = next
    if let previous { previous.pointee.next = child } else { pointee.firstChild = child }
  }

  func remove(_ child: KeyPointer) {
    var previous: KeyPointer?
    var next = pointee.firstChild
    while let key = next, key != child {
      previous = key
      next = key.pointee.next
    }
    if let previous {
      previous.pointee.next = child.pointee.next
    } else {
      pointee.firstChild = child.pointee.next
    }
    child.pointee.next = nil
    child.pointee.parent = nil
  }

  func value(_ name: UTF16Text) -> ValuePointer? {
    var next = pointee.firstValue
    while let value = next {
      if order(value.pointee.name.text, name) == 0 { return value }
      next = value.pointee.next
    }
    return nil
  }

  /// Sets a value, made at the end of the list when it is new.
  func setValue(_ name: UTF16Text, _ type: UInt32, _ bytes: UnsafeRawBufferPointer) {
    if let value = value(name) {
      value.pointee.set(type, bytes)
      return
    }
    let value = ValuePointer.allocate(capacity: 1)
    value.initialize(to: ValueNode(name: StoredText(name), type: type, count: 0))
    value.pointee.set(type, bytes)
    guard var last = pointee.firstValue else {
      pointee.firstValue = value
      return
    }
    while let next = last.pointee.next { last = next }
    last.pointee.next = value
  }

  /// Takes a value away; false when there is none of that name.
  func removeValue(_ name: UTF16Text) -> Bool {
    guard let value = value(name) else { return false }
    if pointee.firstValue == value {
      pointee.firstValue = value.pointee.next
    } else {
      var previous = pointee.firstValue
      while let candidate = previous, candidate.pointee.next != value {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = value.pointee.next
    }
    value.destroy()
    return true
  }
}

extension ValuePointer {
  func destroy() {
    pointee.data?.deallocate()
    pointee.name.start?.deallocate()
    deallocate()
  }
}

/// How two names stand to each other, without regard to case: negative, 0 or positive.
func order(_ first: UTF16Text, _ second: UTF16Text) -> Int {
  for index in 0..<Swift.min(first.count, second.count) {
    let difference =
      Int(CaseMapping.upcase(first[index])) - Int(CaseMapping.upcase(second[index]))
    if difference != 0 { return difference }
  }
  return first.count - second.count
}
