import CRing3
import Machine

// The end of an object: cleanup of the whole tree, leaves first; then it is destroyed as references go.
extension FrameworkObject {
  /// Deletes the object and its descendants; a second call does nothing.
  ///
  /// Cleanup that needs PASSIVE_LEVEL is done by a worker thread when the level is higher.
  package func delete() {
    guard beginDeletion() else { return }
    if needsPassive, CurrentThread.irql > IRQL.passive {
      finishDeletionLater()
    } else {
      finishDeletion()
    }
  }

  /// Moves from `live` to `deleting`; false when somebody else has.
  func beginDeletion() -> Bool {
    lockAddress.pointee.lock()
    let isFirst = head.pointee.stage == .live
    if isFirst { head.pointee.stage = .deleting }
    lockAddress.pointee.unlock()
    return isFirst
  }

  /// Whether its callbacks run at PASSIVE_LEVEL only.
  var needsPassive: Bool {
    head.pointee.flags.contains(.passive)
      || Framework.current.state.pointee.classes[Int(kind.rawValue)].isPassive
  }

  private func finishDeletion() {
    detach()
    cleanTree()
    releaseTree()
  }

  private func finishDeletionLater() {
    Machine.current.workers.queue(
      { context in
        guard let context else { return }
        FrameworkObject(context.assumingMemoryBound(to: ObjectHead.self)).finishDeletion()
      }, UnsafeMutableRawPointer(head))
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
      guard child.beginDeletion() else { continue }
      if child.needsPassive, CurrentThread.irql > IRQL.passive {
        child.finishDeletionLater()
        continue
      }
      child.cleanTree()
      child.head.pointee.nextSibling = cleaned
      cleaned = child.head
    }
    let framework = Framework.current
    framework.state.pointee.classes[Int(kind.rawValue)].dispose?(UnsafeMutableRawPointer(head))
    if head.pointee.contexts != nil { callCleanup() }
    head.pointee.firstChild = cleaned
    head.pointee.stage = .cleaned
  }

  private func takeChild() -> FrameworkObject? {
    guard head.pointee.firstChild != nil else { return nil }
    lockAddress.pointee.lock()
    let child = head.pointee.firstChild.map(FrameworkObject.init)
    if let child { unlink(child) }
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

  private func releaseFromTree() {
    if r3_cas32(field(\.references), 1, 0) { return destroyAtLevel() }
    // Somebody holds it: the parent must not be destroyed before it.
    if let parent {
      parent.reference()
      head.pointee.flags.insert(.holdsParent)
    }
    release()
  }

  // MARK: References

  /// Takes a reference.
  @inline(__always)
  package func reference() { _ = r3_add32(field(\.references), 1) }

  /// Lets a reference go; the last one destroys the object.
  @inline(__always)
  package func release() {
    if r3_add32(field(\.references), .max) == 1 { lastReferenceGone() }
  }

  @inline(never)
  private func lastReferenceGone() {
    // Nobody has deleted it: a reference too few.
    if head.pointee.stage == .live { Framework.current.violation(.objectError, handle) }
    destroyAtLevel()
  }

  private func destroyAtLevel() {
    guard needsPassive, CurrentThread.irql > IRQL.passive else { return destroy() }
    Machine.current.workers.queue(
      { context in
        guard let context else { return }
        FrameworkObject(context.assumingMemoryBound(to: ObjectHead.self)).destroy()
      }, UnsafeMutableRawPointer(head))
  }

  /// Calls the destroy callbacks and frees the object.
  private func destroy() {
    // From here on the driver may only look at contexts.
    head.pointee.kind = .none
    if head.pointee.contexts != nil { callDestroy() }
    let parent = head.pointee.flags.contains(.holdsParent) ? parent : nil
    let framework = Framework.current
    let destroy = framework.state.pointee.classes[Int(kind.rawValue)].destroy
    destroy?(UnsafeMutableRawPointer(head))
    free()
    parent?.release()
  }
}
