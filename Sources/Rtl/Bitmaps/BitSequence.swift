/// A bitmap of a driver as a view: an address and a number of bits.
///
/// A bit's byte is found by its number, as `bt` does; whole 32-bit words are read where that is
/// faster. The buffer of a bitmap is a multiple of 4 bytes long.
package struct BitSequence {
  package let words: UnsafeMutablePointer<UInt32>
  package let count: UInt32

  package init(words: UnsafeMutablePointer<UInt32>, count: UInt32) {
    self.words = words
    self.count = count
  }

  package subscript(index: UInt32) -> Bool {
    get { words[Int(index / 32)] >> (index % 32) & 1 != 0 }
    nonmutating set {
      let mask = UInt32(1) << (index % 32)
      if newValue {
        words[Int(index / 32)] |= mask
      } else {
        words[Int(index / 32)] &= ~mask
      }
    }
  }

  /// The word that holds a bit, turned so that the wanted bits are ones, and masked below the bit.
  @inline(__always)
  private func candidates(_ index: UInt32, _ value: Bool) -> UInt32 {
    let word = words[Int(index / 32)]
    return (value ? word : ~word) & (UInt32.max << (index % 32))
  }

  /// The first bit at or behind `start` that has the value, `count` when there is none.
  package func next(_ value: Bool, from start: UInt32) -> UInt32 {
    var index = start
    while index < count {
      let bits = candidates(index, value)
      if bits != 0 {
        let found = (index & ~31) &+ UInt32(bits.trailingZeroBitCount)
        return min(found, count)
      }
      let following = (index | 31) &+ 1
      if following == 0 { return count }
      index = following
    }
    return count
  }

  /// The last bit at or before `start` that has the value, nil when there is none.
  package func previous(_ value: Bool, from start: UInt32) -> UInt32? {
    guard count > 0 else { return nil }
    var index = min(start, count &- 1)
    while true {
      let word = words[Int(index / 32)]
      let bits = (value ? word : ~word) & (UInt32.max >> (31 &- index % 32))
      if bits != 0 { return (index | 31) &- UInt32(bits.leadingZeroBitCount) }
      guard index >= 32 else { return nil }
      index = (index & ~31) &- 1
    }
  }

  /// Whether a range lies inside and all its bits have the value; an empty range does not.
  package func isUniform(_ start: UInt32, _ length: UInt32, _ value: Bool) -> Bool {
    guard length > 0, start < count, length <= count &- start else { return false }
    return next(!value, from: start) >= start &+ length
  }

  /// Gives the bits of a range a value.
  package func set(_ start: UInt32, _ length: UInt32, to value: Bool) {
    guard start < count else { return }
    var index = start
    let end = start &+ min(length, count &- start)
    while index < end {
      let low = index % 32
      let width = min(32 &- low, end &- index)
      let mask = (UInt32.max >> (32 &- width)) << low
      if value {
        words[Int(index / 32)] |= mask
      } else {
        words[Int(index / 32)] &= ~mask
      }
      index &+= width
    }
  }

  /// The number of ones in a range.
  package func ones(_ start: UInt32, _ length: UInt32) -> UInt32 {
    guard start < count else { return 0 }
    var index = start
    var sum: UInt32 = 0
    let end = start &+ min(length, count &- start)
    while index < end {
      let low = index % 32
      let width = min(32 &- low, end &- index)
      let mask = (UInt32.max >> (32 &- width)) << low
      sum &+= UInt32((words[Int(index / 32)] & mask).nonzeroBitCount)
      index &+= width
    }
    return sum
  }

  /// A run of bits with one value.
  package struct Run: Equatable {
    package var start: UInt32
    package var length: UInt32
  }

  /// The first whole run at or behind `start`, cut off at the end.
  package func run(of value: Bool, from start: UInt32) -> Run? {
    let first = next(value, from: start)
    guard first < count else { return nil }
    return Run(start: first, length: next(!value, from: first) &- first)
  }

  /// The first place at or behind `start` where `length` bits in a row have the value.
  package func place(of value: Bool, length: UInt32, from start: UInt32) -> UInt32? {
    var from = start
    while let found = run(of: value, from: from) {
      if found.length >= length { return found.start }
      from = found.start &+ found.length
    }
    return nil
  }
}
