import Ring3
import SampleDrivers
import Testing

/// The driver of the simulated bus master.
struct BlockMoverDriverTests {
  private let kernel: Kernel
  private let held: HeldMover
  private let driver: Driver
  private let device: Device
  private let file: File

  private var mover: BlockMover { held.mover }

  init() throws { try self.init(HeldMover()) }

  private init(_ held: HeldMover) throws {
    kernel = try Kernel()
    self.held = held
    let bus = try kernel.plug(held)
    driver = try kernel.load(BlockMoverDriver.self)
    device = try kernel.addDevice(stack: [driver], resources: bus.resources)
    try #require(device.state == .started, "\(String(describing: device.description))")
    file = try kernel.makeProcess().open(#"\\.\BlockMover"#)
  }

  @Test(arguments: [1, 512, 4096, 4097, 65536, 65537, 200_000, 1 << 20])
  func `data goes to the device's memory and comes from it`(count: Int) throws {
    let bytes = pattern(count, seed: 5)
    #expect(try file.write(bytes) == count)
    #expect(Array(mover.memory[..<count]) == bytes)
    #expect(try file.read(count: count) == bytes)
    #expect(kernel.ioFigures.lockedPages == 0)
  }

  @Test func `a request begins where it says`() throws {
    mover.memory = pattern(1 << 20)
    #expect(try file.read(count: 10000, offset: 777) == Array(pattern(1 << 20)[777..<10777]))
    try file.write([1, 2, 3], offset: 5000)
    #expect(
      Array(mover.memory[4999..<5004]) == [pattern(5000)[4999], 1, 2, 3, pattern(5004)[5003]])
  }

  @Test func `a long request is done in transfers of at most 64 KiB`() throws {
    let buffer = try #require(UserBuffer(file.process, count: 256 << 10))
    buffer.store(pattern(256 << 10))
    let answer = try file.write(at: buffer.address + 100, count: 200_000)
    #expect(answer.hasMoved(200_000))
    #expect(held.starts.count == 4)
    #expect(Array(mover.memory[..<200_000]) == Array(pattern(256 << 10)[100..<200_100]))
  }

  @Test func `pages that lie apart are elements of one transfer`() throws {
    let buffers = try (0..<2).map { _ in try #require(UserBuffer(file.process, count: 32 << 10)) }
    for page in 0..<8 {
      for (index, buffer) in buffers.enumerated() {
        buffer.store(pattern(4096, seed: page + index), at: page * 4096)
      }
    }
    let bytes = try #require(buffers[1].bytes)
    let answer = try file.write(at: buffers[1].address, count: 32 << 10)
    #expect(answer.status == .success)
    #expect(held.starts == [8])
    #expect(Array(mover.memory[..<(32 << 10)]) == bytes)
  }

  @Test func `an error of the device ends the request, and the next one is none the worse`() throws
  {
    #expect(
      KernelError.status { _ = try file.read(count: 512, offset: 1 << 20) } == .deviceDataError)
    #expect(mover.lastError != nil)
    // The first transfer is right, the second is not.
    let offset = Int64(1 << 20) - 70000
    #expect(
      KernelError.status { try file.write(pattern(100_000), offset: offset) } == .deviceDataError)
    try file.write(pattern(512))
    #expect(try file.read(count: 512) == pattern(512))
  }

  @Test func `several requests wait for one device`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<6 {
        let file = try kernel.makeProcess().open(#"\\.\BlockMover"#)
        group.addTask {
          for round in 0..<10 {
            let bytes = pattern(100_000, seed: index * 10 + round)
            try file.write(bytes, offset: Int64(index * 100_000))
            #expect(try file.read(count: 100_000, offset: Int64(index * 100_000)) == bytes)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(kernel.ioFigures.lockedPages == 0)
  }

  @Test func `messages do as well as a line`() throws {
    let bench = try Self(HeldMover(BlockMover(interrupt: .messages(1))))
    try bench.file.write(pattern(100_000))
    #expect(try bench.file.read(count: 100_000) == pattern(100_000))
  }

  // MARK: Requests under way

  /// Starts a write of two transfers that the device holds back.
  private func startHeld() throws -> PendingRequest {
    held.hold(true)
    let buffer = try #require(UserBuffer(file.process, count: 100_000))
    buffer.store(pattern(100_000))
    let request = try file.startWrite(from: buffer)
    held.waitForStart()
    #expect(!request.isFinished)
    return request
  }

  @Test func `a device that takes its time interrupts when it is done`() throws {
    let request = try startHeld()
    #expect(held.go())
    // The second transfer is started by what the interrupt defers.
    held.waitForStart()
    #expect(!request.isFinished)
    #expect(held.go())
    #expect(
      try request.wait(seconds: 30)?.hasMoved(100_000) == true)
    #expect(Array(mover.memory[..<100_000]) == pattern(100_000))
  }

  @Test func `cancelling stops the device`() throws {
    let request = try startHeld()
    request.cancel()
    #expect(try request.wait(seconds: 30)?.status == .cancelled)
    #expect(!held.isWaiting)
    #expect(Array(mover.memory[..<100_000]) == [UInt8](repeating: 0, count: 100_000))
    #expect(kernel.ioFigures.lockedPages == 0)
    held.hold(false)
    try file.write(pattern(512))
    #expect(try file.read(count: 512) == pattern(512))
  }

  @Test func `a request that waits for the device is cancelled alone`() throws {
    let first = try startHeld()
    let buffer = try #require(UserBuffer(file.process, count: 512))
    let second = try file.startRead(into: buffer)
    second.cancel()
    #expect(try second.wait(seconds: 30)?.status == .cancelled)
    #expect(held.isWaiting && !first.isFinished)
    held.hold(false)
    held.go()
    #expect(try first.wait(seconds: 30)?.status == .success)
  }

  @Test func `the program's end cancels its request`() throws {
    let request = try startHeld()
    try file.process.end()
    #expect(try request.wait(seconds: 30)?.status == .cancelled)
    #expect(kernel.ioFigures.lockedPages == 0)
  }

  @Test func `surprise removal ends the request under way`() throws {
    let request = try startHeld()
    try device.surpriseRemove()
    #expect(try request.wait(seconds: 30)?.status == .deviceRemoved)
    #expect(throws: KernelError.self) { try file.write(pattern(512)) }
    #expect(kernel.ioFigures.lockedPages == 0)
    try file.close()
    try kernel.settleDevices()
    #expect(!device.exists)
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `it is stopped and started again`() throws {
    try file.write(pattern(512))
    try device.stop()
    try device.start()
    #expect(try file.read(count: 512) == pattern(512))
  }

  @Test func `nothing is left when it is removed`() throws {
    try file.write(pattern(100_000))
    try file.close()
    try device.remove()
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
  }
}
