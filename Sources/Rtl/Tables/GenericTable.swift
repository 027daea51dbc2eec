import CDriverKit
import Glibc

// RTL_GENERIC_TABLE over splay links. An element is one block: the links (24 bytes), a list entry in
// the order of insertion (16 bytes), then the driver's data.

package typealias GenericTable = UnsafeMutablePointer<RTL_GENERIC_TABLE>

private var headerSize: Int { 40 }

extension SplayNode {
  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }
  fileprivate var element: UnsafeMutableRawPointer { raw + headerSize }
  fileprivate var listEntry: UnsafeMutablePointer<LIST_ENTRY> {
    (raw + 24).assumingMemoryBound(to: LIST_ENTRY.self)
  }
}

extension GenericTable {
  fileprivate var callbacks: TableCallbacks {
    TableCallbacks(
      table: UnsafeMutableRawPointer(self), compareRoutine: pointee.CompareRoutine,
      allocateRoutine: pointee.AllocateRoutine, freeRoutine: pointee.FreeRoutine)
  }

  fileprivate var list: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(self) + 8).assumingMemoryBound(to: LIST_ENTRY.self)
  }

  /// Looks for an element; gives the node or the node to insert at.
  fileprivate func search(
    _ element: UnsafeMutableRawPointer?
  ) -> (result: TableSearch, node: SplayNode?) {
    guard var node = pointee.TableRoot else { return (.emptyTree, nil) }
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

  fileprivate func splay(_ node: SplayNode) {
    node.splay()
    pointee.TableRoot = node
  }

  fileprivate func insert(_ node: SplayNode, _ result: TableSearch, at parent: SplayNode?) {
    node.pointee.LeftChild = nil
    node.pointee.RightChild = nil
    node.pointee.Parent = parent ?? node
    switch result {
    case .insertAsLeft: parent?.pointee.LeftChild = node
    case .insertAsRight: parent?.pointee.RightChild = node
    case .emptyTree, .foundNode: break
    }
    let last = faulting(list.pointee.Blink)
    node.listEntry.pointee.Flink = list
    node.listEntry.pointee.Blink = last
    last.pointee.Flink = node.listEntry
    list.pointee.Blink = node.listEntry
    pointee.NumberGenericTableElements &+= 1
    splay(node)
  }

  fileprivate func unlink(_ node: SplayNode) {
    pointee.TableRoot = node.deleteSplaying()
    let entry = node.listEntry.pointee
    faulting(entry.Flink).pointee.Blink = entry.Blink
    faulting(entry.Blink).pointee.Flink = entry.Flink
    pointee.NumberGenericTableElements &-= 1
    pointee.WhichOrderedElement = 0
    pointee.OrderedPointer = list
  }
}

@c(r3_RtlInitializeGenericTable)
package func rtlInitializeGenericTable(
  _ table: GenericTable, _ compare: UnsafeMutableRawPointer?,
  _ allocate: UnsafeMutableRawPointer?, _ free: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) {
  table.pointee = RTL_GENERIC_TABLE()
  table.list.pointee.Flink = table.list
  table.list.pointee.Blink = table.list
  table.pointee.OrderedPointer = table.list
  table.pointee.CompareRoutine = compare
  table.pointee.AllocateRoutine = allocate
  table.pointee.FreeRoutine = free
  table.pointee.TableContext = context
}

@c(r3_RtlInsertElementGenericTable)
package func rtlInsertElementGenericTable(
  _ table: GenericTable, _ buffer: UnsafeMutableRawPointer?, _ size: UInt32,
  _ isNew: UnsafeMutablePointer<UInt8>?
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  return rtlInsertElementGenericTableFull(
    table, buffer, size, isNew, found.node.map { $0.raw }, found.result.rawValue)
}

