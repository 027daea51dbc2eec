import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Objects
import SystemServices

/// Gives a driver a string of its own; false without pool.
func give(
  _ text: UTF16Text, to string: UnsafeMutablePointer<UNICODE_STRING>, _ machine: Machine
) -> Bool {
  let byteCount = text.count * 2
  guard
    let block = machine.pool.allocate(
      byteCount + 2, kind: .paged, tag: PlugAndPlay.answerTag, zeroed: true)
  else { return false }
  copy(text, to: block)
  string.pointee = UNICODE_STRING(
    Length: UInt16(byteCount), MaximumLength: UInt16(byteCount + 2),
    Buffer: block.assumingMemoryBound(to: UInt16.self))
  return true
}

/// `IoRegisterDeviceInterface`, for drivers and for the layers above.
@c(r3_IoRegisterDeviceInterface)
package func ioRegisterDeviceInterface(
  _ device: DevicePointer, _ guid: UnsafePointer<GUID>,
  _ reference: UnsafePointer<UNICODE_STRING>?, _ link: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let reference = stored(reference)
  defer { reference.free() }
  let separator = UInt16(UInt8(ascii: "\\"))
  guard !reference.text.contains(where: { $0 == separator || $0 == UInt16(UInt8(ascii: "/")) })
  else { return PnpStatus.invalidDeviceRequest }
  guard let interface = manager.register(guid.pointee, device, reference: reference) else {
    return PnpStatus.invalidDeviceRequest
  }
  return give(interface.pointee.link.text, to: link, manager.machine)
    ? PnpStatus.success : PnpStatus.insufficientResources
}

/// `IoSetDeviceInterfaceState`, for drivers and for the layers above.
@c(r3_IoSetDeviceInterfaceState)
package func ioSetDeviceInterfaceState(_ link: UnsafePointer<UNICODE_STRING>?, _ enable: UInt32)
  -> Int32
{
  let link = stored(link)
  defer { link.free() }
  return Machine.current.plugAndPlay.setState(of: link, isEnabled: enable & 0xFF != 0)
}

/// `IoOpenDeviceInterfaceRegistryKey`, for drivers and for the layers above.
@c(r3_IoOpenDeviceInterfaceRegistryKey)
package func ioOpenDeviceInterfaceRegistryKey(
  _ link: UnsafePointer<UNICODE_STRING>?, _ access: UInt32, _ handle: UnsafeMutablePointer<UInt>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let link = stored(link)
  defer { link.free() }
  guard let path = manager.interfaceKey(link: link) else { return PnpStatus.objectNameNotFound }
  var value: UInt = 0
  let status = manager.machine.openRegistryKey(
    path + #"\Device Parameters"#, makes: true, access: access, &value)
  if status == 0 { handle.pointee = value }
  return Int32(bitPattern: status)
}

/// `IoGetDeviceInterfaces`, for drivers and for the layers above.
@c(r3_IoGetDeviceInterfaces)
package func ioGetDeviceInterfaces(
  _ guid: UnsafePointer<GUID>, _ device: DevicePointer?, _ flags: UInt32,
  _ list: UnsafeMutablePointer<UnsafeMutablePointer<UInt16>?>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let wanted = guid.pointee
  let isAll = flags & UInt32(DEVICE_INTERFACE_INCLUDE_NONACTIVE) != 0
  func forEach(_ body: (InterfacePointer) -> Void) {
    manager.forEachInterface { interface in
      guard isSame(interface.pointee.guid, wanted), isAll || interface.pointee.isEnabled,
        device == nil || interface.pointee.device == device
      else { return }
      body(interface)
    }
  }
  var count = 1
  manager.locked { forEach { count += $0.pointee.link.count + 1 } }
  guard
    let block = manager.machine.pool.allocate(
      count * 2, kind: .paged, tag: PlugAndPlay.answerTag, zeroed: true)
  else { return PnpStatus.insufficientResources }
  var offset = 0
  manager.locked {
    forEach { interface in
      // One that has come since finds no room.
      guard offset + interface.pointee.link.count + 2 <= count else { return }
      copy(interface.pointee.link.text, to: block + offset * 2)
      offset += interface.pointee.link.count + 1
    }
  }
  list.pointee = block.assumingMemoryBound(to: UInt16.self)
  return PnpStatus.success
}

@c(r3_IoGetDeviceInterfaceAlias)
func ioGetDeviceInterfaceAlias(
  _ link: UnsafePointer<UNICODE_STRING>?, _ guid: UnsafePointer<GUID>,
  _ alias: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let name = stored(link)
  defer { name.free() }
  let wanted = guid.pointee
  let found = manager.locked { () -> InterfacePointer? in
    guard let interface = manager.interface(link: name.text) else { return nil }
    let tail = interface.pointee.link.count - interface.pointee.linkObject.count
    var found: InterfacePointer?
    manager.forEachInterface { other in
      // The same device and the same reference string.
      if isSame(other.pointee.guid, wanted), other.pointee.device == interface.pointee.device,
        other.pointee.link.count - other.pointee.linkObject.count == tail,
        other.pointee.link.text.suffix(tail + 6).elementsEqual(
          interface.pointee.link.text.suffix(tail + 6))
      {
        found = other
      }
    }
    return found
  }
  guard let found else { return PnpStatus.objectNameNotFound }
  return give(found.pointee.link.text, to: alias, manager.machine)
    ? PnpStatus.success : PnpStatus.insufficientResources
}
