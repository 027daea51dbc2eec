import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import PlugAndPlay

@c(r3_WdfUsbTargetDeviceSelectConfig)
package func wdfUsbTargetDeviceSelectConfig(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ parameters: UnsafeMutablePointer<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let parameters = framework.require(parameters)
  guard parameters.pointee.Size == UInt32(MemoryLayout<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>.size)
  else { return FrameworkStatus.infoLengthMismatch }
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  return framework.selectConfiguration(device, parameters, attributes)
}

extension Framework {
  fileprivate func selectConfiguration(
    _ device: UsbDevicePointer,
    _ parameters: UnsafeMutablePointer<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    let type = parameters.pointee.`Type`
    if type == WdfUsbTargetDeviceSelectConfigTypeDeconfig { return deconfigure(device) }
    guard device.pointee.interfaceCount > 0 else { return FrameworkStatus.invalidDeviceRequest }
    switch type {
    case WdfUsbTargetDeviceSelectConfigTypeSingleInterface:
      return selectSingle(device, parameters, attributes)
    case WdfUsbTargetDeviceSelectConfigTypeMultiInterface,
      WdfUsbTargetDeviceSelectConfigTypeInterfacesPairs:
      return selectMany(device, parameters, attributes)
    case WdfUsbTargetDeviceSelectConfigTypeInterfacesDescriptor:
      return selectDescriptors(device, parameters, attributes)
    case WdfUsbTargetDeviceSelectConfigTypeUrb:
      guard let urb = parameters.pointee.Types.Urb.Urb,
        Int32(urb.header.pointee.Function) == URB_FUNCTION_SELECT_CONFIGURATION,
        Int(urb.header.pointee.Length) >= MemoryLayout<_URB_SELECT_CONFIGURATION>.size
          - MemoryLayout<USBD_PIPE_INFORMATION>.size
      else { return FrameworkStatus.invalidParameter }
      return select(device, UnsafeMutableRawPointer(urb), attributes)
    default: return FrameworkStatus.invalidParameter
    }
  }

  private func deconfigure(_ device: UsbDevicePointer) -> Int32 {
    for index in 0..<device.pointee.interfaceCount {
      if let interface = device.pointee.interfaces?[index] { deletePipes(of: interface) }
    }
    var urb = _URB_SELECT_CONFIGURATION()
    urb.Hdr.Function = UInt16(URB_FUNCTION_SELECT_CONFIGURATION)
    urb.Hdr.Length = UInt16(MemoryLayout<_URB_SELECT_CONFIGURATION>.size)
    device.pointee.configurationHandle = nil
    return withUnsafeMutablePointer(to: &urb) { send(UnsafeMutableRawPointer($0), to: device) }
  }

  /// Setting 0 of the only interface.
  private func selectSingle(
    _ device: UsbDevicePointer,
    _ parameters: UnsafeMutablePointer<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    parameters.pointee.Types.SingleInterface.NumberConfiguredPipes = 0
    parameters.pointee.Types.SingleInterface.ConfiguredUsbInterface = nil
    guard device.pointee.interfaceCount == 1, let interface = device.pointee.interfaces?[0] else {
      return FrameworkStatus.invalidParameter
    }
    let status = select(device, attributes) { _ in 0 }
    guard status >= 0 else { return status }
    parameters.pointee.Types.SingleInterface.NumberConfiguredPipes = UInt8(
      truncatingIfNeeded: interface.pointee.pipeCount)
    parameters.pointee.Types.SingleInterface.ConfiguredUsbInterface = WDFUSBINTERFACE(
      bitPattern: UInt(interface.pointee.head.handle))
    return status
  }

