import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import PlugAndPlay

@c(r3_WdfUsbTargetDeviceRetrieveInformation)
package func wdfUsbTargetDeviceRetrieveInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_USB_DEVICE_INFORMATION>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let result = framework.require(result)
  guard result.pointee.Size == UInt32(MemoryLayout<WDF_USB_DEVICE_INFORMATION>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  result.pointee.UsbdVersionInformation = device.pointee.version
  result.pointee.HcdPortCapabilities = device.pointee.portCapabilities
  result.pointee.Traits = device.pointee.traits
  return 0
}

@c(r3_WdfUsbTargetDeviceGetDeviceDescriptor)
package func wdfUsbTargetDeviceGetDeviceDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<USB_DEVICE_DESCRIPTOR>?
) {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  framework.require(result).pointee = device.pointee.descriptor
}

/// The first configuration; NULL asks for its length.
@c(r3_WdfUsbTargetDeviceRetrieveConfigDescriptor)
package func wdfUsbTargetDeviceRetrieveConfigDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ buffer: UnsafeMutableRawPointer?,
  _ length: UnsafeMutablePointer<UInt16>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let length = framework.require(length)
  let total = UInt16(clamping: device.pointee.configurationByteCount)
  let room = length.pointee
  length.pointee = total
  guard let buffer else { return FrameworkStatus.bufferTooSmall }
  DriverMemory.copy(to: buffer, from: device.pointee.configuration, Int(min(room, total)))
  return room < total ? FrameworkStatus.bufferTooSmall : 0
}

@c(r3_WdfUsbTargetDeviceGetNumInterfaces)
package func wdfUsbTargetDeviceGetNumInterfaces(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt8
{
  UInt8(truncatingIfNeeded: Framework.current.usbDevice(handle).pointee.interfaceCount)
}

@c(r3_WdfUsbTargetDeviceGetInterface)
package func wdfUsbTargetDeviceGetInterface(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) -> UInt64 {
  let device = Framework.current.usbDevice(handle)
  let index = Int(index & 0xFF)
  guard index < device.pointee.interfaceCount else { return 0 }
  return device.pointee.interfaces?[index].pointee.head.handle ?? 0
}

@c(r3_WdfUsbTargetDeviceWdmGetConfigurationHandle)
package func wdfUsbTargetDeviceWdmGetConfigurationHandle(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> UnsafeMutableRawPointer? {
  Framework.current.usbDevice(handle).pointee.configurationHandle
}

@c(r3_WdfUsbTargetDeviceRetrieveCurrentFrameNumber)
package func wdfUsbTargetDeviceRetrieveCurrentFrameNumber(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ frame: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let frame = framework.require(frame)
  guard let routine = UnsafeMutableRawPointer(device.pointee.bus.QueryBusTime) else {
    return FrameworkStatus.unsuccessful
  }
  return Int32(
    truncatingIfNeeded: r3_call2(routine, bits(device.pointee.bus.BusContext), bits(frame)))
}

// MARK: The port

@c(r3_WdfUsbTargetDeviceIsConnectedSynchronous)
package func wdfUsbTargetDeviceIsConnectedSynchronous(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> Int32 {
  let framework = Framework.current
  return framework.isConnected(framework.usbDevice(handle))
}

@c(r3_WdfUsbTargetDeviceResetPortSynchronously)
package func wdfUsbTargetDeviceResetPortSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> Int32 {
  let framework = Framework.current
  return framework.resetPort(of: framework.usbDevice(handle))
}

private let cyclePort: UInt32 = 0x22_001F

@c(r3_WdfUsbTargetDeviceCyclePortSynchronously)
package func wdfUsbTargetDeviceCyclePortSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  framework.cancelSent(of: device.target, includingIgnoring: false)
  return framework.sendUsbCode(cyclePort, nil, device)
}

@c(r3_WdfUsbTargetDeviceFormatRequestForCyclePort)
package func wdfUsbTargetDeviceFormatRequestForCyclePort(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  return framework.format(
    framework.request(request), for: device.target, code: cyclePort,
    arguments: (TargetBuffer(), TargetBuffer(), TargetBuffer()))
}

// MARK: What the bus can do

@c(r3_WdfUsbTargetDeviceQueryUsbCapability)
package func wdfUsbTargetDeviceQueryUsbCapability(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ capability: UnsafePointer<GUID>?,
  _ byteCount: UInt32, _ buffer: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  result?.pointee = 0
  guard let client = device.pointee.client else { return FrameworkStatus.invalidDeviceState }
  return usbdQueryUsbCapability(client, framework.require(capability), byteCount, buffer, result)
}

@c(r3_WdfUsbTargetDeviceCreateUrb)
package func wdfUsbTargetDeviceCreateUrb(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
  _ urb: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  Framework.current.createUrb(handle, MemoryLayout<URB>.size, given, result, urb)
}

@c(r3_WdfUsbTargetDeviceCreateIsochUrb)
package func wdfUsbTargetDeviceCreateIsochUrb(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ packetCount: UInt32,
  _ result: UnsafeMutablePointer<UInt64>?, _ urb: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard packetCount <= 1024 else { return FrameworkStatus.invalidParameter }
  let packets = Int(packetCount) * MemoryLayout<USBD_ISO_PACKET_DESCRIPTOR>.stride
  return Framework.current.createUrb(
    handle, MemoryLayout<_URB_ISOCH_TRANSFER>.size + packets, given, result, urb)
}

extension Framework {
  /// A memory object with a request block in it, for a driver that named its contract version.
  fileprivate func createUrb(
    _ handle: UInt64, _ byteCount: Int, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
    _ result: UnsafeMutablePointer<UInt64>?,
    _ urb: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Int32 {
    let device = usbDevice(handle)
    let result = require(result)
    result.pointee = 0
    urb?.pointee = nil
    guard device.pointee.client != nil else { return FrameworkStatus.invalidDeviceState }
    var attributes = ObjectAttributes()
    let status = self.attributes(given, into: &attributes)
    if status < 0 { return status }
    if let parent = attributes.parent, parent.owningDevice != device.object.owningDevice {
      return FrameworkStatus.invalidParameter
    }
    guard let memory = makeZeroedMemory(device.globals, attributes, byteCount) else {
      return FrameworkStatus.insufficientResources
    }
    let address = memory.pointee.buffer
    let published = publish(FrameworkObject(memory), attributes, default: device.object, result)
    if published >= 0 { urb?.pointee = address }
    return published
  }

  /// A memory object over nonpaged pool full of zeros; nil without memory.
  func makeZeroedMemory(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ byteCount: Int
  ) -> UnsafeMutablePointer<MemoryBody>? {
    guard
      let block = machine.pool.allocate(
        byteCount, kind: .nonpaged, tag: globals.pointee.visible.DriverTag)
    else { return nil }
    memset(block, 0, byteCount)
    let memory = makeMemory(globals, attributes, block, byteCount, .pool)
    if memory == nil { machine.pool.free(block) }
    return memory
  }
}
