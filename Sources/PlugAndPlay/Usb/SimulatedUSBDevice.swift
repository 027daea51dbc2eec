/// A USB device that is simulated in Swift: its descriptors, and what it does with transfers.
///
/// Its routines are called one transfer of an endpoint at a time, by any thread, inside the kernel and
/// at DISPATCH_LEVEL; they take short locks of their own and call nothing that waits.
public protocol SimulatedUSBDevice: AnyObject, Sendable {
  /// What the device says of itself; asked for once, when it is plugged in.
  var usb: USBDescription { get }

  /// Gets the port that the device now sits on; again after the port was cycled.
  func attached(to port: USBPort)

  /// The port was reset, or the device is connected: everything is as after power-up.
  func reset()

  /// A configuration was selected; 0 for none.
  func configured(_ configuration: UInt8)

  /// A setting of an interface was selected.
  func selected(interface: UInt8, setting: UInt8)

  /// A control request that the descriptors do not answer: of a class or vendor, or a rare standard one.
  ///
  /// - Parameters:
  ///   - request: the setup packet.
  ///   - data: what the host sends; empty for a request to the host.
  func control(_ request: USBControlRequest, _ data: [UInt8]) -> USBReply

  /// The host sends data to an endpoint.
  func receive(_ data: [UInt8], endpoint: UInt8) -> USBReply

  /// The host asks an endpoint for data.
  ///
  /// - Parameter limit: the most bytes that may be sent; more are an error on the bus.
  func send(endpoint: UInt8, limit: Int) -> USBReply
}

extension SimulatedUSBDevice {
  /// Needs no port.
  public func attached(to port: USBPort) {}
  /// Has nothing to reset.
  public func reset() {}
  /// Does not look at its configuration.
  public func configured(_ configuration: UInt8) {}
  /// Does not look at its settings.
  public func selected(interface: UInt8, setting: UInt8) {}
  /// Stalls.
  public func control(_ request: USBControlRequest, _ data: [UInt8]) -> USBReply { .stall }
  /// Stalls.
  public func receive(_ data: [UInt8], endpoint: UInt8) -> USBReply { .stall }
  /// Stalls.
  public func send(endpoint: UInt8, limit: Int) -> USBReply { .stall }
}

/// How a USB device answers a transfer.
public enum USBReply: Sendable, Hashable {
  /// It has sent these bytes; fewer than were asked for are a short transfer.
  case data([UInt8])
  /// It has taken everything.
  case accepted
  /// Not yet: the transfer waits until ``USBPort/ready(endpoint:)``.
  case notReady
  /// It does not want that. An endpoint is halted until the driver resets the pipe.
  case stall
  /// The transfer fails with a USBD status, such as 0xC0000011 (USBD_STATUS_XACT_ERROR).
  case failure(UInt32)
}

/// A setup packet.
public struct USBControlRequest: Sendable, Hashable {
  /// `bmRequestType`: direction, type and recipient.
  public var requestType: UInt8
  /// `bRequest`.
  public var request: UInt8
  /// `wValue`.
  public var value: UInt16
  /// `wIndex`.
  public var index: UInt16
  /// `wLength`: how many bytes follow, or may be answered.
  public var length: UInt16

  /// Makes a setup packet.
  public init(
    requestType: UInt8, request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 0
  ) {
    self.requestType = requestType
    self.request = request
    self.value = value
    self.index = index
    self.length = length
  }

  /// Whether data goes to the host.
  public var isToHost: Bool { requestType & 0x80 != 0 }
  /// 0 for a standard request, 1 for one of a class, 2 for one of a vendor.
  public var kind: UInt8 { requestType >> 5 & 3 }
  /// 0 the device, 1 an interface, 2 an endpoint, 3 something else.
  public var recipient: UInt8 { requestType & 0x1F }
}

/// A USB device made of closures.
///
///     let device = USBDevice(description, control: { request, _ in .data([1]) })
///     try kernel.plugIn(device)
public final class USBDevice: SimulatedUSBDevice {
  /// What a control request does.
  public typealias Control = @Sendable (USBControlRequest, [UInt8]) -> USBReply
  /// What happens to data for an endpoint.
  public typealias Receive = @Sendable ([UInt8], UInt8) -> USBReply
  /// What an endpoint sends.
  public typealias Send = @Sendable (UInt8, Int) -> USBReply

  /// What the device says of itself.
  public let usb: USBDescription
  private let controlBody: Control
  private let receiveBody: Receive
  private let sendBody: Send
  private let attachedBody: @Sendable (USBPort) -> Void

  /// Makes a device; what is left out stalls.
  public init(
    _ usb: USBDescription, control: @escaping Control = { _, _ in .stall },
    receive: @escaping Receive = { _, _ in .stall }, send: @escaping Send = { _, _ in .stall },
    attached: @escaping @Sendable (USBPort) -> Void = { _ in }
  ) {
    self.usb = usb
    controlBody = control
    receiveBody = receive
    sendBody = send
    attachedBody = attached
  }

  /// Calls the closure.
  public func attached(to port: USBPort) { attachedBody(port) }
  /// Calls the closure.
  public func control(_ request: USBControlRequest, _ data: [UInt8]) -> USBReply {
    controlBody(request, data)
  }
  /// Calls the closure.
  public func receive(_ data: [UInt8], endpoint: UInt8) -> USBReply { receiveBody(data, endpoint) }
  /// Calls the closure.
  public func send(endpoint: UInt8, limit: Int) -> USBReply { sendBody(endpoint, limit) }
}
