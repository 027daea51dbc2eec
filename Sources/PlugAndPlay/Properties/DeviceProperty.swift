import CDriverKit
import IOManager
import Machine
import Objects
import SystemServices

extension PlugAndPlay {
  /// The bytes of a property of a device; nil when it has none.
  func property(_ property: DEVICE_REGISTRY_PROPERTY, of node: NodePointer) -> [UInt8]? {
    switch property {
    case DevicePropertyDeviceDescription: value(node, "DeviceDesc")
    case DevicePropertyHardwareID: list(node.pointee.hardwareIDs)
    case DevicePropertyCompatibleIDs: list(node.pointee.compatibleIDs)
    case DevicePropertyBootConfiguration, DevicePropertyBootConfigurationTranslated: nil
    case DevicePropertyClassName: value(node, "Class")
    case DevicePropertyClassGuid: value(node, "ClassGUID")
    case DevicePropertyDriverKeyName: characters(driverKeyName(node))
    case DevicePropertyManufacturer: value(node, "Mfg")
    case DevicePropertyFriendlyName: value(node, "FriendlyName")
    case DevicePropertyLocationInformation: value(node, "LocationInformation")
    case DevicePropertyPhysicalDeviceObjectName: objectName(node)
    case DevicePropertyBusTypeGuid: node.pointee.busInformation.map { bytes($0.BusTypeGuid) }
    case DevicePropertyLegacyBusType: node.pointee.busInformation.map { bytes($0.LegacyBusType) }
    case DevicePropertyBusNumber: node.pointee.busInformation.map { bytes($0.BusNumber) }
    case DevicePropertyEnumeratorName:
      characters(String(node.pointee.instancePath.string.prefix { $0 != "\\" }))
    case DevicePropertyAddress: known(node.pointee.capabilities.Address)
    case DevicePropertyUINumber: known(node.pointee.capabilities.UINumber)
    case DevicePropertyInstallState:
      // InstallStateInstalled, InstallStateFailedInstall
      bytes(UInt32(node.pointee.driverCount > 0 ? 0 : 2))
    case DevicePropertyRemovalPolicy: bytes(removalPolicy(node))
    case DevicePropertyAllocatedResources: resources(node)
    default: nil
    }
  }

  private func value(_ node: NodePointer, _ name: String) -> [UInt8]? {
    machine.registryValue(hardwareKey(node), name)?.bytes
  }

  private func list(_ text: StoredText) -> [UInt8]? {
    text.isEmpty
      ? nil : Array(UnsafeRawBufferPointer(start: text.start, count: (text.count + 1) * 2))
  }

  private func characters(_ string: String) -> [UInt8] {
    Array((string + "\0").utf16).withUnsafeBytes { Array($0) }
  }

  private func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  private func known(_ value: UInt32) -> [UInt8]? { value == .max ? nil : bytes(value) }

  /// The name of the physical device object; one without a name has an empty one.
  private func objectName(_ node: NodePointer) -> [UInt8]? {
    guard let device = node.pointee.device else { return nil }
    let path = machine.objects.path(of: UnsafeMutableRawPointer(device))
    return path.isEmpty ? [] : (path + [0]).withUnsafeBytes { Array($0) }
  }

  /// RemovalPolicyExpectNoRemoval 1, ExpectOrderlyRemoval 2, ExpectSurpriseRemoval 3.
  private func removalPolicy(_ node: NodePointer) -> UInt32 {
    guard node.pointee.capabilities.Removable != 0 else { return 1 }
    return node.pointee.capabilities.SurpriseRemovalOK != 0 ? 3 : 2
  }

  private func resources(_ node: NodePointer) -> [UInt8]? {
    let blocks = node.pointee.resources
    return blocks.raw.map { Array(UnsafeRawBufferPointer(start: $0, count: blocks.byteCount)) }
  }
}

/// `IoGetDeviceProperty`, for drivers and for the layers above.
@c(r3_IoGetDeviceProperty)
package func ioGetDeviceProperty(
  _ device: DevicePointer, _ property: UInt32, _ length: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ resultLength: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  guard let node = manager.node(of: device) else { return PnpStatus.invalidDeviceRequest }
  // DevicePropertyContainerID is the last.
  guard property <= 22 else { return -0x3FFF_FF10 }  // STATUS_INVALID_PARAMETER_2
  guard let bytes = manager.property(DEVICE_REGISTRY_PROPERTY(rawValue: property), of: node) else {
    resultLength.pointee = 0
    return PnpStatus.objectNameNotFound
  }
  resultLength.pointee = UInt32(bytes.count)
  guard Int(length) >= bytes.count else { return PnpStatus.bufferTooSmall }
  if let buffer { buffer.copyMemory(from: bytes, byteCount: bytes.count) }
  return PnpStatus.success
}
