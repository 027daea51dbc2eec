/// Status codes of request blocks, and the codes that go with them.
enum UsbStatus {
  static let success: UInt32 = 0
  static let stall: UInt32 = 0xC000_0004
  static let dataOverrun: UInt32 = 0xC000_000C
  static let endpointHalted: UInt32 = 0xC000_0030
  static let invalidFunction: UInt32 = 0x8000_0200
  static let invalidParameter: UInt32 = 0x8000_0300
  static let invalidPipe: UInt32 = 0x8000_0600
  static let shortTransfer: UInt32 = 0x8000_0900
  static let badStartFrame: UInt32 = 0xC000_0A00
  static let notSupported: UInt32 = 0xC000_0E00
  static let invalidConfiguration: UInt32 = 0xC000_0F00
  static let insufficientResources: UInt32 = 0xC000_1000
  static let bufferTooSmall: UInt32 = 0xC000_3000
  static let interfaceNotFound: UInt32 = 0xC000_4000
  static let deviceGone: UInt32 = 0xC000_7000
  static let cancelled: UInt32 = 0xC001_0000
  static let notAccessed: UInt32 = 0xC002_0000

  /// The status of the IRP that a request block's status gives.
  static func status(of usb: UInt32) -> Int32 {
    switch usb {
    case success: PnpStatus.success
    case cancelled: PnpStatus.cancelled
    case deviceGone: PnpStatus.deviceNotConnected
    case notSupported: PnpStatus.notSupported
    case insufficientResources: PnpStatus.insufficientResources
    case invalidFunction, invalidParameter, invalidPipe, invalidConfiguration, interfaceNotFound,
      bufferTooSmall, badStartFrame:
      PnpStatus.invalidParameter
    default: usb & 0x8000_0000 == 0 ? PnpStatus.success : PnpStatus.unsuccessful
    }
  }
}

/// A setup packet as the bus handles it; plain memory.
struct UsbSetup {
  var requestType: UInt8 = 0
  var request: UInt8 = 0
  var value: UInt16 = 0
  var index: UInt16 = 0
  var length: UInt16 = 0

  var isToHost: Bool { requestType & 0x80 != 0 }
  var isStandard: Bool { requestType & 0x60 == 0 }

  /// The same for the device.
  var packet: USBControlRequest {
    USBControlRequest(
      requestType: requestType, request: request, value: value, index: index, length: length)
  }
}
