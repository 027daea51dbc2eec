import CDriverKit
import IOManager
import Machine

typealias InterfaceInformation = UnsafeMutablePointer<USBD_INTERFACE_INFORMATION>

// Selecting configurations and settings of interfaces. The descriptor that counts is the device's own.
extension PlugAndPlay {
  /// Bytes of a USBD_INTERFACE_INFORMATION before its pipes.
  private static var informationHead: Int {
    MemoryLayout<USBD_INTERFACE_INFORMATION>.offset(of: \.Pipes).unsafelyUnwrapped
  }

  func selectConfiguration(
    _ urb: UnsafeMutablePointer<URB>, _ usb: UnsafeMutablePointer<UsbState>
  ) -> UInt32 {
    let part = urb.part(_URB_SELECT_CONFIGURATION.self)
    guard let wanted = part.pointee.ConfigurationDescriptor else {
      closePipes(usb)
      usb.withLock { unconfigure(usb) }
      tellConfigured(usb, 0)
      return UsbStatus.success
    }
    let value = wanted.pointee.bConfigurationValue
    guard value != 0, let configuration = usb.pointee.descriptors.configuration(value) else {
      return UsbStatus.invalidConfiguration
    }
    let refusal = forEachInformation(urb) { check($0, in: configuration) }
    if let refusal { return refusal }
    closePipes(usb)
    let handle = usb.withLock {
      unconfigure(usb)
      usb.pointee.configuration = value
      usb.pointee.configurationHandle = usb.makeHandle()
      return usb.pointee.configurationHandle
    }
    part.pointee.ConfigurationHandle = UnsafeMutableRawPointer(bitPattern: handle)
    tellConfigured(usb, value)
    _ = forEachInformation(urb) { information in
      open(information, in: configuration, usb)
      let setting = information.pointee.AlternateSetting
      if setting != 0 { tellSelected(usb, information.pointee.InterfaceNumber, setting) }
      return nil
    }
    return UsbStatus.success
  }

  func selectInterface(
    _ urb: UnsafeMutablePointer<URB>, _ usb: UnsafeMutablePointer<UsbState>
  ) -> UInt32 {
    let part = urb.part(_URB_SELECT_INTERFACE.self)
    let handle = UInt(bitPattern: part.pointee.ConfigurationHandle)
    let value = usb.withLock {
      usb.pointee.configurationHandle == handle ? usb.pointee.configuration : 0
    }
    guard value != 0, let configuration = usb.pointee.descriptors.configuration(value) else {
      return UsbStatus.invalidParameter
    }
    let start = MemoryLayout<_URB_SELECT_INTERFACE>.offset(of: \.Interface).unsafelyUnwrapped
    let information = (UnsafeMutableRawPointer(urb) + start)
      .assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
    guard Int(information.pointee.Length) <= Int(urb.header.pointee.Length) - start else {
      return UsbStatus.invalidParameter
    }
    if let refusal = check(information, in: configuration) { return refusal }
    let number = information.pointee.InterfaceNumber
    endTransfers(usb, UsbStatus.cancelled) {
      $0.pointee.handle != 0 && $0.pointee.address & 0xF != 0 && $0.pointee.interface == number
    }
    usb.withLock { close(interface: number, usb) }
    tellSelected(usb, number, information.pointee.AlternateSetting)
    open(information, in: configuration, usb)
    return UsbStatus.success
  }

  /// Calls `body` for each interface in a request to select a configuration, until it refuses.
  private func forEachInformation(
    _ urb: UnsafeMutablePointer<URB>, _ body: (InterfaceInformation) -> UInt32?
  ) -> UInt32? {
    let end = UnsafeMutableRawPointer(urb) + Int(urb.header.pointee.Length)
    var next =
      UnsafeMutableRawPointer(urb)
      + MemoryLayout<_URB_SELECT_CONFIGURATION>.offset(of: \.Interface).unsafelyUnwrapped
    while next + Self.informationHead <= end {
      let information = next.assumingMemoryBound(to: USBD_INTERFACE_INFORMATION.self)
      let length = Int(information.pointee.Length)
      guard length >= Self.informationHead, next + length <= end else {
        return UsbStatus.invalidParameter
      }
      if let refusal = body(information) { return refusal }
      next += length
    }
    return nil
  }

  /// Whether a setting is in the configuration, and there is room for its pipes.
  private func check(
    _ information: InterfaceInformation, in configuration: UnsafeBufferPointer<UInt8>
  ) -> UInt32? {
    guard information.pointee.InterfaceNumber < 32,
      let start = find(information, in: configuration)
    else { return UsbStatus.interfaceNotFound }
    let pipes = Int(configuration[start + 4]) * MemoryLayout<USBD_PIPE_INFORMATION>.stride
    return Int(information.pointee.Length) < Self.informationHead + pipes
      ? UsbStatus.bufferTooSmall : nil
  }

