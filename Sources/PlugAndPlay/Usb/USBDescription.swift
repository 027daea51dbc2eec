/// What a USB device says of itself: identifiers, configurations and strings.
///
///     USBDescription(
///       vendorID: 0x0547, productID: 0x1002, product: "Loopback",
///       configurations: [
///         USBConfiguration(interfaces: [
///           USBInterface(endpoints: [.bulkIn(1, 512), .bulkOut(2, 512), .interruptIn(3, 8)])
///         ])
///       ])
///
/// The descriptors are made of it when the device is plugged in.
public struct USBDescription: Sendable, Hashable {
  /// How fast the device is connected.
  public enum Speed: UInt8, Sendable, Hashable {
    /// 1.5 Mbit/s.
    case low
    /// 12 Mbit/s.
    case full
    /// 480 Mbit/s.
    case high
    /// 5 Gbit/s.
    case `super`
  }

  /// The number of the vendor.
  public var vendorID: UInt16
  /// The vendor's number of the product.
  public var productID: UInt16
  /// The release of the device, as decimal digits: 0x0100 is 1.00.
  public var release: UInt16
  /// The release of the USB specification, as decimal digits.
  public var specification: UInt16
  /// The class of the whole device; 0 when each interface has its own.
  public var deviceClass: UInt8
  /// The subclass of the whole device.
  public var deviceSubclass: UInt8
  /// The protocol of the whole device.
  public var deviceProtocol: UInt8
  /// How fast the device is connected.
  public var speed: Speed
  /// The name of the manufacturer, a string descriptor; nil for none.
  public var manufacturer: String?
  /// The name of the product, a string descriptor; nil for none.
  public var product: String?
  /// The serial number, a string descriptor and the instance identifier; nil for none.
  public var serialNumber: String?
  /// The configurations; the first one is what most drivers select.
  public var configurations: [USBConfiguration]

  /// Makes a description.
  public init(
    vendorID: UInt16, productID: UInt16, release: UInt16 = 0x0100, specification: UInt16 = 0x0200,
    deviceClass: UInt8 = 0, deviceSubclass: UInt8 = 0, deviceProtocol: UInt8 = 0,
    speed: Speed = .high, manufacturer: String? = nil, product: String? = nil,
    serialNumber: String? = nil, configurations: [USBConfiguration]
  ) {
    self.vendorID = vendorID
    self.productID = productID
    self.release = release
    self.specification = specification
    self.deviceClass = deviceClass
    self.deviceSubclass = deviceSubclass
    self.deviceProtocol = deviceProtocol
    self.speed = speed
    self.manufacturer = manufacturer
    self.product = product
    self.serialNumber = serialNumber
    self.configurations = configurations
  }
}

/// A configuration of a USB device.
public struct USBConfiguration: Sendable, Hashable {
  /// The number by which it is selected; not 0.
  public var value: UInt8
  /// Whether the device has power of its own.
  public var isSelfPowered: Bool
  /// Whether the device can wake the machine.
  public var canWake: Bool
  /// The current that the device takes of the bus, in milliamperes.
  public var milliamperes: Int
  /// The interfaces; each alternate setting of an interface is one of its own.
  public var interfaces: [USBInterface]

  /// Makes a configuration.
  public init(
    value: UInt8 = 1, isSelfPowered: Bool = false, canWake: Bool = false, milliamperes: Int = 100,
    interfaces: [USBInterface]
  ) {
    self.value = value
    self.isSelfPowered = isSelfPowered
    self.canWake = canWake
    self.milliamperes = milliamperes
    self.interfaces = interfaces
  }
}

/// One setting of an interface of a USB device.
public struct USBInterface: Sendable, Hashable {
  /// The number of the interface, 0 to 31.
  public var number: UInt8
  /// The number of the alternate setting.
  public var setting: UInt8
  /// The class.
  public var interfaceClass: UInt8
  /// The subclass.
  public var interfaceSubclass: UInt8
  /// The protocol.
  public var interfaceProtocol: UInt8
  /// A name, a string descriptor; nil for none.
  public var name: String?
  /// Descriptors of a class, which stand behind that of the interface.
  public var classDescriptors: [UInt8]
  /// The endpoints, without the one for control.
  public var endpoints: [USBEndpoint]

  /// Makes a setting of an interface.
  public init(
    number: UInt8 = 0, setting: UInt8 = 0, interfaceClass: UInt8 = 0xFF,
    interfaceSubclass: UInt8 = 0, interfaceProtocol: UInt8 = 0, name: String? = nil,
    classDescriptors: [UInt8] = [], endpoints: [USBEndpoint] = []
  ) {
    self.number = number
    self.setting = setting
    self.interfaceClass = interfaceClass
    self.interfaceSubclass = interfaceSubclass
    self.interfaceProtocol = interfaceProtocol
    self.name = name
    self.classDescriptors = classDescriptors
    self.endpoints = endpoints
  }
}

/// An endpoint of a USB device.
public struct USBEndpoint: Sendable, Hashable {
  /// What is transferred how; the numbers are those of the descriptor.
  public enum Kind: UInt8, Sendable, Hashable {
    /// Requests with an answer, as on the endpoint that every device has.
    case control
    /// A share of each frame, without repetition of what is lost.
    case isochronous
    /// As fast as there is room.
    case bulk
    /// Small, and at the latest after an interval.
    case interrupt
  }

  /// Its number, with 0x80 when data goes to the host.
  public var address: UInt8
  /// What is transferred how.
  public var kind: Kind
  /// The longest packet, in bytes.
  public var maximumPacketSize: UInt16
  /// How often it is polled, in the unit of its speed.
  public var interval: UInt8

  /// Makes an endpoint.
  public init(address: UInt8, kind: Kind, maximumPacketSize: UInt16, interval: UInt8 = 0) {
    self.address = address
    self.kind = kind
    self.maximumPacketSize = maximumPacketSize
    self.interval = interval
  }

  /// A bulk endpoint from the device to the host.
  public static func bulkIn(_ number: UInt8, _ size: UInt16 = 512) -> USBEndpoint {
    USBEndpoint(address: 0x80 | number, kind: .bulk, maximumPacketSize: size)
  }

  /// A bulk endpoint from the host to the device.
  public static func bulkOut(_ number: UInt8, _ size: UInt16 = 512) -> USBEndpoint {
    USBEndpoint(address: number, kind: .bulk, maximumPacketSize: size)
  }

  /// An interrupt endpoint from the device to the host.
  public static func interruptIn(_ number: UInt8, _ size: UInt16 = 8) -> USBEndpoint {
    USBEndpoint(address: 0x80 | number, kind: .interrupt, maximumPacketSize: size, interval: 1)
  }

  /// An isochronous endpoint from the device to the host.
  public static func isochronousIn(_ number: UInt8, _ size: UInt16 = 512) -> USBEndpoint {
    USBEndpoint(address: 0x80 | number, kind: .isochronous, maximumPacketSize: size, interval: 1)
  }

  /// An isochronous endpoint from the host to the device.
  public static func isochronousOut(_ number: UInt8, _ size: UInt16 = 512) -> USBEndpoint {
    USBEndpoint(address: number, kind: .isochronous, maximumPacketSize: size, interval: 1)
  }
}
