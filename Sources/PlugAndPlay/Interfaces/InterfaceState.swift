import CDriverKit
import IOManager
import Machine
import Memory
import Objects

extension PlugAndPlay {
  /// Enables or disables an interface: makes or deletes its link and has all who watch told.
  func setState(of link: StoredText, isEnabled: Bool) -> Int32 {
    guard let interface = locked({ interface(link: link.text) }) else {
      return PnpStatus.objectNameNotFound
    }
    if interface.pointee.isEnabled == isEnabled {
      return isEnabled ? PnpStatus.objectNameExists : PnpStatus.objectNameNotFound
    }
    guard isEnabled else {
      disable(interface)
      return PnpStatus.success
    }
    let path = machine.objects.path(of: UnsafeMutableRawPointer(interface.pointee.device))
    let status = path.withUnsafeBufferPointer { path in
      machine.objects.makeSymbolicLink(interface.pointee.linkObject.text, to: path)
    }
    // Interfaces that differ only in their reference strings share the link.
    guard status == NameStatus.success || status == NameStatus.nameCollision else {
      return Int32(bitPattern: status)
    }
    interface.pointee.isEnabled = true
    queue(Action(.announceInterface, interface.pointee.device, value: interface.pointee.number))
    return PnpStatus.success
  }

  private func disable(_ interface: InterfacePointer) {
    interface.pointee.isEnabled = false
    let isShared = locked {
      var isShared = false
      forEachInterface { other in
        if other.pointee.isEnabled,
          isSame(other.pointee.linkObject.text, interface.pointee.linkObject.text)
        {
          isShared = true
        }
      }
      return isShared
    }
    if !isShared { _ = io.deleteLink(interface.pointee.linkObject.text) }
    guard interface.pointee.isAnnounced else { return }
    interface.pointee.isAnnounced = false
    queue(
      Action(
        .announceInterface, interface.pointee.device, value: interface.pointee.number,
        payload: departure(interface)))
  }

  /// Disables the interfaces of a device that goes.
  func disableInterfaces(of node: NodePointer) {
    forEachInterface { interface in
      if interface.pointee.device == node.pointee.device, interface.pointee.isEnabled {
        disable(interface)
      }
    }
  }

  /// Forgets the interfaces of a device that is gone for good.
  func forgetInterfaces(of node: NodePointer) {
    disableInterfaces(of: node)
    locked {
      var previous: InterfacePointer?
      forEachInterface { interface in
        guard interface.pointee.device == node.pointee.device else {
          previous = interface
          return
        }
        if let previous {
          previous.pointee.next = interface.pointee.next
        } else {
          state.pointee.firstInterface = interface.pointee.next
        }
        interface.destroy()
      }
    }
  }
}
