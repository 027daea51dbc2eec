import CDriverKit
import Glibc

/// The descriptors of a device as they go over the bus: plain memory, freed with the device.
struct UsbDescriptors {
  /// Descriptors of one type by index: where each begins in ``bytes``.
  struct Entry {
    let type: UInt8
    let index: UInt8
    let start: Int
    let count: Int
  }

  let bytes: UnsafeMutablePointer<UInt8>
  let entries: UnsafeMutablePointer<Entry>
  let entryCount: Int

  init(_ usb: USBDescription) {
    var maker = DescriptorMaker()
    maker.make(usb)
    bytes = .allocate(capacity: max(maker.bytes.count, 1))
    bytes.initialize(from: maker.bytes, count: maker.bytes.count)
    entries = .allocate(capacity: max(maker.entries.count, 1))
    entries.initialize(from: maker.entries, count: maker.entries.count)
    entryCount = maker.entries.count
  }

  func free() {
    bytes.deallocate()
    entries.deallocate()
  }

  func find(_ type: UInt8, _ index: UInt8) -> UnsafeBufferPointer<UInt8>? {
    for number in 0..<entryCount
    where entries[number].type == type && entries[number].index == index {
      return UnsafeBufferPointer(start: bytes + entries[number].start, count: entries[number].count)
    }
    return nil
  }

  /// The configuration that is selected by a value.
  func configuration(_ value: UInt8) -> UnsafeBufferPointer<UInt8>? {
    for number in 0..<entryCount
    where entries[number].type == UInt8(USB_CONFIGURATION_DESCRIPTOR_TYPE)
      && bytes[entries[number].start + 5] == value
    {
      return UnsafeBufferPointer(start: bytes + entries[number].start, count: entries[number].count)
    }
    return nil
  }
}

/// Makes the bytes of the descriptors.
private struct DescriptorMaker {
  var bytes: [UInt8] = []
  var entries: [UsbDescriptors.Entry] = []
  private var strings: [String] = []

  mutating func make(_ usb: USBDescription) {
    add(1, 0, device(usb))
    for (index, configuration) in usb.configurations.enumerated() {
      add(2, UInt8(truncatingIfNeeded: index), bytes(of: configuration))
    }
    guard !strings.isEmpty else { return }
    add(3, 0, [4, 3, 0x09, 0x04])
    for (index, text) in strings.enumerated() {
      let units = text.utf16.prefix(126)
      var string: [UInt8] = [UInt8(2 + units.count * 2), 3]
      for unit in units { string += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
      add(3, UInt8(truncatingIfNeeded: index + 1), string)
    }
  }

  private mutating func add(_ type: UInt8, _ index: UInt8, _ descriptor: [UInt8]) {
    entries.append(
      .init(type: type, index: index, start: bytes.count, count: descriptor.count))
    bytes += descriptor
  }

  /// The index of a string, 0 for none.
  private mutating func index(of text: String?) -> UInt8 {
    guard let text else { return 0 }
    if let known = strings.firstIndex(of: text) { return UInt8(known + 1) }
    strings.append(text)
    return UInt8(truncatingIfNeeded: strings.count)
  }

  private mutating func device(_ usb: USBDescription) -> [UInt8] {
    [18, 1] + word(usb.specification)
      + [usb.deviceClass, usb.deviceSubclass, usb.deviceProtocol]
      + [usb.speed == .super ? 9 : usb.speed == .low ? 8 : 64]
      + word(usb.vendorID) + word(usb.productID) + word(usb.release)
      + [
        index(of: usb.manufacturer), index(of: usb.product), index(of: usb.serialNumber),
        UInt8(truncatingIfNeeded: usb.configurations.count),
      ]
  }

  private mutating func bytes(of configuration: USBConfiguration) -> [UInt8] {
    var rest: [UInt8] = []
    for interface in configuration.interfaces { rest += bytes(of: interface) }
    let attributes =
      0x80 | (configuration.isSelfPowered ? 0x40 : 0) | (configuration.canWake ? 0x20 : 0)
    let count = Set(configuration.interfaces.map(\.number)).count
    let head: [UInt8] =
      [9, 2] + word(UInt16(truncatingIfNeeded: 9 + rest.count))
      + [
        UInt8(truncatingIfNeeded: count), configuration.value, 0, UInt8(attributes),
        UInt8(clamping: configuration.milliamperes / 2),
      ]
    return head + rest
  }

  private mutating func bytes(of interface: USBInterface) -> [UInt8] {
    var result: [UInt8] = [
      9, 4, interface.number, interface.setting,
      UInt8(truncatingIfNeeded: interface.endpoints.count),
      interface.interfaceClass, interface.interfaceSubclass, interface.interfaceProtocol,
      index(of: interface.name),
    ]
    result += interface.classDescriptors
    for endpoint in interface.endpoints {
      result += [7, 5, endpoint.address, endpoint.kind.rawValue]
      result += word(endpoint.maximumPacketSize) + [endpoint.interval]
    }
    return result
  }

  private func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
}
