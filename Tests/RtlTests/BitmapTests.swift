import CDriverKit
import Rtl
import Testing

/// RTL_BITMAP against a model: an array of Booleans.
@Suite struct BitmapTests {
  /// A bitmap of the driver and what it should be.
  final class Pair {
    let memory = TestMemory()
    let bitmap: UnsafeMutablePointer<RTL_BITMAP>
    var model: [Bool]

    init(size: Int) {
      model = Array(repeating: false, count: size)
      bitmap = memory.cell(RTL_BITMAP())
      let words = UnsafeMutableRawPointer(memory.bytes((size + 31) / 32 * 4 + 4))
      // The word behind the bitmap must stay as it is.
      words.storeBytes(of: 0x5555_5555, toByteOffset: (size + 31) / 32 * 4, as: UInt32.self)
      rtlInitializeBitMap(bitmap, words.assumingMemoryBound(to: UInt32.self), UInt32(size))
    }

    var bits: [Bool] { model.indices.map { rtlTestBit(bitmap, UInt32($0)) != 0 } }

    var isIntact: Bool { bitmap.pointee.Buffer[(model.count + 31) / 32] == 0x5555_5555 }

    func set(_ start: Int, _ length: Int, _ value: Bool) {
      for i in start..<min(start + length, model.count) { model[i] = value }
    }

    func randomize(_ generator: inout Generator) {
      for _ in 0..<6 {
        let start = Int.random(in: 0..<model.count, using: &generator)
        let length = Int.random(in: 0...40, using: &generator)
        let value = Bool.random(using: &generator)
        set(start, length, value)
        if value {
          rtlSetBits(bitmap, UInt32(start), UInt32(length))
        } else {
          rtlClearBits(bitmap, UInt32(start), UInt32(length))
        }
      }
    }

    /// The runs of zeros.
    var clearRuns: [Range<Int>] {
      var runs: [Range<Int>] = []
      var start: Int?
      for (i, bit) in (model + [true]).enumerated() {
        if !bit, start == nil { start = i }
        if bit, let first = start {
          runs.append(first..<i)
          start = nil
        }
      }
      return runs
    }

    func place(_ value: Bool, _ length: Int, from hint: Int) -> UInt32 {
      func fits(_ start: Int) -> Bool {
        start + length <= model.count && model[start..<start + length].allSatisfy { $0 == value }
      }
      let order = Array(hint..<model.count) + Array(0..<hint)
      return order.first(where: fits).map(UInt32.init) ?? .max
    }
  }

  static let sizes = [1, 7, 31, 32, 33, 64, 100, 257]

