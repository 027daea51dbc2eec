import CDriverKit
import IOManager
import Machine
import Objects
import SystemServices

typealias InterfacePointer = UnsafeMutablePointer<DeviceInterface>

/// An interface of a device: a name by which programs and drivers find it; plain memory.
struct DeviceInterface {
  var next: InterfacePointer?
  let number: UInt64
  let guid: GUID
  /// The physical device object; valid while its node is in the tree.
  let device: DevicePointer
  /// What drivers and programs open: `\??\ROOT#RING3#0000#{…}\reference`.
  let link: StoredText
  /// Path of the symbolic link, without the reference string.
  let linkObject: StoredText
  var isEnabled = false
  /// Whether those who watch have been told that it is there.
  var isAnnounced = false
}

extension InterfacePointer {
  func destroy() {
    pointee.link.free()
    pointee.linkObject.free()
    deallocate()
  }
}

/// A copy of a driver's string in memory of the host.
func stored(_ string: UnsafePointer<UNICODE_STRING>?) -> StoredText {
  guard let string, let buffer = string.pointee.Buffer else {
    return StoredText(UTF16Text(start: nil, count: 0))
  }
  return StoredText(UTF16Text(start: buffer, count: Int(string.pointee.Length) / 2))
}

extension PlugAndPlay {
  func forEachInterface(_ body: (InterfacePointer) -> Void) {
    var next = state.pointee.firstInterface
    while let interface = next {
      next = interface.pointee.next
      body(interface)
    }
  }

  /// The interface of a link; under the lock.
  func interface(link: UTF16Text) -> InterfacePointer? {
    var found: InterfacePointer?
    forEachInterface { if isSame($0.pointee.link.text, link) { found = $0 } }
    return found
  }

  func isInterface(_ link: StoredText) -> Bool {
    locked { interface(link: link.text) != nil }
  }

  /// Registers an interface, or finds the one that is registered; nil for a device without a name.
  func register(_ guid: GUID, _ device: DevicePointer, reference: StoredText) -> InterfacePointer? {
    guard let node = node(of: device), !node.pointee.instancePath.isEmpty,
      !machine.objects.path(of: UnsafeMutableRawPointer(device)).isEmpty
    else { return nil }
    let name =
      node.pointee.instancePath.string.replacing("\\", with: "#") + "#" + text(of: guid)
    let tail = reference.isEmpty ? "" : "\\" + reference.string
    let link = StoredText(#"\??\"# + name + tail)
    if let known = locked({ self.interface(link: link.text) }) {
      link.free()
      return known
    }
    machine.makeRegistryKey(interfaceKey(guid, name, reference.string))
    let interface = InterfacePointer.allocate(capacity: 1)
    return locked { () -> InterfacePointer in
      let number = state.pointee.nextNodeNumber
      state.pointee.nextNodeNumber += 1
      interface.initialize(
        to: DeviceInterface(
          number: number, guid: guid, device: device, link: link,
          linkObject: StoredText(#"\GLOBAL??\"# + name)))
      // The oldest first: that is the order in which programs find them.
      guard var last = state.pointee.firstInterface else {
        state.pointee.firstInterface = interface
        return interface
      }
      while let next = last.pointee.next { last = next }
      last.pointee.next = interface
      return interface
    }
  }

  /// Path of the registry key of an interface.
  private func interfaceKey(_ guid: GUID, _ name: String, _ reference: String) -> String {
    Self.control + #"Control\DeviceClasses\"# + text(of: guid) + "\\##?#" + name + "\\#" + reference
  }

  /// Path of the registry key of an interface by its link; nil for an unknown one.
  func interfaceKey(link: StoredText) -> String? {
    guard let interface = locked({ interface(link: link.text) }) else { return nil }
    let name = interface.pointee.linkObject.string.dropFirst(#"\GLOBAL??\"#.count)
    let full = interface.pointee.link.string.dropFirst(#"\??\"#.count)
    let reference = full.dropFirst(name.count + 1)
    return interfaceKey(interface.pointee.guid, String(name), String(reference))
  }

  /// The links of the enabled interfaces of a class, the oldest first; for programs.
  package func links(ofClass guid: GUID) -> [String] {
    locked {
      var links: [String] = []
      forEachInterface { interface in
        if interface.pointee.isEnabled, isSame(interface.pointee.guid, guid) {
          links.append(interface.pointee.link.string)
        }
      }
      return links
    }
  }

  /// The links of the enabled interfaces of a device, the oldest first.
  package func links(of node: NodePointer) -> [String] {
    locked {
      var links: [String] = []
      forEachInterface { interface in
        if interface.pointee.isEnabled, interface.pointee.device == node.pointee.device {
          links.append(interface.pointee.link.string)
        }
      }
      return links
    }
  }
}