  /// Every interface: setting 0, or what the pairs say.
  private func selectMany(
    _ device: UsbDevicePointer,
    _ parameters: UnsafeMutablePointer<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    let hasPairs = parameters.pointee.`Type` == WdfUsbTargetDeviceSelectConfigTypeInterfacesPairs
    let pairs = parameters.pointee.Types.MultiInterface.Pairs
    let count = Int(parameters.pointee.Types.MultiInterface.NumberInterfaces)
    if hasPairs {
      guard let pairs, count > 0, count <= device.pointee.interfaceCount else {
        return FrameworkStatus.invalidParameter
      }
      for index in 0..<count {
        let interface = usbInterface(bits(UnsafeMutableRawPointer(pairs[index].UsbInterface)))
        guard interface.pointee.device == device,
          interface.descriptor(setting: pairs[index].SettingIndex) != nil
        else { return FrameworkStatus.invalidParameter }
      }
    }
    parameters.pointee.Types.MultiInterface.NumberOfConfiguredInterfaces = 0
    let status = select(device, attributes) { interface in
      guard hasPairs, let pairs else { return 0 }
      for index in 0..<count
      where bits(UnsafeMutableRawPointer(pairs[index].UsbInterface))
        == interface.pointee.head.handle
      {
        return pairs[index].SettingIndex
      }
      return 0
    }
    guard status >= 0 else { return status }
    parameters.pointee.Types.MultiInterface.NumberOfConfiguredInterfaces = UInt8(
      truncatingIfNeeded: device.pointee.interfaceCount)
    return status
  }

  /// Selects the configuration with a setting for each interface.
  private func select(
    _ device: UsbDevicePointer, _ attributes: ObjectAttributes,
    _ setting: (UsbInterfacePointer) -> UInt8
  ) -> Int32 {
    let count = device.pointee.interfaceCount
    return withInterfaceList(count, device) { list in
      for index in 0..<count {
        guard let interface = device.pointee.interfaces?[index],
          let descriptor = interface.descriptor(setting: setting(interface))
        else { return FrameworkStatus.invalidParameter }
        list[index].InterfaceDescriptor = descriptor
      }
      return select(device, device.configurationDescriptor, list, attributes)
    }
  }

  private func selectDescriptors(
    _ device: UsbDevicePointer,
    _ parameters: UnsafeMutablePointer<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    let given = parameters.pointee.Types.Descriptor
    let count = Int(given.NumInterfaceDescriptors)
    guard let descriptors = given.InterfaceDescriptors, count > 0, count <= 255 else {
      return FrameworkStatus.invalidParameter
    }
    return withInterfaceList(count, device) { list in
      for index in 0..<count {
        guard let descriptor = descriptors[index] else { return FrameworkStatus.invalidParameter }
        list[index].InterfaceDescriptor = descriptor
      }
      return select(
        device, given.ConfigurationDescriptor ?? device.configurationDescriptor, list, attributes)
    }
  }