  private func find(
    _ information: InterfaceInformation, in configuration: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var offset = 0
    while offset + 9 <= configuration.count, configuration[offset] >= 2 {
      if configuration[offset + 1] == UInt8(USB_INTERFACE_DESCRIPTOR_TYPE),
        configuration[offset + 2] == information.pointee.InterfaceNumber,
        configuration[offset + 3] == information.pointee.AlternateSetting
      {
        return offset
      }
      offset += Int(configuration[offset])
    }
    return nil
  }

  /// Opens the pipes of a setting and says what they are.
  private func open(
    _ information: InterfaceInformation, in configuration: UnsafeBufferPointer<UInt8>,
    _ usb: UnsafeMutablePointer<UsbState>
  ) {
    guard let start = find(information, in: configuration) else { return }
    let number = information.pointee.InterfaceNumber
    let setting = information.pointee.AlternateSetting
    let handle = usb.withLock {
      let handle = usb.makeHandle()
      usb.pointee.interfaces[Int(number)] = UsbInterface(handle: handle, setting: setting)
      return handle
    }
    information.pointee.Class = configuration[start + 5]
    information.pointee.SubClass = configuration[start + 6]
    information.pointee.Protocol = configuration[start + 7]
    information.pointee.InterfaceHandle = UnsafeMutableRawPointer(bitPattern: handle)
    information.pointee.NumberOfPipes = UInt32(configuration[start + 4])
    let pipes = (UnsafeMutableRawPointer(information) + Self.informationHead)
      .assumingMemoryBound(to: USBD_PIPE_INFORMATION.self)
    var offset = start + Int(configuration[start])
    var index = 0
    while index < Int(configuration[start + 4]), offset + 7 <= configuration.count {
      if configuration[offset + 1] == UInt8(USB_ENDPOINT_DESCRIPTOR_TYPE) {
        open(pipes + index, configuration.baseAddress.unsafelyUnwrapped + offset, number, usb)
        index += 1
      }
      offset += max(Int(configuration[offset]), 2)
    }
  }

  private func open(
    _ pipe: UnsafeMutablePointer<USBD_PIPE_INFORMATION>, _ descriptor: UnsafePointer<UInt8>,
    _ interface: UInt8, _ usb: UnsafeMutablePointer<UsbState>
  ) {
    let flags = pipe.pointee.PipeFlags
    var size = UInt16(descriptor[5]) << 8 | UInt16(descriptor[4])
    // Bits 11 and 12: more packets in a microframe.
    size = (size & 0x7FF) * (1 + ((size >> 11) & 3))
    if flags & UInt32(USBD_PF_CHANGE_MAX_PACKET) != 0 {
      size = min(size, pipe.pointee.MaximumPacketSize)
    }
    let handle = usb.withLock {
      let endpoint = usb.endpoint(descriptor[2])
      endpoint.pointee.handle = usb.makeHandle()
      endpoint.pointee.address = descriptor[2]
      endpoint.pointee.kind = USBEndpoint.Kind(rawValue: descriptor[3] & 3) ?? .bulk
      endpoint.pointee.maximumPacketSize = size
      endpoint.pointee.interval = descriptor[6]
      endpoint.pointee.interface = interface
      endpoint.pointee.isHalted = false
      return endpoint.pointee.handle
    }
    pipe.pointee.MaximumPacketSize = size
    pipe.pointee.EndpointAddress = descriptor[2]
    pipe.pointee.Interval = descriptor[6]
    pipe.pointee.PipeType = USBD_PIPE_TYPE(rawValue: UInt32(descriptor[3] & 3))
    pipe.pointee.PipeHandle = UnsafeMutableRawPointer(bitPattern: handle)
    if pipe.pointee.MaximumTransferSize == 0 { pipe.pointee.MaximumTransferSize = .max }
  }

  // MARK: Closing

  /// Ends the transfers of all pipes.
  private func closePipes(_ usb: UnsafeMutablePointer<UsbState>) {
    endTransfers(usb, UsbStatus.cancelled) { $0.pointee.address & 0xF != 0 }
  }

  /// No configuration is selected any more; under the lock.
  func unconfigure(_ usb: UnsafeMutablePointer<UsbState>) {
    usb.pointee.configuration = 0
    usb.pointee.configurationHandle = 0
    for number in 0..<32 { close(interface: UInt8(number), usb) }
  }

  private func close(interface number: UInt8, _ usb: UnsafeMutablePointer<UsbState>) {
    usb.pointee.interfaces[Int(number)] = UsbInterface()
    for index in 1..<32 where usb.endpoint(index: index).pointee.interface == number {
      usb.endpoint(index: index).pointee.handle = 0
      usb.endpoint(index: index).pointee.isHalted = false
    }
  }
}