@c(r3_RtlInsertElementGenericTableFull)
package func rtlInsertElementGenericTableFull(
  _ table: GenericTable, _ buffer: UnsafeMutableRawPointer?, _ size: UInt32,
  _ isNew: UnsafeMutablePointer<UInt8>?, _ nodeOrParent: UnsafeMutableRawPointer?,
  _ searchResult: Int32
) -> UnsafeMutableRawPointer? {
  let place = nodeOrParent?.assumingMemoryBound(to: RTL_SPLAY_LINKS.self)
  let result = TableSearch(rawValue: searchResult) ?? .emptyTree
  isNew?.pointee = 0
  if result == .foundNode, let place {
    table.splay(place)
    return place.element
  }
  guard table.pointee.NumberGenericTableElements < .max - 1,
    let block = table.callbacks.allocate(byteCount: Int(size) &+ headerSize)
  else { return nil }
  let node = block.assumingMemoryBound(to: RTL_SPLAY_LINKS.self)
  memmove(node.element, faulting(buffer), Int(size))
  table.insert(node, result, at: place)
  isNew?.pointee = 1
  return node.element
}

@c(r3_RtlDeleteElementGenericTable)
package func rtlDeleteElementGenericTable(
  _ table: GenericTable, _ buffer: UnsafeMutableRawPointer?
) -> UInt8 {
  let found = table.search(buffer)
  guard found.result == .foundNode, let node = found.node else { return 0 }
  table.unlink(node)
  table.callbacks.free(node.raw)
  return 1
}

@c(r3_RtlLookupElementGenericTable)
package func rtlLookupElementGenericTable(
  _ table: GenericTable, _ buffer: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  guard found.result == .foundNode, let node = found.node else { return nil }
  table.splay(node)
  return node.element
}

/// Looks for an element and says where it is or would be.
@c(r3_RtlLookupElementGenericTableFull)
package func rtlLookupElementGenericTableFull(
  _ table: GenericTable, _ buffer: UnsafeMutableRawPointer?,
  _ nodeOrParent: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ searchResult: UnsafeMutablePointer<Int32>
) -> UnsafeMutableRawPointer? {
  let found = table.search(buffer)
  nodeOrParent.pointee = found.node.map { $0.raw }
  searchResult.pointee = found.result.rawValue
  guard found.result == .foundNode, let node = found.node else { return nil }
  table.splay(node)
  return node.element
}

/// The next element in order; the root is where the last call left off.
@c(r3_RtlEnumerateGenericTable)
package func rtlEnumerateGenericTable(
  _ table: GenericTable, _ restarts: BooleanArgument
) -> UnsafeMutableRawPointer? {
  guard let root = table.pointee.TableRoot else { return nil }
  guard let next = restarts.isTrue ? root.leftmost : root.successor else { return nil }
  table.splay(next)
  return next.element
}

/// The element behind the one in `key`, the first one for NULL; the tree stays as it is.
@c(r3_RtlEnumerateGenericTableWithoutSplaying)
package func rtlEnumerateGenericTableWithoutSplaying(
  _ table: GenericTable, _ key: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UnsafeMutableRawPointer? {
  guard let root = table.pointee.TableRoot else { return nil }
  let current = key.pointee?.assumingMemoryBound(to: RTL_SPLAY_LINKS.self)
  guard let next = current == nil ? root.leftmost : current?.successor else { return nil }
  key.pointee = next.raw
  return next.element
}

/// The element that was inserted as number `index`, of those that are there.
@c(r3_RtlGetElementGenericTable)
package func rtlGetElementGenericTable(
  _ table: GenericTable, _ index: UInt32
) -> UnsafeMutableRawPointer? {
  guard index < table.pointee.NumberGenericTableElements else { return nil }
  // The list's head counts as number 0; the last place asked for is a shorter way than the head.
  let wanted = index &+ 1
  var at = table.pointee.WhichOrderedElement
  var entry = faulting(table.pointee.OrderedPointer)
  if wanted < at / 2 {
    at = 0
    entry = table.list
  }
  while at < wanted {
    entry = faulting(entry.pointee.Flink)
    at &+= 1
  }
  while at > wanted {
    entry = faulting(entry.pointee.Blink)
    at &-= 1
  }
  table.pointee.WhichOrderedElement = wanted
  table.pointee.OrderedPointer = entry
  return UnsafeMutableRawPointer(entry) + 16
}

@c(r3_RtlNumberGenericTableElements)
package func rtlNumberGenericTableElements(_ table: GenericTable) -> UInt32 {
  table.pointee.NumberGenericTableElements
}

@c(r3_RtlIsGenericTableEmpty)
package func rtlIsGenericTableEmpty(_ table: GenericTable) -> UInt8 {
  (table.pointee.TableRoot == nil).boolean
}
