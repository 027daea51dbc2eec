import CRing3

// What a generic table of the driver calls: comparing, allocating, freeing. A callback may raise or
// end in a bug check, so nothing is owned and nothing is half-linked while one runs.

/// How two elements compare, as a driver's routine says it (RTL_GENERIC_COMPARE_RESULTS).
enum ElementOrder {
  case less, greater, equal

  init(_ result: UInt64) {
    switch UInt32(truncatingIfNeeded: result) {
    case 0: self = .less
    case 1: self = .greater
    default: self = .equal
    }
  }
}

/// Where a search ended (TABLE_SEARCH_RESULT).
enum TableSearch: Int32 {
  case emptyTree, foundNode, insertAsLeft, insertAsRight
}

/// The routines of a table, called with the table in front.
struct TableCallbacks {
  let table: UnsafeMutableRawPointer
  let compareRoutine: UnsafeMutableRawPointer?
  let allocateRoutine: UnsafeMutableRawPointer?
  let freeRoutine: UnsafeMutableRawPointer?

  func compare(_ a: UnsafeMutableRawPointer?, _ b: UnsafeMutableRawPointer?) -> ElementOrder {
    ElementOrder(r3_call3(faulting(compareRoutine), bits(table), bits(a), bits(b)))
  }

  func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
    let size = UInt64(UInt32(truncatingIfNeeded: byteCount))
    let address = r3_call2(faulting(allocateRoutine), bits(table), size)
    return UnsafeMutableRawPointer(bitPattern: UInt(address))
  }

  func free(_ block: UnsafeMutableRawPointer) {
    _ = r3_call2(faulting(freeRoutine), bits(table), bits(block))
  }

  private func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 {
    UInt64(UInt(bitPattern: pointer))
  }
}
