import CDriverKit
import IOManager
import Machine

// Request blocks as setup packets.
extension PlugAndPlay {
  /// The setup packet of a request block; nil for a function that is none, or that the bus lacks.
  func setup(_ urb: UnsafeMutablePointer<URB>, _ function: Int32) -> UsbSetup? {
    switch function {
    case URB_FUNCTION_CONTROL_TRANSFER, URB_FUNCTION_CONTROL_TRANSFER_EX:
      let bytes = urb.transfer.pointee.SetupPacket
      return UsbSetup(
        requestType: bytes.0, request: bytes.1, value: UInt16(bytes.3) << 8 | UInt16(bytes.2),
        index: UInt16(bytes.5) << 8 | UInt16(bytes.4),
        length: UInt16(bytes.7) << 8 | UInt16(bytes.6))
    case URB_FUNCTION_GET_CONFIGURATION:
      return UsbSetup(requestType: 0x80, request: 8, length: length(urb))
    case URB_FUNCTION_GET_INTERFACE:
      let part = urb.part(_URB_CONTROL_GET_INTERFACE_REQUEST.self)
      return UsbSetup(
        requestType: 0x81, request: 0x0A, index: part.pointee.Interface, length: length(urb))
    default:
      return descriptorSetup(urb, function) ?? featureSetup(urb, function)
        ?? vendorSetup(urb, function)
    }
  }

  private func descriptorSetup(_ urb: UnsafeMutablePointer<URB>, _ function: Int32) -> UsbSetup? {
    let type: UInt8
    switch function {
    case URB_FUNCTION_GET_DESCRIPTOR_FROM_DEVICE: type = 0x80
    case URB_FUNCTION_GET_DESCRIPTOR_FROM_INTERFACE: type = 0x81
    case URB_FUNCTION_GET_DESCRIPTOR_FROM_ENDPOINT: type = 0x82
    case URB_FUNCTION_SET_DESCRIPTOR_TO_DEVICE: type = 0x00
    case URB_FUNCTION_SET_DESCRIPTOR_TO_INTERFACE: type = 0x01
    case URB_FUNCTION_SET_DESCRIPTOR_TO_ENDPOINT: type = 0x02
    default: return nil
    }
    let part = urb.part(_URB_CONTROL_DESCRIPTOR_REQUEST.self)
    return UsbSetup(
      requestType: type, request: type & 0x80 != 0 ? 6 : 7,
      value: UInt16(part.pointee.DescriptorType) << 8 | UInt16(part.pointee.Index),
      index: part.pointee.LanguageId, length: length(urb))
  }

  private func featureSetup(_ urb: UnsafeMutablePointer<URB>, _ function: Int32) -> UsbSetup? {
    let feature = urb.part(_URB_CONTROL_FEATURE_REQUEST.self)
    func make(_ type: UInt8, _ request: UInt8) -> UsbSetup {
      UsbSetup(
        requestType: type, request: request, value: feature.pointee.FeatureSelector,
        index: feature.pointee.Index)
    }
    func status(_ type: UInt8) -> UsbSetup {
      let part = urb.part(_URB_CONTROL_GET_STATUS_REQUEST.self)
      return UsbSetup(
        requestType: type, request: 0, index: part.pointee.Index, length: length(urb))
    }
    switch function {
    case URB_FUNCTION_SET_FEATURE_TO_DEVICE: return make(0, 3)
    case URB_FUNCTION_SET_FEATURE_TO_INTERFACE: return make(1, 3)
    case URB_FUNCTION_SET_FEATURE_TO_ENDPOINT: return make(2, 3)
    case URB_FUNCTION_SET_FEATURE_TO_OTHER: return make(3, 3)
    case URB_FUNCTION_CLEAR_FEATURE_TO_DEVICE: return make(0, 1)
    case URB_FUNCTION_CLEAR_FEATURE_TO_INTERFACE: return make(1, 1)
    case URB_FUNCTION_CLEAR_FEATURE_TO_ENDPOINT: return make(2, 1)
    case URB_FUNCTION_CLEAR_FEATURE_TO_OTHER: return make(3, 1)
    case URB_FUNCTION_GET_STATUS_FROM_DEVICE: return status(0x80)
    case URB_FUNCTION_GET_STATUS_FROM_INTERFACE: return status(0x81)
    case URB_FUNCTION_GET_STATUS_FROM_ENDPOINT: return status(0x82)
    case URB_FUNCTION_GET_STATUS_FROM_OTHER: return status(0x83)
    default: return nil
    }
  }

  private func vendorSetup(_ urb: UnsafeMutablePointer<URB>, _ function: Int32) -> UsbSetup? {
    let type: UInt8
    switch function {
    case URB_FUNCTION_CLASS_DEVICE: type = 0x20
    case URB_FUNCTION_CLASS_INTERFACE: type = 0x21
    case URB_FUNCTION_CLASS_ENDPOINT: type = 0x22
    case URB_FUNCTION_CLASS_OTHER: type = 0x23
    case URB_FUNCTION_VENDOR_DEVICE: type = 0x40
    case URB_FUNCTION_VENDOR_INTERFACE: type = 0x41
    case URB_FUNCTION_VENDOR_ENDPOINT: type = 0x42
    case URB_FUNCTION_VENDOR_OTHER: type = 0x43
    default: return nil
    }
    let part = urb.part(_URB_CONTROL_VENDOR_OR_CLASS_REQUEST.self)
    let isToHost = part.pointee.TransferFlags & UInt32(USBD_TRANSFER_DIRECTION_IN) != 0
    return UsbSetup(
      requestType: type | (isToHost ? 0x80 : 0) | part.pointee.RequestTypeReservedBits & 0x1C,
      request: part.pointee.Request, value: part.pointee.Value, index: part.pointee.Index,
      length: length(urb))
  }

  /// The length of the data stage; it has 16 bits on the bus.
  private func length(_ urb: UnsafeMutablePointer<URB>) -> UInt16 {
    UInt16(clamping: urb.transfer.pointee.TransferBufferLength)
  }
}
