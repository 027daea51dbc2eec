import CDriverKit
import Glibc

// RTL_AVL_TABLE: inserting, deleting, looking up. An element is one block: the links (32 bytes),
// then the driver's data. Going through a table is in AvlTable+Enumeration.

package typealias AvlTable = UnsafeMutablePointer<RTL_AVL_TABLE>

private var headerSize: Int { 32 }

extension BalancedNode {
  var element: UnsafeMutableRawPointer { raw + headerSize }
}

extension AvlTable {
  var callbacks: TableCallbacks {
    TableCallbacks(
      table: UnsafeMutableRawPointer(self), compareRoutine: pointee.CompareRoutine,
      allocateRoutine: pointee.AllocateRoutine, freeRoutine: pointee.FreeRoutine)
  }

  /// The node above the root: the first field of the table.
  var sentinel: BalancedNode {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
  }

  var root: BalancedNode? { sentinel.pointee.RightChild }

  /// Looks for an element; gives the node or the node to insert at.
  func search(_ element: UnsafeMutableRawPointer?) -> (result: TableSearch, node: BalancedNode?) {
    guard var node = root else { return (.emptyTree, nil) }
    let callbacks = callbacks
    while true {
      switch callbacks.compare(element, node.element) {
      case .equal: return (.foundNode, node)
      case .less:
        guard let left = node.pointee.LeftChild else { return (.insertAsLeft, node) }
        node = left
      case .greater:
        guard let right = node.pointee.RightChild else { return (.insertAsRight, node) }
        node = right
      }
    }
  }

  fileprivate func insert(_ node: BalancedNode, _ result: TableSearch, at place: BalancedNode?) {
    node.pointee = RTL_BALANCED_LINKS()
    let parent = place ?? sentinel
    node.pointee.Parent = parent
    if result == .insertAsLeft {
      parent.pointee.LeftChild = node
    } else {
      parent.pointee.RightChild = node
    }
    pointee.NumberGenericTableElements &+= 1
    forgetOrder()
    if node.retraceAfterInsertion(sentinel) { pointee.DepthOfTree &+= 1 }
  }

  fileprivate func unlink(_ node: BalancedNode) {
    if pointee.RestartKey == node {
      pointee.RestartKey = node.predecessor(sentinel)
    }
    pointee.DeleteCount &+= 1
    if node.unlink(sentinel) { pointee.DepthOfTree &-= 1 }
    pointee.NumberGenericTableElements &-= 1
    forgetOrder()
  }

  private func forgetOrder() {
    pointee.WhichOrderedElement = 0
    pointee.OrderedPointer = nil
  }
}

@c(r3_RtlInitializeGenericTableAvl)
package func rtlInitializeGenericTableAvl(
  _ table: AvlTable, _ compare: UnsafeMutableRawPointer?, _ allocate: UnsafeMutableRawPointer?,
  _ free: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?
) {
  table.pointee = RTL_AVL_TABLE()
  table.sentinel.pointee.Parent = table.sentinel
  table.pointee.CompareRoutine = compare
  table.pointee.AllocateRoutine = allocate
  table.pointee.FreeRoutine = free
  table.pointee.TableContext = context
}

@c(r3_RtlInsertElementGenericTableAvl)
package func rtlInsertElementGenericTableAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?, _ size: UInt32,
  _ isNew: UnsafeMutablePointer<UInt8>?
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  return rtlInsertElementGenericTableFullAvl(
    table, buffer, size, isNew, found.node.map { $0.raw }, found.result.rawValue)
}

@c(r3_RtlInsertElementGenericTableFullAvl)
package func rtlInsertElementGenericTableFullAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?, _ size: UInt32,
  _ isNew: UnsafeMutablePointer<UInt8>?, _ nodeOrParent: UnsafeMutableRawPointer?,
  _ searchResult: Int32
) -> UnsafeMutableRawPointer? {
  let place = nodeOrParent?.assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
  let result = TableSearch(rawValue: searchResult) ?? .emptyTree
  isNew?.pointee = 0
  if result == .foundNode, let place { return place.element }
  guard table.pointee.NumberGenericTableElements < .max - 1,
    let block = table.callbacks.allocate(byteCount: Int(size) &+ headerSize)
  else { return nil }
  let node = block.assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
  memmove(node.element, faulting(buffer), Int(size))
  table.insert(node, result, at: place)
  isNew?.pointee = 1
  return node.element
}

@c(r3_RtlDeleteElementGenericTableAvl)
package func rtlDeleteElementGenericTableAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?
) -> UInt8 {
  let found = table.search(buffer)
  guard found.result == .foundNode, let node = found.node else { return 0 }
  rtlDeleteElementGenericTableAvlEx(table, node.raw)
  return 1
}

/// Deletes the element of a node that a full lookup gave.
@c(r3_RtlDeleteElementGenericTableAvlEx)
package func rtlDeleteElementGenericTableAvlEx(
  _ table: AvlTable, _ nodeOrParent: UnsafeMutableRawPointer
) {
  table.unlink(nodeOrParent.assumingMemoryBound(to: RTL_BALANCED_LINKS.self))
  table.callbacks.free(nodeOrParent)
}

@c(r3_RtlLookupElementGenericTableAvl)
package func rtlLookupElementGenericTableAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  return found.result == .foundNode ? found.node.map { $0.element } : nil
}

/// Looks for an element and says where it is or would be.
@c(r3_RtlLookupElementGenericTableFullAvl)
package func rtlLookupElementGenericTableFullAvl(
  _ table: AvlTable, _ buffer: UnsafeMutableRawPointer?,
  _ nodeOrParent: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ searchResult: UnsafeMutablePointer<Int32>
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  nodeOrParent.pointee = found.node.map { $0.raw }
  searchResult.pointee = found.result.rawValue
  return found.result == .foundNode ? found.node.map { $0.element } : nil
}

@c(r3_RtlNumberGenericTableElementsAvl)
package func rtlNumberGenericTableElementsAvl(_ table: AvlTable) -> UInt32 {
  table.pointee.NumberGenericTableElements
}

@c(r3_RtlIsGenericTableEmptyAvl)
package func rtlIsGenericTableEmptyAvl(_ table: AvlTable) -> UInt8 {
  (table.pointee.NumberGenericTableElements == 0).boolean
}
