import CDriverKit
import CRing3
import NTTypes

// Going through an RTL_AVL_TABLE in order.

extension AvlTable {
  /// The first node, if any.
  fileprivate var first: BalancedNode? { root?.leftmost }
}

/// The next element; the table keeps the place.
@c(r3_RtlEnumerateGenericTableAvl)
package func rtlEnumerateGenericTableAvl(
  _ table: AvlTable, _ restarts: BooleanArgument
) -> UnsafeMutableRawPointer? {
  if restarts.isTrue { table.pointee.RestartKey = nil }
  let current: BalancedNode? = table.pointee.RestartKey
  let next = current == nil ? table.first : current?.successor(table.sentinel)
  if let next { table.pointee.RestartKey = next }
  return next?.element
}

/// The element behind the one in `key`, the first one for NULL; the caller keeps the place.
@c(r3_RtlEnumerateGenericTableWithoutSplayingAvl)
package func rtlEnumerateGenericTableWithoutSplayingAvl(
  _ table: AvlTable, _ key: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UnsafeMutableRawPointer? {
  let current = key.pointee?.assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
  guard let next = current == nil ? table.first : current?.successor(table.sentinel) else {
    return nil
  }
  key.pointee = next.raw
  return next.element
}

/// The first of the elements that compare as equal, and the place to go on from.
@c(r3_RtlLookupFirstMatchingElementGenericTableAvl)
package func rtlLookupFirstMatchingElementGenericTableAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?,
  _ key: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  guard found.result == .foundNode, var node = found.node else { return nil }
  let callbacks = table.callbacks
  while let before = node.predecessor(table.sentinel),
    callbacks.compare(buffer, before.element) == .equal
  {
    node = before
  }
  key.pointee = node.raw
  return node.element
}

/// Goes on from a place, or from an element that may be gone, to the next one that matches.
///
/// The match routine gets the table, the element and its data; it says STATUS_SUCCESS, STATUS_NO_MATCH
/// to go on, or STATUS_NO_MORE_MATCHES to end.
@c(r3_RtlEnumerateGenericTableLikeADirectory)
package func rtlEnumerateGenericTableLikeADirectory(
  _ table: AvlTable, _ match: UnsafeMutableRawPointer?, _ matchData: UnsafeMutableRawPointer?,
  _ wantsNext: UInt32, _ key: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ deleteCount: UnsafeMutablePointer<UInt32>, _ buffer: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  var node = table.resume(key.pointee, deleteCount.pointee, buffer, wantsNext: wantsNext != 0)
  while let candidate = node {
    let status = match.map {
      UInt32(
        truncatingIfNeeded: r3_call3(
          $0, UInt64(UInt(bitPattern: table)), UInt64(UInt(bitPattern: candidate.element)),
          UInt64(UInt(bitPattern: matchData))))
    }
    if status != NTStatus.noMatch.bits {
      guard status.map({ Int32(bitPattern: $0) >= 0 }) ?? true else { break }
      key.pointee = candidate.raw
      deleteCount.pointee = table.pointee.DeleteCount
      return candidate.element
    }
    node = candidate.successor(table.sentinel)
  }
  deleteCount.pointee = table.pointee.DeleteCount
  return nil
}

extension AvlTable {
  /// Where a directory-like enumeration goes on.
  fileprivate func resume(
    _ key: UnsafeMutableRawPointer?, _ deleteCount: UInt32, _ buffer: UnsafeMutableRawPointer?,
    wantsNext: Bool
  ) -> BalancedNode? {
    if let key, deleteCount == pointee.DeleteCount {
      let node = key.assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
      return wantsNext ? node.successor(sentinel) : node
    }
    let found = search(buffer)
    switch found.result {
    case .emptyTree: return nil
    case .foundNode: return wantsNext ? found.node?.successor(sentinel) : found.node
    // The element is gone: whatever comes behind its place is next.
    case .insertAsLeft: return found.node
    case .insertAsRight: return found.node?.successor(sentinel)
    }
  }
}

/// The element at a place in order, the first at 0.
@c(r3_RtlGetElementGenericTableAvl)
package func rtlGetElementGenericTableAvl(
  _ table: AvlTable, _ index: UInt32
) -> UnsafeMutableRawPointer? {
  guard index < table.pointee.NumberGenericTableElements, let first = table.first else {
    return nil
  }
  var at: UInt32 = 1
  var node = first
  // The last place asked for is usually the neighbour.
  if let known = table.pointee.OrderedPointer, table.pointee.WhichOrderedElement > 0 {
    at = table.pointee.WhichOrderedElement
    node = known.assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
  }
  while at < index &+ 1, let next = node.successor(table.sentinel) {
    node = next
    at &+= 1
  }
  while at > index &+ 1, let before = node.predecessor(table.sentinel) {
    node = before
    at &-= 1
  }
  table.pointee.WhichOrderedElement = at
  table.pointee.OrderedPointer = node.raw
  return node.element
}
