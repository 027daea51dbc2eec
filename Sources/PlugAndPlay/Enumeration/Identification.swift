import CDriverKit
import IOManager
import Machine
import NTTypes
import Objects

extension PlugAndPlay {
  /// Asks a new device who it is; without an identifier it has a problem and nothing more is asked.
  func initialize(_ node: NodePointer) {
    guard let deviceID = identifier(Int(BusQueryDeviceID.rawValue), of: node) else {
      setProblem(.invalidData, 0, of: node)
      return
    }
    _ = queryCapabilities(node)
    let instanceID = identifier(Int(BusQueryInstanceID.rawValue), of: node)
    node.pointee.instancePath = instancePath(node, deviceID, instanceID ?? .none)
    deviceID.free()
    instanceID?.free()
    checkIdentity(of: node)
    let description = deviceText(DeviceTextDescription, of: node)
    let place = deviceText(DeviceTextLocationInformation, of: node)
    if let list = identifier(Int(BusQueryHardwareIDs.rawValue), of: node) {
      node.pointee.hardwareIDs = list
    }
    if let list = identifier(Int(BusQueryCompatibleIDs.rawValue), of: node) {
      node.pointee.compatibleIDs = list
    }
    queryBusInformation(node)
    record(node, description: description, location: place)
    description?.free()
    place?.free()
    node.pointee.state = .initialized
    var information: UInt = 0
    if let device = node.pointee.device {
      _ = send(IRP_MN_DEVICE_ENUMERATED, to: device, &information)
    }
  }

  /// Device and instance identifier as one path; what is not unique gets its parent's number.
  private func instancePath(
    _ node: NodePointer, _ deviceID: StoredText, _ instanceID: StoredText
  ) -> StoredText {
    var instance = instanceID.string
    if node.pointee.capabilities.UniqueID == 0, let parent = node.pointee.parent {
      var hash: UInt32 = 0
      for unit in parent.pointee.instancePath.text { hash = hash &* 37 &+ UInt32(unit) }
      instance = "1&\(String(hash, radix: 16))&0" + (instance.isEmpty ? "" : "&" + instance)
    }
    return StoredText(deviceID.string.uppercased() + "\\" + instance)
  }

  /// PNP_DETECTED_FATAL_ERROR: two devices with the same path.
  private func checkIdentity(of node: NodePointer) {
    var next: NodePointer? = root
    while let other = next {
      if other != node, isSame(other.pointee.instancePath.text, node.pointee.instancePath.text) {
        machine.bugCheck(0xCA, 1, bits(node.pointee.device), bits(other.pointee.device), 0)
      }
      next = other.following(below: root)
    }
  }
}
