import CDriverKit
import Glibc
import IOManager
import Machine
import Memory

// Request blocks that select a configuration or a setting, built for a driver.

private typealias ListEntry = UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>

private let usbdTag: UInt32 = 0x4442_5355  // USBD

/// Bytes of a USBD_INTERFACE_INFORMATION for an interface descriptor.
private func informationLength(_ descriptor: UnsafeMutablePointer<USB_INTERFACE_DESCRIPTOR>) -> Int
{
  MemoryLayout<USBD_INTERFACE_INFORMATION>.offset(of: \.Pipes).unsafelyUnwrapped
    + Int(descriptor.pointee.bNumEndpoints) * MemoryLayout<USBD_PIPE_INFORMATION>.stride
}

private func fill(
  _ information: UnsafeMutableRawPointer,
  _ descriptor: UnsafeMutablePointer<USB_INTERFACE_DESCRIPTOR>
) {
  let interface = information.assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
  interface.pointee.Length = UInt16(informationLength(descriptor))
  interface.pointee.InterfaceNumber = descriptor.pointee.bInterfaceNumber
  interface.pointee.AlternateSetting = descriptor.pointee.bAlternateSetting
  interface.pointee.NumberOfPipes = UInt32(descriptor.pointee.bNumEndpoints)
  let pipes =
    (information + MemoryLayout<USBD_INTERFACE_INFORMATION>.offset(of: \.Pipes).unsafelyUnwrapped)
    .assumingMemoryBound(to: USBD_PIPE_INFORMATION.self)
  for index in 0..<Int(descriptor.pointee.bNumEndpoints) {
    pipes[index].MaximumTransferSize = .max
  }
}

/// Builds a request in pool; nil without memory.
private func configurationRequest(
  _ descriptor: UnsafeMutablePointer<USB_CONFIGURATION_DESCRIPTOR>, _ list: ListEntry, _ tag: UInt32
) -> UnsafeMutableRawPointer? {
  let head = MemoryLayout<_URB_SELECT_CONFIGURATION>.offset(of: \.Interface).unsafelyUnwrapped
  var length = head
  var entry = list
  while let interface = entry.pointee.InterfaceDescriptor {
    length += informationLength(interface)
    entry += 1
  }
  guard length <= Int(UInt16.max),
    let block = Machine.current.pool.allocate(
      max(length, MemoryLayout<URB>.size), kind: .nonpaged, tag: tag)
  else { return nil }
  memset(block, 0, max(length, MemoryLayout<URB>.size))
  let urb = block.assumingMemoryBound(to: _URB_SELECT_CONFIGURATION.self)
  urb.pointee.Hdr.Length = UInt16(length)
  urb.pointee.Hdr.Function = UInt16(URB_FUNCTION_SELECT_CONFIGURATION)
  urb.pointee.ConfigurationDescriptor = descriptor
  entry = list
  var next = block + head
  while let interface = entry.pointee.InterfaceDescriptor {
    fill(next, interface)
    entry.pointee.Interface = next.assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
    next += informationLength(interface)
    entry += 1
  }
  return block
}

/// The driver frees it with ExFreePool.
@c(r3_USBD_CreateConfigurationRequestEx)
package func usbdCreateConfigurationRequestEx(
  _ descriptor: UnsafeMutablePointer<USB_CONFIGURATION_DESCRIPTOR>?,
  _ list: UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>?
) -> UnsafeMutableRawPointer? {
  guard let descriptor, let list else { return nil }
  return configurationRequest(descriptor, list, usbdTag)
}

@c(r3_USBD_SelectConfigUrbAllocateAndBuild)
func usbdSelectConfigUrbAllocateAndBuild(
  _ handle: UnsafeMutableRawPointer?,
  _ descriptor: UnsafeMutablePointer<USB_CONFIGURATION_DESCRIPTOR>?,
  _ list: UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>?,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let result else { return PnpStatus.invalidParameter }
  result.pointee = nil
  guard let client = usbClient(handle), let descriptor, let list else {
    return PnpStatus.invalidParameter
  }
  guard let urb = configurationRequest(descriptor, list, client.pointee.tag) else {
    return PnpStatus.insufficientResources
  }
  result.pointee = urb
  return PnpStatus.success
}

@c(r3_USBD_SelectInterfaceUrbAllocateAndBuild)
func usbdSelectInterfaceUrbAllocateAndBuild(
  _ handle: UnsafeMutableRawPointer?, _ configuration: UnsafeMutableRawPointer?,
  _ entry: UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>?,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let result else { return PnpStatus.invalidParameter }
  result.pointee = nil
  guard let client = usbClient(handle), let configuration,
    let descriptor = entry?.pointee.InterfaceDescriptor
  else { return PnpStatus.invalidParameter }
  let head = MemoryLayout<_URB_SELECT_INTERFACE>.offset(of: \.Interface).unsafelyUnwrapped
  let length = head + informationLength(descriptor)
  let size = max(length, MemoryLayout<URB>.size)
  guard let block = Machine.current.pool.allocate(size, kind: .nonpaged, tag: client.pointee.tag)
  else { return PnpStatus.insufficientResources }
  memset(block, 0, size)
  let urb = block.assumingMemoryBound(to: _URB_SELECT_INTERFACE.self)
  urb.pointee.Hdr.Length = UInt16(length)
  urb.pointee.Hdr.Function = UInt16(URB_FUNCTION_SELECT_INTERFACE)
  urb.pointee.ConfigurationHandle = configuration
  fill(block + head, descriptor)
  entry?.pointee.Interface = (block + head).assumingMemoryBound(
    to: USBD_INTERFACE_INFORMATION.self)
  result.pointee = block
  return PnpStatus.success
}