  @Test("Setting, clearing and counting ranges", arguments: sizes)
  func ranges(size: Int) {
    var generator = Generator(seed: UInt64(size))
    let pair = Pair(size: size)
    for _ in 0..<30 {
      pair.randomize(&generator)
      #expect(pair.bits == pair.model)
      let ones = pair.model.count { $0 }
      #expect(rtlNumberOfSetBits(pair.bitmap) == UInt32(ones))
      #expect(rtlNumberOfClearBits(pair.bitmap) == UInt32(size - ones))
      let start = Int.random(in: 0..<size, using: &generator)
      let length = Int.random(in: 0...(size - start), using: &generator)
      let part = pair.model[start..<start + length]
      #expect(
        rtlNumberOfSetBitsInRange(pair.bitmap, UInt32(start), UInt32(length))
          == UInt32(part.count { $0 }))
      #expect(
        rtlAreBitsSet(pair.bitmap, UInt32(start), UInt32(length))
          == (length > 0 && part.allSatisfy { $0 } ? 1 : 0))
      #expect(
        rtlAreBitsClear(pair.bitmap, UInt32(start), UInt32(length))
          == (length > 0 && part.allSatisfy { !$0 } ? 1 : 0))
    }
    #expect(rtlAreBitsClear(pair.bitmap, UInt32(size), 1) == 0)
    #expect(rtlAreBitsClear(pair.bitmap, 1, .max) == 0)
    rtlSetBits(pair.bitmap, 0, .max)
    #expect(rtlNumberOfSetBits(pair.bitmap) == UInt32(size))
    #expect(pair.isIntact)
  }

  @Test("Searching from a hint, round to the beginning", arguments: sizes)
  func searching(size: Int) {
    var generator = Generator(seed: UInt64(size) + 1000)
    let pair = Pair(size: size)
    for _ in 0..<60 {
      pair.randomize(&generator)
      let length = Int.random(in: 1...max(1, min(size, 12)), using: &generator)
      let hint = Int.random(in: 0..<size, using: &generator)
      // A run that begins before the hint and goes on behind it is found on the way round.
      let clear = pair.place(false, length, from: hint)
      #expect(rtlFindClearBits(pair.bitmap, UInt32(length), UInt32(hint)) == clear)
      let set = pair.place(true, length, from: hint)
      #expect(rtlFindSetBits(pair.bitmap, UInt32(length), UInt32(hint)) == set)
      if clear != .max { pair.set(Int(clear), length, true) }
      #expect(rtlFindClearBitsAndSet(pair.bitmap, UInt32(length), UInt32(hint)) == clear)
      #expect(pair.bits == pair.model)
    }
    #expect(rtlFindClearBits(pair.bitmap, UInt32(size) + 1, 0) == .max)
    #expect(rtlFindSetBits(pair.bitmap, .max, 0) == .max)
    #expect(rtlFindClearBits(pair.bitmap, 0, UInt32(size)) == 0)
    #expect(pair.isIntact)
  }

  @Test("Runs of zeros: first, next, last, longest, all", arguments: sizes)
  func runs(size: Int) {
    var generator = Generator(seed: UInt64(size) + 2000)
    let pair = Pair(size: size)
    let start = pair.memory.cell(UInt32(0))
    let found = UnsafeMutableRawPointer(pair.memory.bytes(8 * 300)).assumingMemoryBound(
      to: RTL_BITMAP_RUN.self)
    for _ in 0..<40 {
      pair.randomize(&generator)
      let runs = pair.clearRuns
      let from = Int.random(in: 0..<size, using: &generator)
      let next = runs.first { $0.upperBound > from }.map {
        max($0.lowerBound, from)..<$0.upperBound
      }
      #expect(
        rtlFindNextForwardRunClear(pair.bitmap, UInt32(from), start) == UInt32(next?.count ?? 0))
      #expect(start.pointee == UInt32(next?.lowerBound ?? size))
      let last = runs.last { $0.lowerBound <= from }.map {
        $0.lowerBound..<min($0.upperBound, from + 1)
      }
      #expect(
        rtlFindLastBackwardRunClear(pair.bitmap, UInt32(from), start) == UInt32(last?.count ?? 0))
      if let last { #expect(start.pointee == UInt32(last.lowerBound)) }
      let longest = runs.map(\.count).max() ?? 0
      #expect(rtlFindLongestRunClear(pair.bitmap, start) == UInt32(longest))
      #expect(rtlFindFirstRunClear(pair.bitmap, start) == UInt32(runs.first?.count ?? 0))
      let capacity = Int.random(in: 1...4, using: &generator)
      let count = Int(rtlFindClearRuns(pair.bitmap, found, UInt32(capacity), 0))
      #expect(
        (0..<count).map { Int(found[$0].StartingIndex) } == runs.prefix(capacity).map(\.lowerBound))
      let longCount = Int(rtlFindClearRuns(pair.bitmap, found, UInt32(capacity), 1))
      #expect(
        (0..<longCount).map { Int(found[$0].NumberOfBits) }
          == Array(runs.map(\.count).sorted(by: >).prefix(capacity)))
    }
  }

  @Test("Copying bits between bitmaps")
  func copying() {
    var generator = Generator(seed: 7)
    let (source, target) = (Pair(size: 70), Pair(size: 90))
    source.randomize(&generator)
    rtlCopyBitMap(source.bitmap, target.bitmap, 33)
    for i in 0..<57 { target.model[33 + i] = source.model[i] }
    #expect(target.bits == target.model)
    rtlExtractBitMap(source.bitmap, target.bitmap, 5, 40)
    for i in 0..<40 { target.model[i] = source.model[5 + i] }
    #expect(target.bits == target.model)
    rtlSetAllBits(target.bitmap)
    #expect(rtlNumberOfSetBits(target.bitmap) == 90)
    rtlClearAllBits(target.bitmap)
    rtlSetBit(target.bitmap, 89)
    #expect(rtlNumberOfSetBits(target.bitmap) == 1)
    rtlClearBit(target.bitmap, 89)
    #expect(rtlNumberOfSetBits(target.bitmap) == 0)
  }

  @Test(
    "The highest and the lowest one of a number",
    arguments: [
      (UInt64(0), Int8(-1), Int8(-1)), (1, 0, 0), (0x8000_0000_0000_0000, 63, 63), (0b10100, 4, 2),
      (.max, 63, 0),
    ])
  func significantBits(value: UInt64, highest: Int8, lowest: Int8) {
    #expect(rtlFindMostSignificantBit(value) == highest)
    #expect(rtlFindLeastSignificantBit(value) == lowest)
  }
}
