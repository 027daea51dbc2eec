import Ring3

/// The descriptors that the device reads: source, destination, length and flags, 24 bytes each.
struct MoveRing: ~Copyable, Sendable {
  /// How many descriptors there is room for.
  let capacity: Int
  private var buffer: CommonBuffer

  private static let stride = 24
  private static let sourceIsDevice: UInt32 = 1
  private static let destinationIsDevice: UInt32 = 2

  init(_ enabler: DMAEnabler, capacity: Int) throws {
    self.capacity = capacity
    buffer = try CommonBuffer(enabler, byteCount: capacity * Self.stride)
  }

  /// Where the device finds the ring.
  var logicalAddress: UInt64 { buffer.logicalAddress }

  /// Describes the moves between pieces of memory and the device's own memory from `start` on.
  mutating func load(_ elements: Span<DMAElement>, _ direction: DMADirection, at start: UInt64) {
    var bytes = buffer.mutableBytes
    var offset = start
    for index in 0..<elements.count {
      let element = elements[index]
      let place = index * Self.stride
      let isRead = direction == .readFromDevice
      bytes.storeBytes(of: isRead ? offset : element.address, toByteOffset: place, as: UInt64.self)
      bytes.storeBytes(
        of: isRead ? element.address : offset, toByteOffset: place + 8, as: UInt64.self)
      bytes.storeBytes(of: element.length, toByteOffset: place + 16, as: UInt32.self)
      bytes.storeBytes(
        of: isRead ? Self.sourceIsDevice : Self.destinationIsDevice, toByteOffset: place + 20,
        as: UInt32.self)
      offset += UInt64(element.byteCount)
    }
  }
}
