import CRing3
import Glibc

/// A range of frames with a bitmap of those in use; runs are found next-fit.
package struct FrameRegion {
  package let first: FrameNumber
  package let count: Int
  package var freeCount: Int
  package var lock = MachineLock()
  /// A set bit is a frame in use.
  private let bits: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private var rotor = 0

  package var end: FrameNumber { first + count }

  init(first: FrameNumber, count: Int) {
    self.first = first
    self.count = count
    freeCount = count
    wordCount = (count + 63) / 64
    // calloc: untouched words cost nothing.
    bits = calloc(max(wordCount, 1), 8)!.assumingMemoryBound(to: UInt64.self)
    for bit in count..<(wordCount * 64) { bits[bit >> 6] |= 1 << UInt64(bit & 63) }
  }

  func destroy() { Glibc.free(bits) }

  /// Takes `length` adjacent frames with numbers in `range`; nil when there is no such run.
  package mutating func allocate(_ length: Int, in range: Range<FrameNumber>? = nil) -> FrameNumber?
  {
    lock.lockStaying()
    let result = findAndMark(length, in: range)
    lock.unlock()
    return result
  }

  private mutating func findAndMark(_ length: Int, in range: Range<FrameNumber>?) -> FrameNumber? {
    guard length > 0, length <= freeCount else { return nil }
    let low = max(0, (range?.lowerBound ?? first) - first)
    let high = min(count, (range?.upperBound ?? end) - first)
    guard low < high else { return nil }
    let middle = min(max(rotor, low), high)
    guard
      let start = search(length, middle, high)
        ?? search(length, low, min(high, middle + length - 1))
    else { return nil }
    mark(start, length)
    freeCount -= length
    rotor = start + length
    return first + start
  }

  /// The first run of `length` clear bits in `low..<high`, a word at a time.
  private func search(_ length: Int, _ low: Int, _ high: Int) -> Int? {
    var start = nextBit(false, low, high)
    while start + length <= high {
      let end = nextBit(true, start, start + length)
      if end == start + length { return start }
      start = nextBit(false, end, high)
    }
    return nil
  }

  /// The first bit of that value in `low..<high`; `high` when there is none.
  private func nextBit(_ value: Bool, _ low: Int, _ high: Int) -> Int {
    var bit = low
    while bit < high {
      let word = value ? bits[bit >> 6] : ~bits[bit >> 6]
      let rest = word >> UInt64(bit & 63)
      if rest != 0 { return min(bit + rest.trailingZeroBitCount, high) }
      bit = (bit | 63) + 1
    }
    return high
  }

  private func mark(_ start: Int, _ length: Int) {
    for bit in start..<(start + length) { bits[bit >> 6] |= 1 << UInt64(bit & 63) }
  }

  /// Gives back frames that ``allocate(_:in:)`` gave, in any grouping.
  package mutating func free(_ frame: FrameNumber, _ length: Int = 1) {
    lock.lockStaying()
    let start = frame - first
    for bit in start..<(start + length) { bits[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
    freeCount += length
    if start < rotor { rotor = start }
    lock.unlock()
  }

  /// The longest run that ``allocate(_:in:)`` could give now, in frames.
  package mutating func longestFreeRun() -> Int {
    lock.lockStaying()
    var longest = 0
    var start = nextBit(false, 0, count)
    while start < count {
      let end = nextBit(true, start, count)
      longest = max(longest, end - start)
      start = nextBit(false, end, count)
    }
    lock.unlock()
    return longest
  }
}
