import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// What a USBD_HANDLE leads to: how a driver registered with the USB driver stack; in pool.
struct UsbClient {
  let mark: UInt64
  let target: DevicePointer
  let tag: UInt32
  let isHighSpeed: Bool
  let isSuperSpeed: Bool

  /// What every live handle begins with.
  static let liveMark: UInt64 = 0x5542_4453_4248_444C
}

func usbClient(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<UsbClient>? {
  guard let client = handle?.assumingMemoryBound(to: UsbClient.self),
    client.pointee.mark == UsbClient.liveMark
  else { return nil }
  return client
}

/// Registers a driver with the USB driver stack below its device.
@c(r3_USBD_CreateHandle)
package func usbdCreateHandle(
  _ device: DevicePointer?, _ target: DevicePointer?, _ version: UInt32, _ tag: UInt32,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard CurrentThread.irql == IRQL.passive else { return Int32(bitPattern: 0xC000_0148) }
  guard let result else { return PnpStatus.invalidParameter }
  result.pointee = nil
  guard device != nil, let target, version == UInt32(USBD_CLIENT_CONTRACT_VERSION_602), tag != 0
  else { return PnpStatus.invalidParameter }
  let manager = Machine.current.plugAndPlay
  var isHighSpeed = false
  let status = manager.askUsbSpeed(target, &isHighSpeed)
  if status < 0 { return status }
  guard
    let block = Machine.current.pool.allocate(
      MemoryLayout<UsbClient>.size, kind: .nonpaged, tag: tag)
  else { return PnpStatus.insufficientResources }
  block.bindMemory(to: UsbClient.self, capacity: 1).initialize(
    to: UsbClient(
      mark: UsbClient.liveMark, target: target, tag: tag, isHighSpeed: isHighSpeed,
      isSuperSpeed: manager.isSuperSpeed(target)))
  result.pointee = block
  return PnpStatus.success
}

@c(r3_USBD_CloseHandle)
package func usbdCloseHandle(_ handle: UnsafeMutableRawPointer?) {
  guard let client = usbClient(handle) else { return }
  let tag = client.pointee.tag
  memset(client, 0, 8)
  Machine.current.pool.free(UnsafeMutableRawPointer(client), tag: tag)
}

/// A request block for everything but isochronous transfers.
@c(r3_USBD_UrbAllocate)
func usbdUrbAllocate(
  _ handle: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  allocate(handle, MemoryLayout<URB>.size, result)
}

@c(r3_USBD_IsochUrbAllocate)
func usbdIsochUrbAllocate(
  _ handle: UnsafeMutableRawPointer?, _ packetCount: UInt32,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard packetCount <= 1024 else {
    result?.pointee = nil
    return PnpStatus.invalidParameter
  }
  let packets = Int(packetCount) * MemoryLayout<USBD_ISO_PACKET_DESCRIPTOR>.stride
  return allocate(handle, MemoryLayout<_URB_ISOCH_TRANSFER>.size + packets, result)
}

private func allocate(
  _ handle: UnsafeMutableRawPointer?, _ byteCount: Int,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let result else { return PnpStatus.invalidParameter }
  result.pointee = nil
  guard let client = usbClient(handle) else { return PnpStatus.invalidParameter }
  guard
    let block = Machine.current.pool.allocate(byteCount, kind: .nonpaged, tag: client.pointee.tag)
  else { return PnpStatus.insufficientResources }
  memset(block, 0, byteCount)
  result.pointee = block
  return PnpStatus.success
}

@c(r3_USBD_UrbFree)
func usbdUrbFree(_ handle: UnsafeMutableRawPointer?, _ urb: UnsafeMutableRawPointer?) {
  guard let client = usbClient(handle), let urb else { return }
  Machine.current.pool.free(urb, tag: client.pointee.tag)
}

@c(r3_USBD_AssignUrbToIoStackLocation)
func usbdAssignUrbToIoStackLocation(
  _ handle: UnsafeMutableRawPointer?, _ location: UnsafeMutablePointer<IO_STACK_LOCATION>,
  _ urb: UnsafeMutableRawPointer?
) {
  location.pointee.Parameters.Others.Argument1 = urb
}

@c(r3_USBD_IsInterfaceVersionSupported)
func usbdIsInterfaceVersionSupported(_ handle: UnsafeMutableRawPointer?, _ version: UInt32)
  -> UInt8
{
  usbClient(handle) != nil && version <= UInt32(USBD_INTERFACE_VERSION_602) ? 1 : 0
}

@c(r3_USBD_GetUSBDIVersion)
func usbdGetUSBDIVersion(_ version: UnsafeMutablePointer<USBD_VERSION_INFORMATION>?) {
  version?.pointee = UsbVersion.information(.high)
}

/// Whether the bus and the device can do something.
@c(r3_USBD_QueryUsbCapability)
package func usbdQueryUsbCapability(
  _ handle: UnsafeMutableRawPointer?, _ capability: UnsafePointer<GUID>?, _ byteCount: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ resultLength: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  resultLength?.pointee = 0
  guard CurrentThread.irql == IRQL.passive, let client = usbClient(handle), let capability,
    (byteCount == 0) == (buffer == nil)
  else { return PnpStatus.invalidParameter }
  let hasIt =
    switch capability.pointee.Data1 {
    case 0x755C_630D: true  // GUID_USB_CAPABILITY_SELECTIVE_SUSPEND
    // GUID_USB_CAPABILITY_DEVICE_CONNECTION_HIGH_SPEED_COMPATIBLE
    case 0x81A8_85A6: client.pointee.isHighSpeed
    // GUID_USB_CAPABILITY_DEVICE_CONNECTION_SUPER_SPEED_COMPATIBLE
    case 0x8A2F_776C: client.pointee.isSuperSpeed
    // No chained MDLs, streams, function suspend or time synchronization here.
    default: false
    }
  return hasIt ? PnpStatus.success : PnpStatus.notSupported
}

extension PlugAndPlay {
  /// Asks a stack for the interface of its USB bus, and that for the speed.
  fileprivate func askUsbSpeed(_ target: DevicePointer, _ isHighSpeed: inout Bool) -> Int32 {
    var interface = USB_BUS_INTERFACE_USBDI_V1()
    let status = withUnsafeMutablePointer(to: &interface) { queryUsbInterface(of: target, $0) }
    guard status >= 0 else { return status }
    if let routine = UnsafeMutableRawPointer(interface.IsDeviceHighSpeed) {
      isHighSpeed = r3_call1(routine, bits(interface.BusContext)) & 0xFF != 0
    }
    if let routine = UnsafeMutableRawPointer(interface.InterfaceDereference) {
      _ = r3_call1(routine, bits(interface.BusContext))
    }
    return status
  }

  /// Asks a device, and those below it, for the interface of its USB bus: IRP_MN_QUERY_INTERFACE.
  ///
  /// - Parameter interface: memory of the system; filled when the status is a success, and then to be
  ///   dereferenced.
  package func queryUsbInterface(
    of target: DevicePointer, _ interface: UnsafeMutablePointer<USB_BUS_INTERFACE_USBDI_V1>
  ) -> Int32 {
    var type = GUID(
      Data1: 0xB1A9_6A13, Data2: 0x3DE0, Data3: 0x4574,
      Data4: (0x9B, 0x01, 0xC0, 0x8F, 0xEA, 0xB3, 0x18, 0xD6))
    interface.pointee = USB_BUS_INTERFACE_USBDI_V1()
    interface.pointee.Size = UInt16(MemoryLayout<USB_BUS_INTERFACE_USBDI_V1>.size)
    interface.pointee.Version = 1
    let irp = io.allocateIRPAlways(Int(target.pointee.StackSize))
    irp.pointee.IoStatus.Status = PnpStatus.notSupported
    let location = io.nextLocation(irp)
    location.pointee.MajorFunction = UInt8(IRP_MJ_PNP)
    location.pointee.MinorFunction = UInt8(IRP_MN_QUERY_INTERFACE)
    location.pointee.Parameters.QueryInterface.Size = interface.pointee.Size
    location.pointee.Parameters.QueryInterface.Version = 1
    location.pointee.Parameters.QueryInterface.Interface = UnsafeMutableRawPointer(interface)
      .assumingMemoryBound(to: INTERFACE.self)
    var information: UInt = 0
    return withUnsafePointer(to: &type) { type in
      location.pointee.Parameters.QueryInterface.InterfaceType = type
      return io.sendAndWait(irp, to: target, &information)
    }
  }

  /// Whether a simulated device is connected at SuperSpeed; unknown, so false, on a driver's own bus.
  fileprivate func isSuperSpeed(_ target: DevicePointer) -> Bool {
    let bottom = io.bottom(of: target)
    guard let driver = bottom.pointee.DriverObject, driver == state.pointee.usbDriver else {
      return false
    }
    return usb(bottom).pointee.speed == .super
  }
}