  /// Calls `body` with a list in pool, and an empty entry behind it.
  private func withInterfaceList(
    _ count: Int, _ device: UsbDevicePointer,
    _ body: (UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>) -> Int32
  ) -> Int32 {
    let byteCount = (count + 1) * MemoryLayout<USBD_INTERFACE_LIST_ENTRY>.stride
    guard
      let block = machine.pool.allocate(
        byteCount, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    memset(block, 0, byteCount)
    let status = body(block.assumingMemoryBound(to: USBD_INTERFACE_LIST_ENTRY.self))
    machine.pool.free(block)
    return status
  }

  private func select(
    _ device: UsbDevicePointer,
    _ descriptor: UnsafeMutablePointer<USB_CONFIGURATION_DESCRIPTOR>?,
    _ list: UnsafeMutablePointer<USBD_INTERFACE_LIST_ENTRY>, _ attributes: ObjectAttributes
  ) -> Int32 {
    guard let urb = usbdCreateConfigurationRequestEx(descriptor, list) else {
      return FrameworkStatus.insufficientResources
    }
    let status = select(device, urb, attributes)
    machine.pool.free(urb)
    return status
  }

  /// Sends a request to select a configuration, and makes the pipes that it answers with.
  private func select(
    _ device: UsbDevicePointer, _ urb: UnsafeMutableRawPointer, _ attributes: ObjectAttributes
  ) -> Int32 {
    var status = forEachInformation(urb, device) { interface, information in
      information.pointee.NumberOfPipes > 255 ? FrameworkStatus.invalidDeviceRequest : 0
    }
    if status < 0 { return status }
    for index in 0..<device.pointee.interfaceCount {
      if let interface = device.pointee.interfaces?[index] { deletePipes(of: interface) }
    }
    status = send(urb, to: device)
    if status < 0 { return status }
    device.pointee.configurationHandle =
      urb.assumingMemoryBound(to: _URB_SELECT_CONFIGURATION.self).pointee.ConfigurationHandle
    return forEachInformation(urb, device) { interface, information in
      makePipes(of: interface, information, attributes)
    }
  }

  /// Calls `body` for each interface in the request, until it fails.
  private func forEachInformation(
    _ urb: UnsafeMutableRawPointer, _ device: UsbDevicePointer,
    _ body: (UsbInterfacePointer, UnsafeMutablePointer<USBD_INTERFACE_INFORMATION>) -> Int32
  ) -> Int32 {
    let end = urb + Int(urb.assumingMemoryBound(to: _URB_HEADER.self).pointee.Length)
    var next =
      urb + MemoryLayout<_URB_SELECT_CONFIGURATION>.offset(of: \.Interface).unsafelyUnwrapped
    while next + 24 <= end {
      let information = next.assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
      guard information.pointee.Length >= 24,
        let interface = device.interface(number: information.pointee.InterfaceNumber)
      else { return FrameworkStatus.invalidDeviceRequest }
      let status = body(interface, information)
      if status < 0 { return status }
      next += Int(information.pointee.Length)
    }
    return 0
  }

  // MARK: Settings

  /// Selects a setting of an interface.
  func select(
    _ interface: UsbInterfacePointer, _ setting: UInt8, _ attributes: ObjectAttributes
  ) -> Int32 {
    guard let descriptor = interface.descriptor(setting: setting) else {
      return FrameworkStatus.invalidParameter
    }
    let device = interface.pointee.device
    let count = Int(descriptor.pointee.bNumEndpoints)
    let head = MemoryLayout<_URB_SELECT_INTERFACE>.offset(of: \.Interface).unsafelyUnwrapped
    let length = head + 24 + count * MemoryLayout<USBD_PIPE_INFORMATION>.stride
    let byteCount = max(length, MemoryLayout<URB>.size)
    guard
      let block = machine.pool.allocate(
        byteCount, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    memset(block, 0, byteCount)
    let urb = block.assumingMemoryBound(to: _URB_SELECT_INTERFACE.self)
    urb.pointee.Hdr.Function = UInt16(URB_FUNCTION_SELECT_INTERFACE)
    urb.pointee.Hdr.Length = UInt16(length)
    urb.pointee.Interface.Length = UInt16(length - head)
    urb.pointee.Interface.InterfaceNumber = interface.pointee.number
    urb.pointee.Interface.AlternateSetting = setting
    urb.pointee.Interface.NumberOfPipes = UInt32(count)
    let status = select(interface, block, attributes)
    machine.pool.free(block)
    return status
  }

  /// Sends a request to select a setting, and makes the pipes that it answers with.
  func select(
    _ interface: UsbInterfacePointer, _ urb: UnsafeMutableRawPointer,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    deletePipes(of: interface)
    let part = urb.assumingMemoryBound(to: _URB_SELECT_INTERFACE.self)
    part.pointee.ConfigurationHandle = interface.pointee.device.pointee.configurationHandle
    let status = send(urb, to: interface.pointee.device)
    if status < 0 { return status }
    let information =
      (urb + MemoryLayout<_URB_SELECT_INTERFACE>.offset(of: \.Interface).unsafelyUnwrapped)
      .assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
    return makePipes(of: interface, information, attributes)
  }
}

extension UnsafeMutablePointer where Pointee == UsbDeviceBody {
  fileprivate var configurationDescriptor: UnsafeMutablePointer<USB_CONFIGURATION_DESCRIPTOR>? {
    UnsafeMutableRawPointer(pointee.configuration)?
      .assumingMemoryBound(to: USB_CONFIGURATION_DESCRIPTOR.self)
  }
}
