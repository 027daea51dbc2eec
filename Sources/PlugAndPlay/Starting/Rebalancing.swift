import CDriverKit
import Hardware
import IOManager
import Machine

extension PlugAndPlay {
  /// Stops a device and those below it: asks all, then tells all; an objection is taken to all.
  ///
  /// - Returns: the status of the driver that objected, or success. Under the tree lock.
  package func stop(_ node: NodePointer) -> Int32 {
    guard node.pointee.state == .started else { return PnpStatus.invalidDeviceState }
    var status = PnpStatus.success
    node.forEachUpward { node in
      guard status >= 0, node.pointee.state == .started else { return }
      node.pointee.state = .queryStopped
      status = send(IRP_MN_QUERY_STOP_DEVICE, to: node)
    }
    guard status >= 0 else {
      node.forEachDownward { node in
        guard node.pointee.state == .queryStopped else { return }
        send(IRP_MN_CANCEL_STOP_DEVICE, to: node)
        node.pointee.state = .started
      }
      return status
    }
    node.forEachUpward { node in
      guard node.pointee.state == .queryStopped else { return }
      send(IRP_MN_STOP_DEVICE, to: node)
      takeResources(from: node)
      node.pointee.state = .stopped
    }
    return status
  }

  /// Starts a stopped device again, and those below it, perhaps with other resources.
  package func restart(_ node: NodePointer) -> Int32 {
    guard node.pointee.state == .stopped else { return PnpStatus.invalidDeviceState }
    start(node)
    guard node.pointee.state == .started else { return node.pointee.problemStatus }
    var next = node.pointee.firstChild
    while let child = next {
      next = child.pointee.next
      if child.pointee.state == .stopped { _ = restart(child) }
    }
    return PnpStatus.success
  }

  /// Stops a device and starts it again.
  package func rebalance(_ node: NodePointer) -> Int32 {
    let status = stop(node)
    return status < 0 ? status : restart(node)
  }

  /// Gives a device other resources from its next start on.
  package func setResources(_ resources: DeviceResources, of node: NodePointer) {
    node.pointee.resources.set(resources)
  }
}
