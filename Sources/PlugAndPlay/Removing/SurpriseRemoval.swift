import CDriverKit
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  /// A device is gone without warning: its drivers are told, those of its children first.
  ///
  /// The stacks stay until their files are closed: ``finishAllRemovals()``. Under the tree lock.
  ///
  /// - Parameter isGone: whether the bus has lost the device; else its node stays in the tree.
  package func surpriseRemove(_ node: NodePointer, isGone: Bool) {
    node.forEachUpward { lower in
      lower.pointee.isGone = lower != node || isGone
      let wasStarted = lower.isStarted || lower.pointee.state == .stopped
      guard lower.hasStack, lower.pointee.state != .surpriseRemoved else { return }
      setExtensionFlags(of: lower, DeviceRecord.removePending, isOn: true)
      lower.pointee.state = .surpriseRemoved
      if wasStarted { send(IRP_MN_SURPRISE_REMOVAL, to: lower) }
      disableInterfaces(of: lower)
      announce(.removeComplete, node: lower)
    }
  }

  /// Removes the stacks of devices that are gone and whose files are closed.
  package func finishAllRemovals() {
    forEachChild(of: root) { finishRemovals($0) }
  }

  /// Goes on with a node and those below it, children first.
  private func finishRemovals(_ node: NodePointer) {
    forEachChild(of: node) { finishRemovals($0) }
    if node.pointee.state == .surpriseRemoved {
      guard node.pointee.firstChild == nil, openCount(of: node) == 0 else { return }
      removeStack(node)
    }
    guard node.pointee.isGone, node.pointee.firstChild == nil else { return }
    // A bus that has lost the device deletes it when it is told for the last time.
    if !node.hasStack, node.pointee.state != .surpriseRemoved { finallyRemove(node) }
  }

  /// The last request for a device that the bus has lost, unless it has just been sent.
  private func finallyRemove(_ node: NodePointer) {
    if !node.pointee.isToldGone { send(IRP_MN_REMOVE_DEVICE, to: node) }
    deleteNode(node)
  }

  /// Files that are open on any device of a stack.
  package func openCount(of node: NodePointer) -> Int {
    var count = 0
    var next = node.pointee.device
    while let device = next {
      count += Int(io.deviceRecord(device).pointee.openCount)
      next = device.pointee.AttachedDevice
    }
    return count
  }

  /// Tells the drivers to remove their devices: the stack is gone, the physical device may stay.
  func removeStack(_ node: NodePointer) {
    setExtensionFlags(of: node, DeviceRecord.removePending, isOn: true)
    disableInterfaces(of: node)
    forgetProviders(of: node)
    node.pointee.isToldGone = node.pointee.isGone
    node.pointee.isInTransition = false
    send(IRP_MN_REMOVE_DEVICE, to: node)
    takeResources(from: node)
    node.pointee.state = .removed
    node.pointee.answersBusRelations = false
    if !node.pointee.isGone {
      setExtensionFlags(
        of: node, DeviceRecord.removePending | DeviceRecord.startPending, isOn: false)
      // Nobody opens a device without drivers.
      setExtensionFlags(of: node, DeviceRecord.removeProcessed, isOn: true)
    }
  }
}
