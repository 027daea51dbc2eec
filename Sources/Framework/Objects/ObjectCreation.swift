import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

extension Framework {
  /// Makes an object: head, body, first context and callbacks in one block, and its handle.
  ///
  /// The body is written by `initialize`, head included. The object joins its parent's children
  /// with ``attach(_:to:)`` when the caller has done what may still fail; until then ``discard(_:)``
  /// undoes it without a callback.
  ///
  /// - Parameter room: bytes that the caller uses behind everything else, aligned to 16.
  /// - Returns: nil without memory.
  @inline(__always)
  func make<Body>(
    _ body: Body, _ attributes: ObjectAttributes, room: Int = 0, kind: PoolKind = .nonpaged,
    tag: UInt32? = nil
  ) -> UnsafeMutablePointer<Body>? {
    let bodySize = (MemoryLayout<Body>.size + 15) & ~15
    let globals = withUnsafeBytes(of: body) { $0.load(as: ObjectHead.self).globals }
    guard
      let block = machine.pool.allocate(
        bodySize + attributes.contextBlockSize + room, kind: kind,
        tag: tag ?? globals.pointee.visible.DriverTag)
    else { return nil }
    let result = block.bindMemory(to: Body.self, capacity: 1)
    result.initialize(to: body)
    guard finish(FrameworkObject(result), attributes, context: block + bodySize) else {
      machine.pool.free(block)
      return nil
    }
    return result
  }

  /// Gives an object its handle and its first context; false when there are no more handles.
  @inline(__always)
  func finish(
    _ object: FrameworkObject, _ attributes: ObjectAttributes, context: UnsafeMutableRawPointer
  ) -> Bool {
    guard let handle = state.pointee.handles.insert(object.head) else { return false }
    object.finish(handle, attributes, context: context)
    return true
  }

  /// Where ``make(_:_:room:kind:tag:)`` left room behind an object.
  func room<Body>(of body: UnsafeMutablePointer<Body>, _ attributes: ObjectAttributes)
    -> UnsafeMutableRawPointer
  {
    UnsafeMutableRawPointer(body) + (MemoryLayout<Body>.size + 15) & ~15
      + attributes.contextBlockSize
  }

  /// Makes an object a child of `parent`.
  ///
  /// - Returns: STATUS_DELETE_PENDING when the parent is being deleted.
  func attach(_ object: FrameworkObject, to parent: FrameworkObject) -> Int32 {
    if parent == object { return FrameworkStatus.parentIsSelf }
    if object.head.pointee.parent != nil { return FrameworkStatus.parentAlreadyAssigned }
    let device = parent.kind == .device ? parent.head : parent.head.pointee.device
    if object.kind != .device { object.head.pointee.device = device }
    parent.lockAddress.pointee.lock()
    let isLive = !parent.head.pointee.isEnding
    if isLive { parent.link(object) }
    parent.lockAddress.pointee.unlock()
    return isLive ? 0 : FrameworkStatus.deletePending
  }

  /// Undoes the making of an object that no driver has seen: no callback is called.
  func discard(_ object: FrameworkObject) {
    let destroy = state.pointee.classes[Int(object.kind.rawValue)].destroy
    destroy?(UnsafeMutableRawPointer(object.head))
    object.free(self)
  }
}

extension FrameworkObject {
  /// Takes over a handle, the levels that were asked for, and the first context.
  @inline(__always)
  func finish(
    _ handle: UInt64, _ attributes: ObjectAttributes, context: UnsafeMutableRawPointer
  ) {
    head.pointee.handle = handle
    head.pointee.executionLevel = attributes.executionLevel
    head.pointee.synchronizationScope = attributes.synchronizationScope
    if attributes.needsContext {
      head.pointee.contexts = initializeContext(at: context, attributes, isSeparate: false)
    }
  }

  /// Puts a child in front of the others; under this object's lock.
  fileprivate func link(_ child: FrameworkObject) {
    child.head.pointee.parent = head
    child.head.pointee.previousSibling = nil
    child.head.pointee.nextSibling = head.pointee.firstChild
    head.pointee.firstChild?.pointee.previousSibling = child.head
    head.pointee.firstChild = child.head
    child.head.pointee.flags.insert(.linked)
  }

  /// Takes a child out of the list, if it is in; under this object's lock.
  func unlink(_ child: FrameworkObject) {
    guard child.head.pointee.flags.contains(.linked) else { return }
    child.head.pointee.flags.remove(.linked)
    let next = child.head.pointee.nextSibling
    let previous = child.head.pointee.previousSibling
    if let previous { previous.pointee.nextSibling = next } else { head.pointee.firstChild = next }
    next?.pointee.previousSibling = previous
    child.head.pointee.nextSibling = nil
    child.head.pointee.previousSibling = nil
  }

  /// Gives back handle, contexts and memory.
  func free(_ framework: Framework) {
    if head.pointee.tags != nil { freeTags() }
    if head.pointee.contexts != nil { freeContexts() }
    if head.pointee.flags.contains(.keepsHandle) {
      framework.state.pointee.classes[Int(kind.rawValue)].recycle?(UnsafeMutableRawPointer(head))
      return
    }
    framework.state.pointee.handles.remove(handle)
    framework.machine.pool.free(UnsafeMutableRawPointer(head))
  }
}
