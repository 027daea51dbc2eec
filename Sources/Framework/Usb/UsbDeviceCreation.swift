import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import PlugAndPlay

@c(r3_WdfUsbTargetDeviceCreate)
package func wdfUsbTargetDeviceCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.createUsbDevice(handle, nil, given, result)
}

@c(r3_WdfUsbTargetDeviceCreateWithParameters)
package func wdfUsbTargetDeviceCreateWithParameters(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ configuration: UnsafePointer<WDF_USB_DEVICE_CREATE_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let configuration = framework.require(configuration).pointee
  guard configuration.Size == UInt32(MemoryLayout<WDF_USB_DEVICE_CREATE_CONFIG>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  return framework.createUsbDevice(
    handle, configuration.USBDClientContractVersion, given, result)
}

extension Framework {
  /// Makes the target of a USB device, and asks the device what it is.
  fileprivate func createUsbDevice(
    _ handle: UInt64, _ contract: UInt32?, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
    _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let owner = device(handle)
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive), owner.pointee.attachedTo != nil else {
      return FrameworkStatus.invalidDeviceRequest
    }
    var attributes = ObjectAttributes()
    var status = self.attributes(given, into: &attributes)
    if status < 0 { return status }
    if let parent = attributes.parent, parent.owningDevice != owner.object {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard let device = make(UsbDeviceBody(target: usbTarget(owner, .usbDevice)), attributes) else {
      return FrameworkStatus.insufficientResources
    }
    prepareUsbTarget(device.target)
    status = ask(device, contract)
    if status < 0 {
      discard(device.object)
      return status
    }
    status = publish(device.object, attributes, default: owner.object, result)
    if status < 0 { return status }
    status = makeInterfaces(of: device)
    if status < 0 {
      result.pointee = 0
      device.object.delete()
    }
    return status
  }

  private func ask(_ device: UsbDevicePointer, _ contract: UInt32?) -> Int32 {
    if let contract {
      let status = usbdCreateHandle(
        device.target.pointee.device.pointee.wdmDevice, device.target.pointee.wdmDevice, contract,
        device.globals.pointee.visible.DriverTag, device.client)
      if status < 0 { return status }
    }
    var status = readDescriptors(of: device)
    if status < 0 { return status }
    var word: UInt16 = 0
    status = getUsbStatus(device, &word)
    if status >= 0, word & UInt16(USB_GETSTATUS_SELF_POWERED) != 0 {
      device.pointee.traits |= UInt32(WDF_USB_DEVICE_TRAIT_SELF_POWERED.rawValue)
    }
    if (device.pointee.configuration?[7] ?? 0) & UInt8(USB_CONFIG_REMOTE_WAKEUP) != 0 {
      device.pointee.traits |= UInt32(WDF_USB_DEVICE_TRAIT_REMOTE_WAKE_CAPABLE.rawValue)
    }
    return queryBus(device)
  }

  private func readDescriptors(of device: UsbDevicePointer) -> Int32 {
    var device18 = USB_DEVICE_DESCRIPTOR()
    var status = withUnsafeMutableBytes(of: &device18) {
      getDescriptor(device, UInt8(USB_DEVICE_DESCRIPTOR_TYPE), 0, 0, $0)
    }
    if status < 0 { return status }
    device.pointee.descriptor = device18
    var head = USB_CONFIGURATION_DESCRIPTOR()
    status = withUnsafeMutableBytes(of: &head) {
      getDescriptor(device, UInt8(USB_CONFIGURATION_DESCRIPTOR_TYPE), 0, 0, $0)
    }
    if status < 0 { return status }
    let count = Int(head.wTotalLength)
    // STATUS_DEVICE_DATA_ERROR
    guard count >= 9 else { return Int32(bitPattern: 0xC000_009C) }
    guard
      let block = machine.pool.allocate(
        count, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    memset(block, 0, count)
    device.pointee.configuration = block.assumingMemoryBound(to: UInt8.self)
    device.pointee.configurationByteCount = count
    status = getDescriptor(
      device, UInt8(USB_CONFIGURATION_DESCRIPTOR_TYPE), 0, 0,
      UnsafeMutableRawBufferPointer(start: block, count: count))
    if status < 0 { return status }
    let total = Int(block.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    return total == count ? 0 : Int32(bitPattern: 0xC000_009C)
  }

  /// Asks the bus for its interface; one that has none is fine.
  private func queryBus(_ device: UsbDevicePointer) -> Int32 {
    guard let below = device.target.pointee.wdmDevice else { return 0 }
    let bus = device.field(\.bus)
    let status = machine.plugAndPlay.queryUsbInterface(of: below, bus)
    guard status >= 0 else {
      bus.pointee = USB_BUS_INTERFACE_USBDI_V1()
      return status == FrameworkStatus.notSupported ? 0 : status
    }
    if let routine = UnsafeMutableRawPointer(bus.pointee.IsDeviceHighSpeed),
      r3_call1(routine, bits(bus.pointee.BusContext)) & 0xFF != 0
    {
      device.pointee.traits |= UInt32(WDF_USB_DEVICE_TRAIT_AT_HIGH_SPEED.rawValue)
    }
    if let routine = UnsafeMutableRawPointer(bus.pointee.GetUSBDIVersion) {
      _ = r3_call3(
        routine, bits(bus.pointee.BusContext), bits(device.field(\.version)),
        bits(device.field(\.portCapabilities)))
    }
    return 0
  }
}

extension UnsafeMutablePointer where Pointee == UsbDeviceBody {
  func field<T>(_ path: WritableKeyPath<UsbDeviceBody, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<UsbDeviceBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  /// Where the handle of the contract lies.
  var client: UnsafeMutablePointer<UnsafeMutableRawPointer?> { field(\.client) }
}
