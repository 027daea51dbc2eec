import CDriverKit
import IOManager
import Machine
import NTTypes
import Objects

extension PlugAndPlay {
  /// Removes a device in an orderly way: all that are concerned are asked first.
  ///
  /// Under the tree lock.
  ///
  /// - Parameters:
  ///   - problem: why the device does not work any more, when its node stays.
  ///   - isGone: whether the device goes from its bus as well.
  /// - Returns: success, or the status of who objects: a driver, who watches the device, or
  ///   STATUS_DEVICE_BUSY for open files.
  package func remove(_ node: NodePointer, _ problem: DeviceProblem, isGone: Bool) -> Int32 {
    if node.hasStack, node.pointee.state != .surpriseRemoved {
      let status = queryRemove(node)
      guard status == PnpStatus.success else {
        cancelRemove(node)
        return status
      }
    }
    node.forEachUpward { lower in
      lower.pointee.isGone = lower != node || isGone
      guard lower.hasStack else { return }
      removeStack(lower)
      announce(.removeComplete, node: lower)
    }
    if !isGone { setProblem(problem, 0, of: node) }
    finishAllRemovals()
    return PnpStatus.success
  }

  /// Asks who watches the devices, then their drivers, children first; then nobody may have a file open.
  private func queryRemove(_ node: NodePointer) -> Int32 {
    var status = PnpStatus.success
    node.forEachUpward { lower in
      guard status >= 0, lower.pointee.state == .started else { return }
      lower.pointee.state = .queryRemoved
      setExtensionFlags(of: lower, DeviceRecord.removePending, isOn: true)
      status = askToRemove(lower)
    }
    guard status >= 0 else { return status }
    node.forEachUpward { lower in
      guard status >= 0, lower.pointee.state == .queryRemoved else { return }
      lower.pointee.isInTransition = true
      status = send(IRP_MN_QUERY_REMOVE_DEVICE, to: lower)
    }
    guard status >= 0 else { return status }
    var openCount = 0
    node.forEachUpward { openCount += self.openCount(of: $0) }
    return openCount == 0 ? PnpStatus.success : PnpStatus.deviceBusy
  }

  /// Tells all that were asked that nothing comes of it, parents first.
  private func cancelRemove(_ node: NodePointer) {
    node.forEachDownward { lower in
      guard lower.pointee.state == .queryRemoved else { return }
      if lower.pointee.isInTransition { send(IRP_MN_CANCEL_REMOVE_DEVICE, to: lower) }
      lower.pointee.isInTransition = false
      setExtensionFlags(of: lower, DeviceRecord.removePending, isOn: false)
      lower.pointee.state = .started
      announce(.removeCancelled, node: lower)
    }
  }

  /// Removes a device and has its bus eject it; then the bus says whether it is gone.
  package func eject(_ node: NodePointer) -> Int32 {
    let status = remove(node, .heldForEject, isGone: false)
    guard status >= 0 else { return status }
    send(IRP_MN_EJECT, to: node)
    if let parent = node.pointee.parent {
      if parent.isRoot { return remove(node, .heldForEject, isGone: true) }
      enumerate(parent)
    }
    return status
  }
}
