import CDriverKit

// AVL links. The tree hangs as the right child of a sentinel in the table; a node's `Balance` is -1,
// 0 or 1: the height of its right subtree less that of its left one.

package typealias BalancedNode = UnsafeMutablePointer<RTL_BALANCED_LINKS>

/// A side of a node, with the sign that `Balance` has for it.
private enum Side: Int8 {
  case left = -1
  case right = 1

  var other: Side { self == .left ? .right : .left }
}

extension BalancedNode {
  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }
  var parent: BalancedNode { faulting(pointee.Parent) }

  var leftmost: BalancedNode {
    var node = self
    while let left = node.pointee.LeftChild { node = left }
    return node
  }

  var rightmost: BalancedNode {
    var node = self
    while let right = node.pointee.RightChild { node = right }
    return node
  }

  /// The next node in order; `sentinel` is above the root.
  func successor(_ sentinel: BalancedNode) -> BalancedNode? {
    if let right = pointee.RightChild { return right.leftmost }
    var node = self
    while node.parent != sentinel {
      if node.parent.pointee.LeftChild == node { return node.parent }
      node = node.parent
    }
    return nil
  }

  /// The node before this one in order; `sentinel` is above the root.
  func predecessor(_ sentinel: BalancedNode) -> BalancedNode? {
    if let left = pointee.LeftChild { return left.rightmost }
    var node = self
    while node.parent != sentinel {
      if node.parent.pointee.RightChild == node { return node.parent }
      node = node.parent
    }
    return nil
  }

  private func child(_ side: Side) -> BalancedNode? {
    side == .left ? pointee.LeftChild : pointee.RightChild
  }

  private func setChild(_ side: Side, _ node: BalancedNode?) {
    if side == .left { pointee.LeftChild = node } else { pointee.RightChild = node }
  }

  private var side: Side { parent.pointee.LeftChild == self ? .left : .right }

  private var balance: Int8 {
    get { Int8(pointee.Balance) }
    nonmutating set { pointee.Balance = CChar(newValue) }
  }

  /// Takes the place of its parent, which becomes its child.
  private func promote() {
    let parent = parent
    let side = side
    let above = parent.parent
    above.setChild(parent.side, self)
    let inner = child(side.other)
    parent.setChild(side, inner)
    inner?.pointee.Parent = parent
    setChild(side.other, parent)
    parent.pointee.Parent = self
    pointee.Parent = above
  }

  /// Repairs a node whose `side` is two higher; says whether the subtree became lower.
  private func rebalance(_ side: Side) -> Bool {
    let child = faulting(child(side))
    let heavy = side.rawValue
    if child.balance == 0 - heavy {
      let inner = faulting(child.child(side.other))
      inner.promote()
      inner.promote()
      balance = inner.balance == heavy ? 0 - heavy : 0
      child.balance = inner.balance == 0 - heavy ? heavy : 0
      inner.balance = 0
      return true
    }
    child.promote()
    let wasEven = child.balance == 0
    balance = wasEven ? heavy : 0
    child.balance = wasEven ? 0 - heavy : 0
    return !wasEven
  }

  /// Repairs the way up after this node was linked in; says whether the whole tree became higher.
  func retraceAfterInsertion(_ sentinel: BalancedNode) -> Bool {
    var node = self
    while node.parent != sentinel {
      let parent = node.parent
      let side = node.side
      switch parent.balance {
      case 0:
        parent.balance = side.rawValue
        node = parent
      case side.rawValue:
        _ = parent.rebalance(side)
        return false
      default:
        parent.balance = 0
        return false
      }
    }
    return true
  }

  /// Takes the node out of the tree; says whether the whole tree became lower.
  func unlink(_ sentinel: BalancedNode) -> Bool {
    var removed = self
    if pointee.LeftChild != nil, pointee.RightChild != nil {
      let stand = balance >= 0 ? successor(sentinel) : predecessor(sentinel)
      removed = faulting(stand)
    }
    let parent = removed.parent
    let side = removed.side
    let below: BalancedNode? = removed.pointee.LeftChild ?? removed.pointee.RightChild
    parent.setChild(side, below)
    below?.pointee.Parent = parent
    let isLower = parent.retraceAfterRemoval(side, sentinel)
    if removed != self { removed.replace(self) }
    return isLower
  }

  /// Repairs this node, whose `side` became lower, and the way up.
  private func retraceAfterRemoval(_ side: Side, _ sentinel: BalancedNode) -> Bool {
    var node = self
    var side = side
    while node != sentinel {
      let above = node.parent
      let nodeSide = above == sentinel ? Side.right : node.side
      switch node.balance {
      case side.rawValue: node.balance = 0
      case 0:
        node.balance = side.other.rawValue
        return false
      default:
        guard node.rebalance(side.other) else { return false }
      }
      node = above
      side = nodeSide
    }
    return true
  }

  /// Takes over the place of `old`.
  private func replace(_ old: BalancedNode) {
    let side = old.side
    pointee = old.pointee
    parent.setChild(side, self)
    pointee.LeftChild?.pointee.Parent = self
    pointee.RightChild?.pointee.Parent = self
  }
}
