import CRing3
import Machine

// The end of an object: cleanup of the whole tree, leaves first; then it is destroyed as references go.
extension FrameworkObject {
  /// Deletes the object and its descendants; a second call does nothing.
  ///
  /// When something of the tree needs PASSIVE_LEVEL and the level is higher, a worker thread does it.
  package func delete() {
    let isPlain = isPlain
    guard beginDeletion() else { return }
    // Nothing hangs on it and nobody is told: it goes at once.
    if isPlain, head.pointee.firstChild == nil, head.pointee.references == 1,
      !head.pointee.flags.contains(.holdsParent)
    {
      head.pointee.stage = .released
      return head.pointee.flags.contains(.keepsHandle) ? recycle() : destroy()
    }
    if CurrentThread.irql > IRQL.passive, treeNeedsPassive {
      finishLater()
    } else {
      finishDeletion()
    }
  }

  /// The end of a memory object that is an entry of a lookaside list: ``destroy()`` without what it
  /// does not need.
  @inline(__always)
  private func recycle() {
    head.pointee.kind = .none
    if head.pointee.tags != nil { freeTags() }
    if head.pointee.contexts != nil { freeContexts() }
    Framework.current.recycle(body(as: MemoryBody.self))
  }

  /// Whether its end is freeing memory and no more: no callbacks, no work with other objects.
  @inline(__always)
  private var isPlain: Bool {
    head.pointee.originalKind == .memory
      && head.pointee.flags.isDisjoint(with: [.hasCallbacks, .passive])
  }

  /// Takes the object out of its parent's children; no children or contexts join it from now on.
  ///
  /// The parent stays known, and stays until this object is destroyed.
  ///
  /// - Returns: false when somebody else deletes it: a second caller, or its parent's deletion.
  func beginDeletion() -> Bool {
    guard let parent else { return beginDeletionOfRoot() }
    // Ahead of the lock, whose instruction orders it before the looks at lock and children below.
    head.pointee.isEnding = true
    let isPlain = isPlain
    parent.lockAddress.pointee.lock()
    let isMine = head.pointee.flags.contains(.linked) && !parent.head.pointee.isEnding
    if isMine {
      parent.unlink(self)
      lockAddress.pointee.pass()
      if !isPlain || head.pointee.firstChild != nil || head.pointee.references != 1 {
        holdParent(parent)
      }
    }
    parent.lockAddress.pointee.unlock()
    return isMine
  }

  private func beginDeletionOfRoot() -> Bool {
    lockAddress.pointee.lock()
    let isFirst = !head.pointee.isEnding
    head.pointee.isEnding = true
    lockAddress.pointee.unlock()
    return isFirst
  }

  /// Keeps the parent from being destroyed before this object.
  private func holdParent(_ parent: FrameworkObject) {
    if head.pointee.flags.contains(.holdsParent) { return }
    parent.reference()
    head.pointee.flags.insert(.holdsParent)
  }

  func finishDeletion() {
    cleanTree()
    releaseTree()
  }

  /// Leaves the parent's list of children; the parent stays known.
  func detach() {
    guard let parent else { return }
    parent.lockAddress.pointee.lock()
    parent.unlink(self)
    parent.lockAddress.pointee.unlock()
  }

  /// Runs the cleanup of the descendants, then of this object.
  ///
  /// The children stay in the list, for ``releaseTree()``; nobody else changes it any more.
  func cleanTree() {
    var cleaned: UnsafeMutablePointer<ObjectHead>?
    while let child = takeChild() {
      if CurrentThread.irql > IRQL.passive, child.treeNeedsPassive {
        // Its turn comes without regard to this object's.
        child.holdParent(self)
        child.finishLater()
        continue
      }
      child.cleanTree()
      child.head.pointee.nextSibling = cleaned
      cleaned = child.head
    }
    let framework = Framework.current
    framework.state.pointee.classes[Int(kind.rawValue)].dispose?(UnsafeMutableRawPointer(head))
    if head.pointee.flags.contains(.hasCallbacks) { callCleanup() }
    head.pointee.firstChild = cleaned
    head.pointee.stage = .cleaned
  }

  /// The next child, which is deleted from now on.
  private func takeChild() -> FrameworkObject? {
    guard head.pointee.firstChild != nil else { return nil }
    lockAddress.pointee.lock()
    let child = head.pointee.firstChild.map(FrameworkObject.init)
    if let child {
      unlink(child)
      child.head.pointee.isEnding = true
      // What joins it is in its list or refused when this lock has been taken.
      child.lockAddress.pointee.lock()
      child.lockAddress.pointee.unlock()
    }
    lockAddress.pointee.unlock()
    return child
  }

  /// Lets go of the reference that the tree holds on every object of it, children first.
  func releaseTree() {
    var next = head.pointee.firstChild
    head.pointee.firstChild = nil
    while let child = next {
      next = child.pointee.nextSibling
      FrameworkObject(child).releaseTree()
    }
    releaseFromTree()
  }

  /// Lets go of the tree's reference to this object; its children are somebody else's matter.
  func releaseFromTree() {
    head.pointee.stage = .released
    if r3_cas32(field(\.references), 1, 0) { return destroyAtLevel() }
    // Somebody holds it.
    if let parent { holdParent(parent) }
    release()
  }

  /// Calls the destroy callbacks and frees the object.
  func destroy() {
    // From here on the driver may only look at contexts.
    head.pointee.kind = .none
    if head.pointee.flags.contains(.hasCallbacks) { callDestroy() }
    let parent = head.pointee.flags.contains(.holdsParent) ? parent : nil
    let framework = Framework.current
    let destroy = framework.state.pointee.classes[Int(kind.rawValue)].destroy
    destroy?(UnsafeMutableRawPointer(head))
    free(framework)
    parent?.release()
  }
}
