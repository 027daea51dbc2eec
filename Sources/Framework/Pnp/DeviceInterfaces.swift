import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

/// A device interface that a framework driver made.
struct InterfaceRecord {
  var next: UnsafeMutablePointer<InterfaceRecord>?
  let guid: GUID
  var reference = PoolText()
  /// The symbolic link, in paged pool of the Plug and Play manager.
  var link = UNICODE_STRING()
  /// Whether the framework enables it as the device starts; a driver may say no.
  var isAutomatic = true
}

@c(r3_WdfDeviceCreateDeviceInterface)
package func wdfDeviceCreateDeviceInterface(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ guid: UnsafePointer<GUID>?,
  _ reference: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  return framework.addInterface(
    framework.device(handle), framework.require(guid).pointee, reference)
}

@c(r3_WdfDeviceSetDeviceInterfaceState)
package func wdfDeviceSetDeviceInterfaceState(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ guid: UnsafePointer<GUID>?,
  _ reference: UnsafePointer<UNICODE_STRING>?, _ isEnabled: UInt32
) {
  let framework = Framework.current
  let device = framework.device(handle)
  let wanted = framework.require(guid).pointee
  guard let record = framework.interface(device, wanted, reference) else { return }
  record.pointee.isAutomatic = isEnabled & 0xFF != 0
  if device.pnp?.pointee.stage == .started {
    framework.set(record, isEnabled: isEnabled & 0xFF != 0)
  }
}

@c(r3_WdfDeviceSetDeviceInterfaceStateEx)
package func wdfDeviceSetDeviceInterfaceStateEx(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ guid: UnsafePointer<GUID>?,
  _ reference: UnsafePointer<UNICODE_STRING>?, _ isEnabled: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  guard framework.interface(device, framework.require(guid).pointee, reference) != nil else {
    return Int32(bitPattern: 0xC000_0034)  // STATUS_OBJECT_NAME_NOT_FOUND
  }
  wdfDeviceSetDeviceInterfaceState(globals, handle, guid, reference, isEnabled)
  return 0
}

@c(r3_WdfDeviceRetrieveDeviceInterfaceString)
package func wdfDeviceRetrieveDeviceInterfaceString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ guid: UnsafePointer<GUID>?,
  _ reference: UnsafePointer<UNICODE_STRING>?, _ string: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  guard let record = framework.interface(device, framework.require(guid).pointee, reference) else {
    return Int32(bitPattern: 0xC000_0034)  // STATUS_OBJECT_NAME_NOT_FOUND
  }
  let link = record.pointee.link
  return framework.assign(
    UnsafeRawPointer(link.Buffer), Int(link.Length) / 2, to: framework.string(string))
}

extension Framework {
  fileprivate func addInterface(
    _ device: UnsafeMutablePointer<DeviceBody>, _ guid: GUID,
    _ reference: UnsafePointer<UNICODE_STRING>?
  ) -> Int32 {
    guard let pnp = device.pnp, let physical = device.pointee.physicalDevice else {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<InterfaceRecord>.size, kind: .nonpaged, tag: PnpState.tag)
    else { return FrameworkStatus.insufficientResources }
    let record = block.bindMemory(to: InterfaceRecord.self, capacity: 1)
    record.initialize(to: InterfaceRecord(guid: guid))
    var status = FrameworkStatus.insufficientResources
    if record.pointee.reference.set(reference) {
      var guid = guid
      // A child that its bus has not reported yet is registered with its first start.
      status =
        known(physical) == nil
        ? 0 : ioRegisterDeviceInterface(physical, &guid, reference, &record.pointee.link)
    }
    if status < 0 {
      free(record)
      return status
    }
    record.pointee.next = pnp.pointee.interfaces
    pnp.pointee.interfaces = record
    if pnp.pointee.stage == .started { set(record, isEnabled: true) }
    return 0
  }

  /// Registers the interfaces that were made before the Plug and Play manager knew the device.
  func registerWaitingInterfaces(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard let physical = known(device.pointee.physicalDevice) else { return }
    var next = pnp.pointee.interfaces
    while let record = next {
      next = record.pointee.next
      guard record.pointee.link.Buffer == nil else { continue }
      var guid = record.pointee.guid
      var reference = record.pointee.reference.string
      let status = withUnsafePointer(to: &reference) { reference in
        ioRegisterDeviceInterface(
          physical, &guid, reference.pointee.Length > 0 ? reference : nil, &record.pointee.link)
      }
      if status < 0 { note("a device interface could not be registered") }
    }
  }

  private func free(_ record: UnsafeMutablePointer<InterfaceRecord>) {
    record.pointee.reference.free()
    if let link = record.pointee.link.Buffer { machine.pool.free(UnsafeMutableRawPointer(link)) }
    machine.pool.free(UnsafeMutableRawPointer(record), tag: PnpState.tag)
  }

  /// The interface of a device by class and reference string.
  func interface(
    _ device: UnsafeMutablePointer<DeviceBody>, _ guid: GUID,
    _ reference: UnsafePointer<UNICODE_STRING>?
  ) -> UnsafeMutablePointer<InterfaceRecord>? {
    var next = device.pnp?.pointee.interfaces
    while let record = next {
      if record.pointee.guid.isSame(guid), record.pointee.reference.isEqual(reference) {
        return record
      }
      next = record.pointee.next
    }
    return nil
  }

  func set(_ record: UnsafeMutablePointer<InterfaceRecord>, isEnabled: Bool) {
    guard record.pointee.link.Buffer != nil else { return }
    let status = ioSetDeviceInterfaceState(&record.pointee.link, isEnabled ? 1 : 0)
    // Disabling one that is not enabled is no error.
    if status < 0, isEnabled { note("a device interface could not be enabled") }
  }

  /// Enables or disables the interfaces of a device as it starts and stops being there.
  func setInterfaces(of pnp: UnsafeMutablePointer<PnpState>, isEnabled: Bool) {
    var next = pnp.pointee.interfaces
    while let record = next {
      if !isEnabled || record.pointee.isAutomatic { set(record, isEnabled: isEnabled) }
      next = record.pointee.next
    }
  }

  func freeInterfaces(of pnp: UnsafeMutablePointer<PnpState>) {
    while let record = pnp.pointee.interfaces {
      pnp.pointee.interfaces = record.pointee.next
      free(record)
    }
  }
}

extension PoolText {
  /// Whether a driver's string, or none, has the same characters.
  func isEqual(_ string: UnsafePointer<UNICODE_STRING>?) -> Bool {
    let otherCount = Int(string?.pointee.Length ?? 0) / 2
    guard otherCount == count else { return false }
    guard let start, let other = string?.pointee.Buffer else { return true }
    return (0..<count).allSatisfy { start[$0] == other[$0] }
  }
}
