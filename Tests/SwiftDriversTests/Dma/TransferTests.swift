import Ring3
import Testing

/// DMA transactions over memory of the driver, interrupts and registers.
struct TransferTests {
  private let kernel: Kernel
  private let mover = BlockMover()
  private let bus: DeviceBus
  private let driver: Driver
  private let device: Device
  private let file: File

  init() throws {
    kernel = try Kernel()
    bus = try kernel.plug(mover)
    driver = try kernel.load(TransferDriver.self)
    device = try kernel.addDevice(stack: [driver], resources: bus.resources)
    try #require(device.state == .started, "\(String(describing: device.description))")
    file = try kernel.makeProcess().open(#"\Device\Transfer"#)
  }

  private struct Answer {
    let status: NTStatus
    let byteCount: Int
    let firstByte: UInt8
    let serviceCount: Int
    let vector: UInt32
    let lengths: [Int]
  }

  private func move(
    _ direction: DMADirection, _ range: Range<Int>, _ manner: TransferDriver.Manner = .whole
  ) throws -> Answer {
    let words = [
      direction.rawValue, UInt32(range.lowerBound), UInt32(range.count), manner.rawValue,
    ]
    let input = words.flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) } }
    let code = IoControlCode(deviceType: .unknown, function: 0x800, method: .buffered)
    let output = try file.deviceControl(code, input: input, outputCount: 256)
    let numbers = (0..<output.count / 8).map { load(output, at: $0 * 8, as: UInt64.self) }
    return Answer(
      status: NTStatus(bits: UInt32(numbers[0])), byteCount: Int(numbers[1]),
      firstByte: UInt8(numbers[2]), serviceCount: Int(numbers[3]), vector: UInt32(numbers[4]),
      lengths: numbers[5...].map { Int($0) })
  }

  @Test func `a range of the memory is moved in transfers of the enabler's length`() throws {
    let answer = try move(.writeToDevice, 100..<25100)
    #expect(answer.status == .success && answer.byteCount == 25000)
    #expect(answer.lengths == [10000, 10000, 5000])
    #expect(mover.memory[..<25000].allSatisfy { $0 == 0xA5 } && mover.memory[25000] == 0)
  }

  @Test func `the device's memory comes to the driver's`() throws {
    mover.memory = pattern(1 << 20, seed: 77)
    let answer = try move(.readFromDevice, 5000..<5010)
    #expect(answer.status == .success && answer.firstByte == 77 && answer.lengths == [10])
  }

  @Test func `what a transfer has not moved is in the next one`() throws {
    let answer = try move(.writeToDevice, 0..<12000, .halves)
    #expect(answer.status == .success && answer.byteCount == 12000)
    #expect(answer.lengths == [10000, 7000])
    #expect(mover.memory[..<12000].allSatisfy { $0 == 0xA5 })
  }

  @Test func `a transfer may be the last before the end`() throws {
    let answer = try move(.writeToDevice, 0..<30000, .lastIsSecond)
    #expect(answer.status == .success && answer.byteCount == 10100)
    #expect(answer.lengths == [10000, 10000])
  }

  @Test(arguments: [0..<0, 39999..<40001, 50000..<50001])
  func `a range that is not of the buffer comes back as an error, and all can be used again`(
    range: Range<Int>
  ) throws {
    let answer = try move(.writeToDevice, range)
    #expect(answer.status == .invalidParameter && answer.byteCount == 0 && answer.lengths == [])
    #expect(try move(.writeToDevice, 0..<10).status == .success)
  }

  @Test func `an interrupt is serviced once for each move`() throws {
    #expect(try move(.writeToDevice, 0..<20000).serviceCount == 2)
    let answer = try move(.writeToDevice, 0..<1)
    #expect(answer.serviceCount == 3)
    #expect(answer.vector == bus.resources.interrupts[0].vector)
  }

  @Test func `a transfer that is dropped ends the kernel by name`() throws {
    let error = #expect(throws: KernelError.self) { _ = try move(.writeToDevice, 0..<10, .dropped) }
    #expect(error?.bugCheck?.code == BugCheckCode(0x5233_0002))
    #expect(error?.bugCheck?.context.subject?.contains("DMA transfer was dropped") == true)
  }

  @Test func `a register beyond the last ends the kernel`() throws {
    let error = #expect(throws: KernelError.self) { _ = try move(.writeToDevice, 0..<10, .beyond) }
    #expect(error?.bugCheck?.code == BugCheckCode(0x50))
  }

  @Test func `nothing is left when the device is removed`() throws {
    _ = try move(.writeToDevice, 0..<100)
    try file.close()
    try device.remove()
    try driver.unload()
    #expect(kernel.leaks.isEmpty && kernel.poolBlocks(tag: "Xfer").isEmpty)
    #expect(kernel.ioFigures.mdls == 0)
  }

  @Test func `an element is what the system calls one`() {
    #expect(MemoryLayout<DMAElement>.size == 24 && MemoryLayout<DMAElement>.stride == 24)
  }
}
