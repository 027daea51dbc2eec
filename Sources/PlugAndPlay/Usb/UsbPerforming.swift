import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// What a device said to a transfer; plain memory.
struct UsbAnswer {
  /// Nil: not yet.
  var status: UInt32?
  /// Bytes that were transferred.
  var count = 0
}

extension PlugAndPlay {
  /// Has the device do a transfer; nil when it is not ready.
  ///
  /// At DISPATCH_LEVEL. Data goes through memory of the host, so that a device never sees memory of a driver.
  func perform(
    _ transfer: UsbTransferPointer, _ address: UInt8, _ usb: UnsafeMutablePointer<UsbState>
  ) -> UInt32? {
    let urb = transfer.pointee.urb
    let setup = transfer.pointee.setup
    let isControl = address & 0xF == 0
    let isIn = isControl ? setup.isToHost : address & 0x80 != 0
    var count = hasData(urb) ? Int(urb.transfer.pointee.TransferBufferLength) : 0
    if isControl { count = min(count, Int(setup.length)) }
    var buffer: UnsafeMutableRawPointer?
    if count > 0 {
      buffer = bufferAddress(urb)
      if buffer == nil { return UsbStatus.invalidParameter }
    }
    guard let bytes = malloc(max(count, 1)) else { return UsbStatus.insufficientResources }
    if count > 0, !isIn { UsbMemory.copy(to: bytes, from: buffer, count) }
    if Int32(urb.header.pointee.Function) == URB_FUNCTION_ISOCH_TRANSFER {
      let status = performFrames(urb, address, usb, bytes, buffer)
      free(bytes)
      return status
    }
    let answer =
      isControl
      ? askControl(usb, setup, bytes, count) : askEndpoint(usb, address, bytes, count)
    if answer.status != nil, isIn, answer.count > 0 {
      UsbMemory.copy(to: buffer, from: bytes, answer.count)
    }
    free(bytes)
    guard let status = answer.status else { return nil }
    if hasData(urb) { urb.transfer.pointee.TransferBufferLength = UInt32(answer.count) }
    return checkShort(urb, status, isIn: isIn, isShort: answer.count < count)
  }

  /// A short transfer is an error unless the driver allows it; standard requests always do.
  private func checkShort(
    _ urb: UnsafeMutablePointer<URB>, _ status: UInt32, isIn: Bool, isShort: Bool
  ) -> UInt32 {
    guard status == UsbStatus.success, isShort, isIn else { return status }
    switch Int32(urb.header.pointee.Function) {
    case URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER, URB_FUNCTION_CONTROL_TRANSFER,
      URB_FUNCTION_CONTROL_TRANSFER_EX, URB_FUNCTION_CLASS_DEVICE...URB_FUNCTION_CLASS_ENDPOINT,
      URB_FUNCTION_VENDOR_DEVICE...URB_FUNCTION_VENDOR_ENDPOINT, URB_FUNCTION_CLASS_OTHER,
      URB_FUNCTION_VENDOR_OTHER:
      let isAllowed = urb.transfer.pointee.TransferFlags & UInt32(USBD_SHORT_TRANSFER_OK) != 0
      return isAllowed ? status : UsbStatus.shortTransfer
    default: return status
    }
  }

  /// Whether a request block has a buffer; one about a feature has other fields there.
  private func hasData(_ urb: UnsafeMutablePointer<URB>) -> Bool {
    switch Int32(urb.header.pointee.Function) {
    case URB_FUNCTION_SET_FEATURE_TO_DEVICE...URB_FUNCTION_CLEAR_FEATURE_TO_ENDPOINT,
      URB_FUNCTION_CLEAR_FEATURE_TO_OTHER, URB_FUNCTION_SET_FEATURE_TO_OTHER:
      false
    default: true
    }
  }

  private func bufferAddress(_ urb: UnsafeMutablePointer<URB>) -> UnsafeMutableRawPointer? {
    if let buffer = urb.transfer.pointee.TransferBuffer { return buffer }
    return Mdl(urb.transfer.pointee.TransferBufferMDL)?.systemAddress()
  }

  // MARK: Asking the device

  private func askControl(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer {
    if setup.isStandard, let answer = answerStandard(usb, setup, bytes, count) { return answer }
    return askDevice(usb, setup, 0, bytes, count)
  }

  func askEndpoint(
    _ usb: UnsafeMutablePointer<UsbState>, _ address: UInt8, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer {
    askDevice(usb, nil, address, bytes, count)
  }

  /// Calls the device; what it gives is in plain memory when this returns.
  @inline(never)
  private func askDevice(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup?, _ address: UInt8,
    _ bytes: UnsafeMutableRawPointer, _ count: Int
  ) -> UsbAnswer {
    usb.pointee.plug._withUnsafeGuaranteedRef { plug in
      let isIn = setup?.isToHost ?? (address & 0x80 != 0)
      let data = isIn ? [] : [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
      let reply =
        if let setup {
          plug.device.control(setup.packet, data)
        } else if isIn {
          plug.device.send(endpoint: address, limit: count)
        } else {
          plug.device.receive(data, endpoint: address)
        }
      return answer(reply, isIn: isIn, isControl: setup != nil, bytes, count)
    }
  }

  private func answer(
    _ reply: USBReply, isIn: Bool, isControl: Bool, _ bytes: UnsafeMutableRawPointer, _ count: Int
  ) -> UsbAnswer {
    switch reply {
    case .data(let data) where isIn:
      let copied = min(data.count, count)
      data.withUnsafeBytes { source in
        if let start = source.baseAddress { memcpy(bytes, start, copied) }
      }
      let isTooMuch = data.count > count && !isControl
      return UsbAnswer(
        status: isTooMuch ? UsbStatus.dataOverrun : UsbStatus.success, count: copied)
    case .data, .accepted: return UsbAnswer(status: UsbStatus.success, count: isIn ? 0 : count)
    case .notReady: return UsbAnswer(status: nil)
    case .stall: return UsbAnswer(status: UsbStatus.stall)
    case .failure(let status): return UsbAnswer(status: status | 0x8000_0000)
    }
  }
}

/// Copies memory of drivers by an export of drivers, so that a bad address is the driver's fault.
enum UsbMemory {
  static func copy(
    to destination: UnsafeMutableRawPointer?, from source: UnsafeRawPointer?, _ count: Int
  ) {
    let copy: @convention(c) () -> Void = r3_leaf_memcpy
    _ = r3_call3(
      unsafeBitCast(copy, to: UnsafeRawPointer.self), bits(destination),
      UInt64(UInt(bitPattern: source)), UInt64(count))
  }
}
