/// What a device is given: memory, ports, interrupts and DMA channels, in the order of its description.
///
/// Those of a simulated device are ``DeviceBus/resources``. Behind others is nothing but what the
/// machine has there: a range of memory is plain memory, and nobody asserts an interrupt.
public struct DeviceResources: Sendable, Equatable, ExpressibleByArrayLiteral {
  /// One resource.
  public enum Resource: Sendable, Equatable {
    /// Physical addresses of the device's memory or registers.
    case memory(start: UInt64, byteCount: UInt32)
    /// Ports for `in` and `out`.
    case port(start: UInt64, byteCount: UInt32)
    /// An interrupt line or message.
    case interrupt(DeviceInterrupt)
    /// A channel of a DMA controller.
    case dma(channel: UInt32)
  }

  /// The resources.
  public var list: [Resource]

  /// Makes a list.
  public init(_ list: [Resource] = []) { self.list = list }

  /// Makes a list of what stands in brackets.
  public init(arrayLiteral elements: Resource...) { list = elements }

  /// The interrupts alone.
  public var interrupts: [DeviceInterrupt] {
    list.compactMap { if case .interrupt(let interrupt) = $0 { interrupt } else { nil } }
  }
}

/// An interrupt line, or a message that a device signals.
public struct DeviceInterrupt: Sendable, Equatable {
  /// Number of the line at the interrupt controller, 0 to 65535; of a message 0xFFFFFFFE.
  public var line: UInt32
  /// The interrupt vector, which names the interrupt to `IoConnectInterrupt`, up to 255.
  public var vector: UInt32
  /// The level at which service routines run, 3 to 11.
  public var irql: UInt8
  /// Processors that may take it, a bit each.
  public var affinity: UInt64
  /// A pulse, not a level that stays until the device takes it back.
  public var isLatched: Bool
  /// Several devices may have the line.
  public var isShared: Bool
  /// The device signals it by a write to memory: it has no line.
  public var isMessage: Bool

  /// Describes an interrupt.
  public init(
    line: UInt32, vector: UInt32, irql: UInt8, affinity: UInt64 = .max, isLatched: Bool = false,
    isShared: Bool = true, isMessage: Bool = false
  ) {
    self.line = line
    self.vector = vector
    self.irql = irql
    self.affinity = affinity
    self.isLatched = isLatched
    self.isShared = isShared
    self.isMessage = isMessage
  }
}
