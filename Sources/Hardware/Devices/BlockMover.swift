import Synchronization

/// A bus master that moves blocks: between two places in memory, or between memory and its own.
///
/// Its registers, in region 0; it moves when `control` is written, before the write returns, so that
/// every run is the same:
///
///     0x00 control      1 start, 2 start the ring, 4 interrupt when done
///     0x04 status       1 done, 2 error; bits written as ones are cleared, and the interrupt with the last
///     0x08 source       address of 64 bits
///     0x10 destination  address of 64 bits
///     0x18 length       bytes
///     0x1C flags        1 the source is the device's memory, 2 the destination is
///     0x20 ring         address of descriptors: source, destination, length, flags as above, 24 bytes each
///     0x28 count        of descriptors in the ring
///     0x2C moved        bytes since the start, to be read
///     0x40 scratch      64 bytes that hold what is written
public final class BlockMover: SimulatedDevice {
  /// What the device needs.
  public let configuration: DeviceConfiguration
  private let state: Mutex<State>

  struct State {
    var bus: DeviceBus?
    var registers = [UInt8](repeating: 0, count: 0x80)
    var memory: [UInt8]
    var isEnabled = false
    var lastError: DmaError?
  }

  /// Makes a device with so many bytes of its own memory and address bits.
  public init(
    memoryByteCount: Int = 1 << 20, addressWidth: Int = 64,
    interrupt: DeviceConfiguration.Interrupt = .line
  ) {
    configuration = DeviceConfiguration(
      regions: [.registers(byteCount: 4096)], interrupt: interrupt, addressWidth: addressWidth)
    state = Mutex(State(memory: [UInt8](repeating: 0, count: memoryByteCount)))
  }

  /// Gets its bus.
  public func plugged(into bus: DeviceBus) { state.withLock { $0.bus = bus } }

  /// Reads a register.
  public func read(region: Int, offset: Int, byteCount: Int) -> UInt64 {
    state.withLock { $0.load(offset, byteCount) }
  }

  /// Writes a register; a start moves.
  public func write(region: Int, offset: Int, byteCount: Int, value: UInt64) {
    // The bus is not called under the lock: an interrupt may lead back here.
    let (bus, level) = state.withLock { state in
      (state.bus, state.write(offset, byteCount, value))
    }
    guard let bus, let level else { return }
    if bus.resources.interrupts.first?.isMessage == true {
      if level { bus.signal() }
    } else {
      bus.setInterrupt(level)
    }
  }

  /// The device's own memory.
  public var memory: [UInt8] {
    get { state.withLock { $0.memory } }
    set { state.withLock { $0.memory = newValue } }
  }

  /// What went wrong with the last move; nil when nothing did.
  public var lastError: DmaError? { state.withLock { $0.lastError } }
}

// The registers.
extension BlockMover.State {
  private enum Register {
    static let control = 0
    static let status = 4
    static let source = 8
    static let destination = 0x10
    static let length = 0x18
    static let flags = 0x1C
    static let ring = 0x20
    static let count = 0x28
    static let moved = 0x2C
  }

  func load(_ offset: Int, _ byteCount: Int) -> UInt64 {
    guard offset + byteCount <= registers.count else { return 0 }
    return (0..<byteCount).reduce(0) { $0 | UInt64(registers[offset + $1]) << UInt64($1 * 8) }
  }

  private mutating func store(_ value: UInt64, _ offset: Int, _ byteCount: Int) {
    guard offset + byteCount <= registers.count else { return }
    for index in 0..<byteCount {
      registers[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
  }

  /// Takes a write; gives the level of the interrupt when it changes.
  mutating func write(_ offset: Int, _ byteCount: Int, _ value: UInt64) -> Bool? {
    switch offset {
    case Register.control:
      isEnabled = value & 4 != 0
      guard value & 3 != 0 else { return nil }
      start(isRing: value & 2 != 0)
      return isEnabled ? true : nil
    case Register.status:
      let left = load(Register.status, 4) & ~value
      store(left, Register.status, 4)
      return left == 0 ? false : nil
    case Register.moved: return nil
    default:
      store(value, offset, byteCount)
      return nil
    }
  }

  private mutating func start(isRing: Bool) {
    store(0, Register.moved, 4)
    lastError = nil
    do throws(DmaError) {
      if isRing { try moveRing() } else { try move(programmed) }
    } catch {
      lastError = error
    }
    store(lastError == nil ? 1 : 3, Register.status, 4)
  }
}

// Moving.
extension BlockMover.State {
  private struct Move {
    var source: UInt64
    var destination: UInt64
    var byteCount: Int
    var flags: UInt32
  }

  /// What the registers say.
  private var programmed: Move {
    Move(
      source: load(Register.source, 8), destination: load(Register.destination, 8),
      byteCount: Int(load(Register.length, 4)), flags: UInt32(load(Register.flags, 4)))
  }

  /// Reads the descriptors out of memory, one after the other.
  private mutating func moveRing() throws(DmaError) {
    guard let bus else { return }
    let ring = load(Register.ring, 8)
    for index in 0..<load(Register.count, 4) {
      let place = ring &+ index * 24
      try move(
        Move(
          source: bus.load(at: place), destination: bus.load(at: place &+ 8),
          byteCount: Int(bus.load(UInt32.self, at: place &+ 16)),
          flags: bus.load(at: place &+ 20)))
    }
  }

  private mutating func move(_ move: Move) throws(DmaError) {
    guard let bus else { return }
    var bytes = [UInt8](repeating: 0, count: move.byteCount)
    if move.flags & 1 != 0 {
      let range = try ownRange(move.source, move.byteCount)
      bytes.replaceSubrange(0..<move.byteCount, with: memory[range])
    } else {
      try read(bus, move.source, &bytes)
    }
    if move.flags & 2 != 0 {
      memory.replaceSubrange(try ownRange(move.destination, move.byteCount), with: bytes)
    } else {
      try write(bus, move.destination, bytes)
    }
    store(load(Register.moved, 4) + UInt64(move.byteCount), Register.moved, 4)
  }

  private func ownRange(_ start: UInt64, _ count: Int) throws(DmaError) -> Range<Int> {
    guard start <= UInt64(memory.count), count <= memory.count - Int(start) else {
      throw .noMemory(address: start, byteCount: count)
    }
    return Int(start)..<Int(start) + count
  }

  private func read(_ bus: DeviceBus, _ address: UInt64, _ bytes: inout [UInt8]) throws(DmaError) {
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(DmaError) in try bus.read(address, into: buffer) }
    }
    try result.get()
  }

  private func write(_ bus: DeviceBus, _ address: UInt64, _ bytes: [UInt8]) throws(DmaError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(DmaError) in try bus.write(address, from: buffer) }
    }
    try result.get()
  }
}
