import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine

@c(r3_WdfUsbInterfaceGetInterfaceNumber)
package func wdfUsbInterfaceGetInterfaceNumber(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  Framework.current.usbInterface(handle).pointee.number
}

@c(r3_WdfUsbInterfaceGetNumSettings)
package func wdfUsbInterfaceGetNumSettings(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  Framework.current.usbInterface(handle).pointee.settingCount
}

@c(r3_WdfUsbInterfaceGetConfiguredSettingIndex)
package func wdfUsbInterfaceGetConfiguredSettingIndex(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> UInt8 {
  Framework.current.usbInterface(handle).pointee.setting
}

@c(r3_WdfUsbInterfaceGetNumConfiguredPipes)
package func wdfUsbInterfaceGetNumConfiguredPipes(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt8
{
  UInt8(truncatingIfNeeded: Framework.current.usbInterface(handle).pointee.pipeCount)
}

/// 0 for a setting that there is not.
@c(r3_WdfUsbInterfaceGetNumEndpoints)
package func wdfUsbInterfaceGetNumEndpoints(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ setting: UInt32
) -> UInt8 {
  Framework.current.usbInterface(handle).descriptor(setting: UInt8(truncatingIfNeeded: setting))?
    .pointee.bNumEndpoints ?? 0
}

/// Zeros for a setting that there is not.
@c(r3_WdfUsbInterfaceGetDescriptor)
package func wdfUsbInterfaceGetDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ setting: UInt32,
  _ result: UnsafeMutablePointer<USB_INTERFACE_DESCRIPTOR>?
) {
  let framework = Framework.current
  let interface = framework.usbInterface(handle)
  framework.require(result).pointee =
    interface.descriptor(setting: UInt8(truncatingIfNeeded: setting))?.pointee
    ?? USB_INTERFACE_DESCRIPTOR()
}

/// What the descriptor of an endpoint says, whether its setting is selected or not.
@c(r3_WdfUsbInterfaceGetEndpointInformation)
package func wdfUsbInterfaceGetEndpointInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ setting: UInt32, _ index: UInt32,
  _ result: UnsafeMutablePointer<WDF_USB_PIPE_INFORMATION>?
) {
  let framework = Framework.current
  let interface = framework.usbInterface(handle)
  let result = framework.require(result)
  let setting = UInt8(truncatingIfNeeded: setting)
  guard framework.hasRightSize(result),
    let endpoint = interface.endpoint(setting: setting, index: Int(index & 0xFF))
  else { return }
  let size = UInt32(endpoint[5]) << 8 | UInt32(endpoint[4])
  result.pointee.MaximumPacketSize = (size & 0x7FF) * (1 + ((size >> 11) & 3))
  result.pointee.EndpointAddress = endpoint[2]
  result.pointee.Interval = endpoint[6]
  result.pointee.SettingIndex = setting
  result.pointee.PipeType = WDF_USB_PIPE_TYPE(rawValue: UInt32(endpoint[3] & 3) + 1)
  result.pointee.MaximumTransferSize = .max
}

/// A pipe of the selected setting; NULL when there is none with that index.
@c(r3_WdfUsbInterfaceGetConfiguredPipe)
package func wdfUsbInterfaceGetConfiguredPipe(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32,
  _ information: UnsafeMutablePointer<WDF_USB_PIPE_INFORMATION>?
) -> UInt64 {
  let framework = Framework.current
  let interface = framework.usbInterface(handle)
  if let information, !framework.hasRightSize(information) { return 0 }
  let index = Int(index & 0xFF)
  guard index < interface.pointee.pipeCount, let pipe = interface.pointee.pipes?[index] else {
    return 0
  }
  if let information { framework.fill(information, pipe) }
  return pipe.object.handle
}

@c(r3_WdfUsbInterfaceSelectSetting)
package func wdfUsbInterfaceSelectSetting(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ parameters: UnsafePointer<WDF_USB_INTERFACE_SELECT_SETTING_PARAMS>?
) -> Int32 {
  let framework = Framework.current
  let interface = framework.usbInterface(handle)
  let parameters = framework.require(parameters).pointee
  guard parameters.Size == UInt32(MemoryLayout<WDF_USB_INTERFACE_SELECT_SETTING_PARAMS>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  switch parameters.`Type` {
  case WdfUsbInterfaceSelectSettingTypeSetting:
    return framework.select(interface, parameters.Types.Interface.SettingIndex, attributes)
  case WdfUsbInterfaceSelectSettingTypeDescriptor:
    guard let descriptor = parameters.Types.Descriptor.InterfaceDescriptor,
      descriptor.pointee.bInterfaceNumber == interface.pointee.number
    else { return FrameworkStatus.invalidParameter }
    return framework.select(interface, descriptor.pointee.bAlternateSetting, attributes)
  case WdfUsbInterfaceSelectSettingTypeUrb:
    guard let urb = parameters.Types.Urb.Urb,
      Int32(urb.header.pointee.Function) == URB_FUNCTION_SELECT_INTERFACE,
      Int(urb.header.pointee.Length) >= MemoryLayout<_URB_SELECT_INTERFACE>.size
        - MemoryLayout<USBD_PIPE_INFORMATION>.size
    else { return FrameworkStatus.invalidParameter }
    return framework.select(interface, UnsafeMutableRawPointer(urb), attributes)
  default: return FrameworkStatus.invalidParameter
  }
}

extension Framework {
  /// A wrong size is noted; the function does nothing then.
  func hasRightSize(_ information: UnsafeMutablePointer<WDF_USB_PIPE_INFORMATION>)
    -> Bool
  {
    if information.pointee.Size == UInt32(MemoryLayout<WDF_USB_PIPE_INFORMATION>.size) {
      return true
    }
    note("WDF_USB_PIPE_INFORMATION: the size of the structure is wrong")
    return false
  }
}
