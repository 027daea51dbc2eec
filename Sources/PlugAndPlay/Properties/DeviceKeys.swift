import CDriverKit
import IOManager
import Machine
import Objects
import SystemServices

// What the registry knows of a device: its hardware key below Enum, its software key below Class.
extension PlugAndPlay {
  static let control = #"\MACHINE\SYSTEM\CurrentControlSet\"#

  /// The class of devices of which nothing is known.
  private static let unclassified = "{4d36e97e-e325-11ce-bfc1-08002be10318}"

  /// Path of the hardware key.
  func hardwareKey(_ node: NodePointer) -> String {
    Self.control + #"Enum\"# + node.pointee.instancePath.string
  }

  /// Path of the software key, made known in the hardware key by a number of its own.
  func softwareKey(_ node: NodePointer) -> String {
    Self.control + #"Control\Class\"# + driverKeyName(node)
  }

  func driverKeyName(_ node: NodePointer) -> String {
    if let name = string(node, "Driver") { return name }
    let digits = String(node.pointee.number)
    let name =
      (string(node, "ClassGUID") ?? Self.unclassified) + "\\"
      + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    set(node, "Driver", name)
    return name
  }

  /// Writes what the bus says of a new device; what is there already, from the start, is left.
  func record(_ node: NodePointer, description: StoredText?, location: StoredText?) {
    machine.makeRegistryKey(hardwareKey(node))
    if let description, string(node, "DeviceDesc") == nil {
      set(node, "DeviceDesc", description.string)
    }
    if let location { set(node, "LocationInformation", location.string) }
    setList(node, "HardwareID", node.pointee.hardwareIDs)
    setList(node, "CompatibleIDs", node.pointee.compatibleIDs)
  }

  /// Writes which drivers the device has.
  func recordDrivers(of node: NodePointer) {
    guard node.pointee.driverCount > 0, let drivers = node.pointee.drivers else { return }
    // Filters above or below are not told apart: the topmost one is named.
    let name = drivers[node.pointee.driverCount - 1].pointee.DriverExtension.pointee.ServiceKeyName
    let text = UTF16Text(start: name.Buffer, count: Int(name.Length) / 2)
    set(node, "Service", String(decoding: text, as: UTF16.self))
    // An installation gives every device a description and a class.
    if string(node, "DeviceDesc") == nil {
      set(
        node, "DeviceDesc",
        node.pointee.hardwareIDs.strings.first ?? node.pointee.instancePath.string)
    }
    if string(node, "ClassGUID") == nil {
      set(node, "ClassGUID", Self.unclassified)
      if string(node, "Class") == nil { set(node, "Class", "Unknown") }
    }
    machine.makeRegistryKey(softwareKey(node))
  }

  private func set(_ node: NodePointer, _ name: String, _ value: String) {
    let units = Array((value + "\0").utf16)
    units.withUnsafeBytes {
      machine.setRegistryValue(hardwareKey(node), name, type: UInt32(REG_SZ), $0)
    }
  }

  private func setList(_ node: NodePointer, _ name: String, _ list: StoredText) {
    guard !list.isEmpty else { return }
    let bytes = UnsafeRawBufferPointer(start: list.start, count: (list.count + 1) * 2)
    machine.setRegistryValue(hardwareKey(node), name, type: UInt32(REG_MULTI_SZ), bytes)
  }

  /// A string of the hardware key.
  func string(_ node: NodePointer, _ name: String) -> String? {
    guard let value = machine.registryValue(hardwareKey(node), name),
      value.type == UInt32(REG_SZ) || value.type == UInt32(REG_EXPAND_SZ)
    else { return nil }
    return value.bytes.withUnsafeBytes { bytes in
      String(decoding: bytes.bindMemory(to: UInt16.self).prefix { $0 != 0 }, as: UTF16.self)
    }
  }
}

/// `IoOpenDeviceRegistryKey`, for drivers and for the layers above.
@c(r3_IoOpenDeviceRegistryKey)
package func ioOpenDeviceRegistryKey(
  _ device: DevicePointer, _ kind: UInt32, _ access: UInt32, _ handle: UnsafeMutablePointer<UInt>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  guard let node = manager.node(of: device), !node.pointee.instancePath.isEmpty else {
    return PnpStatus.invalidDeviceRequest
  }
  let path: String
  switch kind & ~UInt32(PLUGPLAY_REGKEY_CURRENT_HWPROFILE) {
  case UInt32(PLUGPLAY_REGKEY_DEVICE): path = manager.hardwareKey(node) + #"\Device Parameters"#
  case UInt32(PLUGPLAY_REGKEY_DRIVER): path = manager.softwareKey(node)
  default: return PnpStatus.invalidParameter
  }
  var value: UInt = 0
  let status = manager.machine.openRegistryKey(path, makes: true, access: access, &value)
  if status == 0 { handle.pointee = value }
  return Int32(bitPattern: status)
}
