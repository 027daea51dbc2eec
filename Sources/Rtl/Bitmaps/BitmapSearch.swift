import CDriverKit

// RTL_BITMAP: places and runs.

/// What a search returns when there is no such place.
private var notFound: UInt32 { .max }

/// Looks from the hint to the end, then from the beginning.
private func find(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ value: Bool, length: UInt32, hint: UInt32
) -> UInt32 {
  let bits = bitmap.bits
  let start = hint < bits.count ? hint : 0
  // Nothing to look for: the answer is the hint, at the beginning of its byte.
  if length == 0 { return start & ~7 }
  guard length <= bits.count else { return notFound }
  if let place = bits.place(of: value, length: length, from: start) { return place }
  return start == 0 ? notFound : bits.place(of: value, length: length, from: 0) ?? notFound
}

@c(r3_RtlFindClearBits)
package func rtlFindClearBits(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ length: UInt32, _ hint: UInt32
) -> UInt32 {
  find(bitmap, false, length: length, hint: hint)
}

@c(r3_RtlFindSetBits)
package func rtlFindSetBits(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ length: UInt32, _ hint: UInt32
) -> UInt32 {
  find(bitmap, true, length: length, hint: hint)
}

@c(r3_RtlFindClearBitsAndSet)
package func rtlFindClearBitsAndSet(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ length: UInt32, _ hint: UInt32
) -> UInt32 {
  let place = find(bitmap, false, length: length, hint: hint)
  if place != notFound { bitmap.bits.set(place, length, to: true) }
  return place
}

@c(r3_RtlFindSetBitsAndClear)
package func rtlFindSetBitsAndClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ length: UInt32, _ hint: UInt32
) -> UInt32 {
  let place = find(bitmap, true, length: length, hint: hint)
  if place != notFound { bitmap.bits.set(place, length, to: false) }
  return place
}

/// The first run of zeros, and where it starts; 0 when there is none.
@c(r3_RtlFindFirstRunClear)
package func rtlFindFirstRunClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  rtlFindNextForwardRunClear(bitmap, 0, start)
}

/// The first run of zeros at or behind a bit; 0 and the bitmap's size when there is none.
@c(r3_RtlFindNextForwardRunClear)
package func rtlFindNextForwardRunClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ from: UInt32,
  _ start: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  let run = bitmap.bits.run(of: false, from: from)
  start.pointee = run?.start ?? bitmap.pointee.SizeOfBitMap
  return run?.length ?? 0
}

/// The last run of zeros at or before a bit; its part behind the bit does not count.
@c(r3_RtlFindLastBackwardRunClear)
package func rtlFindLastBackwardRunClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ from: UInt32,
  _ start: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  let bits = bitmap.bits
  guard let last = bits.previous(false, from: from) else {
    start.pointee = from
    return 0
  }
  let first = bits.previous(true, from: last).map { $0 &+ 1 } ?? 0
  start.pointee = first
  return last &- first &+ 1
}

/// The longest run of zeros, and where it starts.
@c(r3_RtlFindLongestRunClear)
package func rtlFindLongestRunClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  let bits = bitmap.bits
  var longest = BitSequence.Run(start: 0, length: 0)
  var from: UInt32 = 0
  while let run = bits.run(of: false, from: from) {
    if run.length > longest.length { longest = run }
    from = run.start &+ run.length
  }
  start.pointee = longest.start
  return longest.length
}

/// Lists runs of zeros: the first ones, or the longest ones with the longest first.
@c(r3_RtlFindClearRuns)
package func rtlFindClearRuns(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ runs: UnsafeMutablePointer<RTL_BITMAP_RUN>,
  _ capacity: UInt32, _ locatesLongest: BooleanArgument
) -> UInt32 {
  let bits = bitmap.bits
  var count = 0
  var from: UInt32 = 0
  while let run = bits.run(of: false, from: from) {
    from = run.start &+ run.length
    let entry = RTL_BITMAP_RUN(StartingIndex: run.start, NumberOfBits: run.length)
    if !locatesLongest.isTrue {
      guard count < Int(capacity) else { break }
      runs[count] = entry
      count &+= 1
    } else {
      count = insert(entry, into: runs, count: count, capacity: Int(capacity))
    }
  }
  return UInt32(count)
}

/// Keeps the longest runs in descending order and returns their number.
private func insert(
  _ run: RTL_BITMAP_RUN, into runs: UnsafeMutablePointer<RTL_BITMAP_RUN>, count: Int,
  capacity: Int
) -> Int {
  var at = count
  while at > 0, runs[at &- 1].NumberOfBits < run.NumberOfBits { at &-= 1 }
  guard at < capacity else { return count }
  var i = min(count, capacity &- 1)
  while i > at {
    runs[i] = runs[i &- 1]
    i &-= 1
  }
  runs[at] = run
  return min(count &+ 1, capacity)
}
