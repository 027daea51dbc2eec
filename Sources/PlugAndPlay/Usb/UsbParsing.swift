import CDriverKit
import IOManager
import Machine

// Reading descriptors in a driver's memory: nothing beyond their end is touched.

/// Walks over descriptors; nil at the end, or where one is not whole.
private struct DescriptorWalk {
  var next: UnsafeMutablePointer<UInt8>
  let end: UnsafeMutablePointer<UInt8>

  mutating func take() -> UnsafeMutablePointer<UInt8>? {
    guard end - next >= 2, next[0] >= 2, Int(next[0]) <= end - next else { return nil }
    let descriptor = next
    next += Int(descriptor[0])
    return descriptor
  }
}

private func bytes(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt8> {
  pointer.assumingMemoryBound(to: UInt8.self)
}

/// The first descriptor of a type at or behind a place.
@c(r3_USBD_ParseDescriptors)
func usbdParseDescriptors(
  _ buffer: UnsafeMutableRawPointer?, _ byteCount: UInt32, _ start: UnsafeMutableRawPointer?,
  _ type: UInt32
) -> UnsafeMutableRawPointer? {
  guard let buffer, let start else { return nil }
  var walk = DescriptorWalk(next: bytes(start), end: bytes(buffer) + Int(byteCount))
  while let descriptor = walk.take() {
    if UInt32(descriptor[1]) == type { return UnsafeMutableRawPointer(descriptor) }
  }
  return nil
}

/// The first interface descriptor that fits; -1 stands for anything.
@c(r3_USBD_ParseConfigurationDescriptorEx)
func usbdParseConfigurationDescriptorEx(
  _ configuration: UnsafeMutableRawPointer?, _ start: UnsafeMutableRawPointer?, _ number: UInt32,
  _ setting: UInt32, _ interfaceClass: UInt32, _ interfaceSubclass: UInt32,
  _ interfaceProtocol: UInt32
) -> UnsafeMutableRawPointer? {
  guard let configuration, let start else { return nil }
  let total = Int(configuration.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
  var walk = DescriptorWalk(next: bytes(start), end: bytes(configuration) + total)
  func fits(_ value: UInt8, _ wanted: UInt32) -> Bool {
    wanted == .max || wanted == UInt32(value)
  }
  while let descriptor = walk.take() {
    if Int32(descriptor[1]) == USB_INTERFACE_DESCRIPTOR_TYPE, descriptor[0] >= 9,
      fits(descriptor[2], number), fits(descriptor[3], setting),
      fits(descriptor[5], interfaceClass), fits(descriptor[6], interfaceSubclass),
      fits(descriptor[7], interfaceProtocol)
    {
      return UnsafeMutableRawPointer(descriptor)
    }
  }
  return nil
}

@c(r3_USBD_ParseConfigurationDescriptor)
func usbdParseConfigurationDescriptor(
  _ configuration: UnsafeMutableRawPointer?, _ number: UInt32, _ setting: UInt32
) -> UnsafeMutableRawPointer? {
  usbdParseConfigurationDescriptorEx(
    configuration, configuration, number & 0xFF, setting & 0xFF, .max, .max, .max)
}

/// The bytes of an interface descriptor and all that belongs to it.
@c(r3_USBD_GetInterfaceLength)
func usbdGetInterfaceLength(
  _ interface: UnsafeMutableRawPointer, _ end: UnsafeMutablePointer<UInt8>
) -> UInt32 {
  var walk = DescriptorWalk(next: bytes(interface), end: end)
  guard walk.take() != nil else { return 0 }
  while true {
    let place = walk.next
    guard let descriptor = walk.take() else { break }
    if Int32(descriptor[1]) == USB_INTERFACE_DESCRIPTOR_TYPE {
      walk.next = place
      break
    }
  }
  return UInt32(walk.next - bytes(interface))
}

/// Checks the descriptors of a configuration; `offset` gets the place of what is wrong.
@c(r3_USBD_ValidateConfigurationDescriptor)
func usbdValidateConfigurationDescriptor(
  _ configuration: UnsafeMutablePointer<UInt8>?, _ byteCount: UInt32, _ level: UInt32,
  _ offset: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ tag: UInt32
) -> UInt32 {
  offset?.pointee = nil
  guard let configuration, (1...3).contains(level & 0xFFFF) else {
    return UsbStatus.invalidParameter
  }
  var check = ConfigurationCheck(
    start: configuration, byteCount: Int(byteCount), isStrict: level & 0xFFFF == 3)
  let status = level & 0xFFFF == 1 ? check.checkHead() : check.checkAll()
  if status != UsbStatus.success { offset?.pointee = check.place }
  return status
}

/// The check of a configuration and its descriptors.
private struct ConfigurationCheck {
  let start: UnsafeMutablePointer<UInt8>
  let byteCount: Int
  let isStrict: Bool
  /// What is looked at, and so what is wrong at the end.
  var place: UnsafeMutablePointer<UInt8>

  init(start: UnsafeMutablePointer<UInt8>, byteCount: Int, isStrict: Bool) {
    self.start = start
    self.byteCount = byteCount
    self.isStrict = isStrict
    place = start
  }

  private static let badLength: UInt32 = 0xC010_0001
  private static let badType: UInt32 = 0xC010_0002
  private static let badInterface: UInt32 = 0xC010_0003
  private static let badEndpoint: UInt32 = 0xC010_0004
  private static let badTotalLength: UInt32 = 0xC010_0006
  private static let badInterfaceCount: UInt32 = 0xC010_0007
  private static let badEndpointCount: UInt32 = 0xC010_0008
  private static let badAddress: UInt32 = 0xC010_0009

  private var total: Int { Int(start[3]) << 8 | Int(start[2]) }

  mutating func checkHead() -> UInt32 {
    guard byteCount >= 9 else { return Self.badTotalLength }
    guard Int32(start[1]) == USB_CONFIGURATION_DESCRIPTOR_TYPE else { return Self.badType }
    guard start[0] >= 9, !isStrict || start[0] == 9 else { return Self.badLength }
    guard total >= 9, total <= byteCount else { return Self.badTotalLength }
    return UsbStatus.success
  }

  mutating func checkAll() -> UInt32 {
    let status = checkHead()
    if status != UsbStatus.success { return status }
    var numbers: UInt64 = 0
    var last = -1
    var missing = 0
    var walk = DescriptorWalk(next: start + Int(start[0]), end: start + total)
    while walk.next < walk.end {
      place = walk.next
      guard let descriptor = walk.take() else { return Self.badLength }
      switch Int32(descriptor[1]) {
      case USB_INTERFACE_DESCRIPTOR_TYPE:
        guard descriptor[0] >= 9, !isStrict || descriptor[0] == 9 else { return Self.badLength }
        if isStrict, missing != 0 { return Self.badEndpointCount }
        let number = Int(descriptor[2])
        if number >= 64 { return Self.badInterface }
        if isStrict, number != last, number != last + 1 { return Self.badInterface }
        last = number
        numbers |= 1 << UInt64(number)
        missing = Int(descriptor[4])
      case USB_ENDPOINT_DESCRIPTOR_TYPE:
        guard descriptor[0] >= 7 else { return Self.badLength }
        if descriptor[2] & 0xF == 0 || descriptor[2] & 0x70 != 0 { return Self.badAddress }
        if last < 0 { return Self.badEndpoint }
        missing -= 1
        if isStrict, missing < 0 { return Self.badEndpointCount }
      default: break
      }
    }
    place = start
    if isStrict, missing != 0 { return Self.badEndpointCount }
    return numbers.nonzeroBitCount == Int(start[4]) ? UsbStatus.success : Self.badInterfaceCount
  }
}
