import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// A WDFUSBINTERFACE: an interface of a USB device, its settings and its configured pipes.
struct UsbInterfaceBody {
  var head: ObjectHead
  let device: UsbDevicePointer
  let number: UInt8
  /// Settings that the configuration has of it.
  let settingCount: UInt8
  /// The setting that is selected.
  var setting: UInt8 = 0
  /// The pipes of the selected setting, in pool.
  var pipes: UnsafeMutablePointer<UnsafeMutablePointer<UsbPipeBody>>?
  var pipeCount = 0
}

typealias UsbInterfacePointer = UnsafeMutablePointer<UsbInterfaceBody>
typealias InterfaceDescriptor = UnsafeMutablePointer<USB_INTERFACE_DESCRIPTOR>

extension UnsafeMutablePointer where Pointee == UsbInterfaceBody {
  var object: FrameworkObject { FrameworkObject(self) }

  /// The descriptor of a setting; nil when there is none.
  func descriptor(setting: UInt8) -> InterfaceDescriptor? {
    var offset = 0
    while let start = pointee.device.descriptor(
      UInt8(USB_INTERFACE_DESCRIPTOR_TYPE), from: &offset)
    {
      if start[2] == pointee.number, start[3] == setting {
        return UnsafeMutableRawPointer(start).assumingMemoryBound(
          to: USB_INTERFACE_DESCRIPTOR.self)
      }
    }
    return nil
  }

  /// The descriptor of an endpoint of a setting; nil when there is none.
  func endpoint(setting: UInt8, index: Int) -> UnsafeMutablePointer<UInt8>? {
    guard let interface = descriptor(setting: setting),
      let base = pointee.device.pointee.configuration
    else { return nil }
    var offset =
      UnsafeMutableRawPointer(interface) - UnsafeMutableRawPointer(base)
      + Int(interface.pointee.bLength)
    var count = 0
    let end = pointee.device.pointee.configurationByteCount
    while offset + 2 <= end, base[offset] >= 2, offset + Int(base[offset]) <= end {
      if base[offset + 1] == UInt8(USB_INTERFACE_DESCRIPTOR_TYPE) { return nil }
      if base[offset + 1] == UInt8(USB_ENDPOINT_DESCRIPTOR_TYPE), base[offset] >= 7 {
        if count == index { return base + offset }
        count += 1
      }
      offset += Int(base[offset])
    }
    return nil
  }
}

extension UnsafeMutablePointer where Pointee == UsbDeviceBody {
  /// The next descriptor of a type in the configuration from an offset on, which goes behind it.
  func descriptor(_ type: UInt8, from offset: inout Int) -> UnsafeMutablePointer<UInt8>? {
    guard let base = pointee.configuration else { return nil }
    let end = pointee.configurationByteCount
    while offset + 2 <= end, base[offset] >= 2, offset + Int(base[offset]) <= end {
      let start = base + offset
      offset += Int(start[0])
      if start[1] == type, type != UInt8(USB_INTERFACE_DESCRIPTOR_TYPE) || start[0] >= 9 {
        return start
      }
    }
    return nil
  }
}

extension Framework {
  /// An interface has its pipes as children; its list of them goes with it.
  static let usbInterfaceClass = ObjectClass(destroy: { address in
    let interface = address.assumingMemoryBound(to: UsbInterfaceBody.self)
    guard let list = interface.pointee.pipes else { return }
    Framework.current.machine.pool.free(UnsafeMutableRawPointer(list))
  })

  func usbInterface(_ handle: UInt64) -> UsbInterfacePointer {
    body(handle, .usbInterface, as: UsbInterfaceBody.self)
  }

  /// Makes the interfaces that the configuration has, in the order of their descriptors.
  func makeInterfaces(of device: UsbDevicePointer) -> Int32 {
    let limit = Int(device.pointee.configuration?[4] ?? 0)
    if limit == 0 { return 0 }
    guard
      let block = machine.pool.allocate(
        limit * 8, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    device.pointee.interfaces = block.assumingMemoryBound(
      to: UnsafeMutablePointer<UsbInterfaceBody>.self)
    var offset = 0
    while let start = device.descriptor(UInt8(USB_INTERFACE_DESCRIPTOR_TYPE), from: &offset),
      device.pointee.interfaceCount < limit
    {
      if device.interface(number: start[2]) != nil { continue }
      let status = makeInterface(start[2], of: device)
      if status < 0 { return status }
    }
    return device.pointee.interfaceCount == 0 ? FrameworkStatus.invalidDeviceRequest : 0
  }

  private func makeInterface(_ number: UInt8, of device: UsbDevicePointer) -> Int32 {
    var count: UInt8 = 0
    var offset = 0
    while let start = device.descriptor(UInt8(USB_INTERFACE_DESCRIPTOR_TYPE), from: &offset) {
      if start[2] == number { count += 1 }
    }
    let head = ObjectHead(kind: .usbInterface, globals: device.globals)
    let made = make(
      UsbInterfaceBody(head: head, device: device, number: number, settingCount: count),
      ObjectAttributes())
    guard let interface = made else { return FrameworkStatus.insufficientResources }
    let status = attach(interface.object, to: device.object)
    if status < 0 {
      discard(interface.object)
      return status
    }
    device.pointee.interfaces?[device.pointee.interfaceCount] = interface
    device.pointee.interfaceCount += 1
    return 0
  }
}
