import CDriverKit
import Hardware
import IOManager
import Machine
import Ring3
import TestSupport
import Testing

/// A kernel with the driver `hardware.c` and a block mover.
struct HardwareBench {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File
  let mover: BlockMover
  let bus: DeviceBus

  /// The driver's device object, which stands for the physical one.
  let device: DevicePointer

  init(
    _ mover: BlockMover = BlockMover(), configuration: Configuration = Configuration(),
    mapRegisterLimit: Int = .max
  ) throws {
    self.mover = mover
    kernel = try Kernel(configuration: configuration)
    bus = try kernel.plug(mover)
    driver = try kernel.loadTestDriver("hardware")
    process = try kernel.makeProcess("bench.exe")
    file = try process.open(#"\Device\Hardware"#)
    let address = try Self.control(file, 0x800)[0]
    device = try #require(DevicePointer(bitPattern: UInt(address)))
    kernel.machine.hardware.assign(
      bus.resources, to: device, mapRegisterLimit: mapRegisterLimit)
    guard case .memory(let start, let byteCount) = bus.resources.list[0] else { return }
    _ = try control(0x801, start, UInt64(byteCount))
  }

  /// A machine whose nonpaged pool lies above 4 GiB.
  static var large: Configuration {
    var configuration = Configuration()
    configuration.memoryByteCount = 6 << 30
    return configuration
  }

  private static func control(_ file: File, _ function: UInt32, _ input: [UInt64] = []) throws
    -> [UInt64]
  {
    let bytes = input.flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) } }
    let code = IoControlCode(bits: 0x8000_0000 | function << 2)
    let output = try file.deviceControl(
      code, input: bytes + [UInt8](repeating: 0, count: 64 - bytes.count), outputCount: 64)
    return (0..<8).map { index in
      (0..<8).reduce(0) { $0 | UInt64(output[index * 8 + $1]) << UInt64($1 * 8) }
    }
  }

  @discardableResult
  func control(_ function: UInt32, _ input: UInt64...) throws -> [UInt64] {
    try Self.control(file, function, input)
  }

  /// Makes an adapter; gives its index, map registers, version, and size of the table.
  @discardableResult
  func makeAdapter(
    version: UInt64 = 2, scatterGather: Bool = true, width: UInt64 = 64,
    maximum: UInt64 = 1 << 20
  ) throws -> [UInt64] {
    try control(0x802, version, scatterGather ? 1 : 0, width, maximum)
  }

  /// Makes the driver's buffer of pool; gives its physical address.
  @discardableResult
  func makePool(_ count: Int, fill: UInt64 = 0) throws -> UInt64 {
    try control(0x806, UInt64(count), fill)[0]
  }

  /// What the driver fills its buffer with.
  static func pattern(_ count: Int, _ fill: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) + fill) }
  }

  /// Puts bytes at the beginning of the mover's memory.
  func setMemory(_ bytes: [UInt8]) {
    var memory = mover.memory
    memory.replaceSubrange(0..<bytes.count, with: bytes)
    mover.memory = memory
  }

  func memory(_ count: Int) -> [UInt8] { Array(mover.memory[..<count]) }
}

/// What the driver tells of a transfer.
struct TransferFigures {
  let elements: Int
  let bytes: Int
  let highest: UInt64
  let level: UInt64
  let isDone: Bool

  init(_ words: [UInt64]) {
    elements = Int(words[0])
    bytes = Int(words[1])
    highest = words[2]
    level = words[3]
    isDone = words[4] != 0
  }
}

extension HardwareBench {
  /// Moves a part of the driver's buffer through a scatter/gather list.
  func runList(
    adapter: UInt64 = 0, offset: Int = 0, _ count: Int, isWrite: Bool, form: UInt64 = 0
  ) throws -> TransferFigures {
    TransferFigures(
      try control(0x804, adapter, UInt64(offset), UInt64(count), isWrite ? 1 : 0, 0, form))
  }
}
