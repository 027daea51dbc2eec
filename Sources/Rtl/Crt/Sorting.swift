import CRing3

// Sorting and searching with a comparison of the driver: `int (*)(const void *, const void *)`, or
// with a context in front for the `_s` forms. A comparison may raise: nothing is owned meanwhile.

@c(r3_qsort)
package func crtQsort(
  _ base: UnsafeMutableRawPointer, _ count: UInt, _ size: UInt, _ compare: UnsafeRawPointer
) {
  let elements = Elements(base: base, size: size, compare: .plain(compare))
  elements.sort(count: count)
}

@c(r3_qsort_s)
package func crtQsortS(
  _ base: UnsafeMutableRawPointer, _ count: UInt, _ size: UInt, _ compare: UnsafeRawPointer,
  _ context: UInt64
) {
  let elements = Elements(base: base, size: size, compare: .withContext(compare, context))
  elements.sort(count: count)
}

@c(r3_bsearch)
package func crtBsearch(
  _ key: UnsafeRawPointer, _ base: UnsafeMutableRawPointer, _ count: UInt, _ size: UInt,
  _ compare: UnsafeRawPointer
) -> UnsafeMutableRawPointer? {
  Elements(base: base, size: size, compare: .plain(compare)).search(key, count: count)
}

@c(r3_bsearch_s)
package func crtBsearchS(
  _ key: UnsafeRawPointer, _ base: UnsafeMutableRawPointer, _ count: UInt, _ size: UInt,
  _ compare: UnsafeRawPointer, _ context: UInt64
) -> UnsafeMutableRawPointer? {
  Elements(base: base, size: size, compare: .withContext(compare, context))
    .search(key, count: count)
}

/// A comparison that the driver supplies.
private enum Comparison {
  case plain(UnsafeRawPointer)
  case withContext(UnsafeRawPointer, UInt64)

  /// Negative, zero or positive, as the driver says.
  func callAsFunction(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> Int32 {
    let first = UInt64(UInt(bitPattern: a))
    let second = UInt64(UInt(bitPattern: b))
    switch self {
    case .plain(let function):
      return Int32(truncatingIfNeeded: r3_call2(function, first, second))
    case .withContext(let function, let context):
      return Int32(truncatingIfNeeded: r3_call3(function, context, first, second))
    }
  }
}

/// An array of the driver, its elements of a size that only the driver knows.
private struct Elements {
  let base: UnsafeMutableRawPointer
  let size: UInt
  let compare: Comparison

  private func at(_ index: UInt) -> UnsafeMutableRawPointer {
    base + Int(bitPattern: index &* size)
  }

  /// Sorts in place by heaps: no memory, and never worse than n log n.
  func sort(count: UInt) {
    guard count > 1, size > 0 else { return }
    var start = count / 2
    while start > 0 {
      start &-= 1
      sift(start, count: count)
    }
    var end = count
    while end > 1 {
      end &-= 1
      swap(0, end)
      sift(0, count: end)
    }
  }

  private func sift(_ start: UInt, count: UInt) {
    var parent = start
    while true {
      var child = parent &* 2 &+ 1
      guard child < count else { return }
      if child &+ 1 < count, compare(at(child), at(child &+ 1)) < 0 { child &+= 1 }
      guard compare(at(parent), at(child)) < 0 else { return }
      swap(parent, child)
      parent = child
    }
  }

  private func swap(_ a: UInt, _ b: UInt) {
    let first = at(a).assumingMemoryBound(to: UInt8.self)
    let second = at(b).assumingMemoryBound(to: UInt8.self)
    for i in 0..<Int(bitPattern: size) {
      let byte = first[i]
      first[i] = second[i]
      second[i] = byte
    }
  }

  func search(_ key: UnsafeRawPointer, count: UInt) -> UnsafeMutableRawPointer? {
    var low: UInt = 0
    var high = count
    while low < high {
      let middle = low &+ (high &- low) / 2
      let order = compare(key, at(middle))
      if order == 0 { return at(middle) }
      if order < 0 { high = middle } else { low = middle &+ 1 }
    }
    return nil
  }
}
