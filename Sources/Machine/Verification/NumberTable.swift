/// Numbers from 1 by keys, in memory of its own; 0 stands for none.
struct NumberTable {
  private struct Slot {
    var key: UInt64
    var number: UInt32
  }

  private var slots: UnsafeMutablePointer<Slot>
  /// A power of two; at most half of the slots are in use.
  private var size: Int
  private var count = 0

  init() {
    size = 256
    slots = .allocate(capacity: size)
    slots.initialize(repeating: Slot(key: 0, number: 0), count: size)
  }

  func destroy() { slots.deallocate() }

  /// The number of a key; 0 when it has none.
  subscript(key: UInt64) -> UInt32 { slot(of: key).pointee.number }

  /// Gives a key that has no number one.
  mutating func add(_ key: UInt64, _ number: UInt32) {
    if (count + 1) * 2 > size { grow() }
    slot(of: key).pointee = Slot(key: key, number: number)
    count += 1
  }

  private func slot(of key: UInt64) -> UnsafeMutablePointer<Slot> {
    let hash = key &* 0x9E37_79B9_7F4A_7C15
    var index = Int(truncatingIfNeeded: hash >> 32) & (size - 1)
    while slots[index].number != 0, slots[index].key != key { index = (index + 1) & (size - 1) }
    return slots + index
  }

  private mutating func grow() {
    let (old, oldSize) = (slots, size)
    size *= 2
    slots = .allocate(capacity: size)
    slots.initialize(repeating: Slot(key: 0, number: 0), count: size)
    for index in 0..<oldSize where old[index].number != 0 {
      slot(of: old[index].key).pointee = old[index]
    }
    old.deallocate()
  }
}
