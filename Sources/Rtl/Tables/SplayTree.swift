import CDriverKit

// Splay links: a node's parent is itself at the root. The tree is wherever its root is.

package typealias SplayNode = UnsafeMutablePointer<RTL_SPLAY_LINKS>

extension SplayNode {
  var isRoot: Bool { pointee.Parent == self }
  var isLeftChild: Bool { faulting(pointee.Parent).pointee.LeftChild == self }

  /// The least node of the subtree.
  var leftmost: SplayNode {
    var node = self
    while let left = node.pointee.LeftChild { node = left }
    return node
  }

  /// The greatest node of the subtree.
  var rightmost: SplayNode {
    var node = self
    while let right = node.pointee.RightChild { node = right }
    return node
  }

  var successor: SplayNode? {
    if let right = pointee.RightChild { return right.leftmost }
    var node = self
    while !node.isRoot {
      if node.isLeftChild { return node.pointee.Parent }
      node = faulting(node.pointee.Parent)
    }
    return nil
  }

  var predecessor: SplayNode? {
    if let left = pointee.LeftChild { return left.rightmost }
    var node = self
    while !node.isRoot {
      if !node.isLeftChild { return node.pointee.Parent }
      node = faulting(node.pointee.Parent)
    }
    return nil
  }

  /// Takes the place of its parent, which becomes its child.
  private func rotateUp() {
    let parent = faulting(pointee.Parent)
    let grandparent: SplayNode? = parent.isRoot ? nil : parent.pointee.Parent
    if parent.pointee.LeftChild == self {
      parent.pointee.LeftChild = pointee.RightChild
      pointee.RightChild?.pointee.Parent = parent
      pointee.RightChild = parent
    } else {
      parent.pointee.RightChild = pointee.LeftChild
      pointee.LeftChild?.pointee.Parent = parent
      pointee.LeftChild = parent
    }
    if let grandparent {
      if grandparent.pointee.LeftChild == parent {
        grandparent.pointee.LeftChild = self
      } else {
        grandparent.pointee.RightChild = self
      }
    }
    pointee.Parent = grandparent ?? self
    parent.pointee.Parent = self
  }

  /// Moves the node to the root of the tree.
  func splay() {
    while !isRoot {
      let parent = faulting(pointee.Parent)
      if !parent.isRoot {
        if isLeftChild == parent.isLeftChild { parent.rotateUp() } else { rotateUp() }
      }
      rotateUp()
    }
  }

  /// Takes the node out and returns the new root; the neighbours are splayed.
  func deleteSplaying() -> SplayNode? {
    splay()
    let left: SplayNode? = pointee.LeftChild
    let right: SplayNode? = pointee.RightChild
    left?.pointee.Parent = left
    right?.pointee.Parent = right
    guard let left else { return right }
    let root = left.rightmost
    root.splay()
    root.pointee.RightChild = right
    right?.pointee.Parent = root
    return root
  }

  /// Takes the node out without moving others up, and returns the new root.
  func deleteInPlace(root: SplayNode?) -> SplayNode? {
    if pointee.LeftChild != nil, pointee.RightChild != nil, let next = successor {
      let rest = next.deleteInPlace(root: root)
      next.pointee = pointee
      next.pointee.LeftChild?.pointee.Parent = next
      next.pointee.RightChild?.pointee.Parent = next
      return next.replaceInParent(self, root: rest)
    }
    let child: SplayNode? = pointee.LeftChild ?? pointee.RightChild
    guard let child else {
      if isRoot { return nil }
      let parent = faulting(pointee.Parent)
      if isLeftChild { parent.pointee.LeftChild = nil } else { parent.pointee.RightChild = nil }
      return root
    }
    child.pointee.Parent = pointee.Parent
    return child.replaceInParent(self, root: root)
  }

  /// Makes the parent point here instead of to `old`; returns the root.
  private func replaceInParent(_ old: SplayNode, root: SplayNode?) -> SplayNode? {
    if pointee.Parent == old {
      pointee.Parent = self
      return self
    }
    let parent = faulting(pointee.Parent)
    if parent.pointee.LeftChild == old {
      parent.pointee.LeftChild = self
    } else {
      parent.pointee.RightChild = self
    }
    return root
  }
}

@c(r3_RtlSplay)
package func rtlSplay(_ node: SplayNode) -> SplayNode {
  node.splay()
  return node
}

@c(r3_RtlDelete)
package func rtlDelete(_ node: SplayNode) -> SplayNode? { node.deleteSplaying() }

@c(r3_RtlDeleteNoSplay)
package func rtlDeleteNoSplay(_ node: SplayNode, _ root: UnsafeMutablePointer<SplayNode?>) {
  root.pointee = node.deleteInPlace(root: root.pointee)
}

/// The least node of the right subtree, if there is one.
@c(r3_RtlSubtreeSuccessor)
package func rtlSubtreeSuccessor(_ node: SplayNode) -> SplayNode? {
  node.pointee.RightChild?.leftmost
}

/// The greatest node of the left subtree, if there is one.
@c(r3_RtlSubtreePredecessor)
package func rtlSubtreePredecessor(_ node: SplayNode) -> SplayNode? {
  node.pointee.LeftChild?.rightmost
}

@c(r3_RtlRealSuccessor)
package func rtlRealSuccessor(_ node: SplayNode) -> SplayNode? { node.successor }

@c(r3_RtlRealPredecessor)
package func rtlRealPredecessor(_ node: SplayNode) -> SplayNode? { node.predecessor }
