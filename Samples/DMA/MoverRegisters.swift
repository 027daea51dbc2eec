import Ring3

/// The registers of a block mover by their names.
struct MoverRegisters: Sendable {
  /// A bit of the status: the device has come to the end of its ring.
  static let isDone: UInt32 = 1
  /// A bit of the status: it has met an address that it may not use.
  static let hasFailed: UInt32 = 2

  private let registers: DeviceRegisters

  init(_ registers: DeviceRegisters) { self.registers = registers }

  /// What the device says; 0 when it has nothing to say.
  var status: UInt32 { registers.read(at: 0x04) }

  /// Takes bits of the status back, and the interrupt with the last.
  func clear(_ status: UInt32) { registers.write(status, at: 0x04) }

  /// Has the device carry out a ring of descriptors, and interrupt when it is done.
  func start(ring: UInt64, count: UInt32) {
    registers.write(ring, at: 0x20)
    registers.write(count, at: 0x28)
    registers.write(UInt32(2 | 4), at: 0x00)
  }

  /// Stops the device, and forgets what it did.
  func stop() {
    registers.write(UInt32(0), at: 0x00)
    clear(Self.isDone | Self.hasFailed)
  }
}
