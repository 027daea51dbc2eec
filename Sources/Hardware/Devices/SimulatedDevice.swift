/// A device that is simulated in Swift: its registers, and what it does when they are written.
///
/// Its routines are called by any thread that accesses a register, several at a time, inside the kernel
/// and at any level; they take short locks of their own and call nothing that waits. What they do with
/// the bus - read and write memory, interrupt - takes effect at once, but service routines run only
/// when the access is over.
public protocol SimulatedDevice: AnyObject, Sendable {
  /// What the device needs; asked for once, when it is plugged.
  var configuration: DeviceConfiguration { get }

  /// Gets the bus that the device now sits on.
  func plugged(into bus: DeviceBus)

  /// A driver reads a register.
  ///
  /// - Parameters:
  ///   - region: number of the memory or port region in the configuration.
  ///   - offset: from the beginning of the region.
  ///   - byteCount: 1, 2, 4 or 8.
  /// - Returns: the value; bytes beyond `byteCount` are ignored.
  func read(region: Int, offset: Int, byteCount: Int) -> UInt64

  /// A driver writes a register; parameters as in `read`.
  func write(region: Int, offset: Int, byteCount: Int, value: UInt64)
}

/// What a device needs of its bus.
public struct DeviceConfiguration: Sendable {
  /// Memory or ports of a device.
  public enum Region: Sendable, Equatable {
    /// Registers in memory: every access calls the device. Rounded up to whole pages.
    case registers(byteCount: Int)
    /// Memory that drivers access without the device; it finds it with ``DeviceBus/memory(ofRegion:)``.
    case memory(byteCount: Int)
    /// Ports for `in` and `out`, 4096 at most: every access calls the device.
    case ports(count: Int)
  }

  /// How a device interrupts.
  public enum Interrupt: Sendable, Equatable {
    /// Not at all.
    case none
    /// A line with a level, which other devices may share.
    case line
    /// So many messages.
    case messages(Int)
    /// The line of another device that is plugged already, by its vector.
    case shared(vector: UInt32)
  }

  /// Memory and ports.
  public var regions: [Region]
  /// The interrupt.
  public var interrupt: Interrupt
  /// Bits of the addresses that the device sends; it cannot reach memory beyond.
  public var addressWidth: Int

  /// Makes a configuration.
  public init(regions: [Region], interrupt: Interrupt = .line, addressWidth: Int = 64) {
    self.regions = regions
    self.interrupt = interrupt
    self.addressWidth = addressWidth
  }
}
