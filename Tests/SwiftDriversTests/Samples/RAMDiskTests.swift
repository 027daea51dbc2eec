import Ring3
import SampleDrivers
import Testing

/// The disk in memory.
struct RAMDiskTests {
  private static func open(_ parameters: [String] = []) throws -> (Kernel, Driver, File) {
    let kernel = try Kernel.withParameters(of: "RAMDisk", parameters)
    let driver = try kernel.load(RAMDisk.self)
    return (kernel, driver, try kernel.makeProcess().open(#"\\.\RAMDisk"#))
  }

  /// A disk of 64 KiB.
  private let kernel: Kernel
  private let driver: Driver
  private let file: File

  init() throws { (kernel, driver, file) = try Self.open([#""DiskSize"=dword:00010000"#]) }

  @Test func `what is written is read back, and the rest is zero`() throws {
    let bytes = pattern(8192)
    #expect(try file.write(bytes, offset: 4096) == 8192)
    #expect(try file.read(count: 8192, offset: 4096) == bytes)
    #expect(try file.read(count: 512, offset: 4608) == Array(bytes[512..<1024]))
    #expect(try file.read(count: 512, offset: 0) == [UInt8](repeating: 0, count: 512))
    #expect(try file.read(count: 512, offset: 12288) == [UInt8](repeating: 0, count: 512))
  }

  @Test(arguments: [(0, 65536), (65024, 512), (512, 65024), (32768, 32768)])
  func `every sector is reached`(offset: Int64, count: Int) throws {
    let bytes = pattern(count, seed: 9)
    try file.write(bytes, offset: offset)
    #expect(try file.read(count: count, offset: offset) == bytes)
  }

  @Test(arguments: [
    (65536, 512), (65024, 1024), (0, 66048), (1, 512), (511, 512), (0, 511), (512, 513), (0, 1),
    (-512, 512), (Int64.max - 511, 512), (Int64.min, 512), (1 << 40, 512),
  ])
  func `what is not whole sectors of the disk is refused`(offset: Int64, count: Int) throws {
    #expect(
      KernelError.status { _ = try file.read(count: count, offset: offset) } == .invalidParameter)
    #expect(
      KernelError.status { try file.write(pattern(count), offset: offset) } == .invalidParameter)
    #expect(try file.read(count: 65536) == [UInt8](repeating: 0, count: 65536))
  }

  @Test func `requests of no bytes move none`() throws {
    #expect(try file.read(at: 0, count: 0, offset: 512).hasMoved(0))
    #expect(try file.write(at: 0, count: 0, offset: 3).hasMoved(0))
  }

  @Test func `a buffer may begin anywhere in its page`() throws {
    let buffer = try #require(UserBuffer(file.process, count: 3 * 4096))
    let bytes = pattern(4096, seed: 3)
    try file.write(bytes)
    let answer = try file.read(at: buffer.address + 1234, count: 4096)
    #expect(answer.hasMoved(4096))
    #expect(buffer.bytes(1234..<1234 + 4096) == bytes)
    #expect(buffer.bytes(0..<1234) == [UInt8](repeating: 0, count: 1234))
    #expect(kernel.ioFigures.lockedPages == 0)
  }

  @Test func `pages that a program may only read can be written to the disk, not read into`() throws
  {
    let buffer = try #require(UserBuffer(file.process, count: 4096))
    buffer.store(pattern(4096))
    buffer.protect(.readOnly)
    #expect(try file.write(at: buffer.address, count: 4096).status == .success)
    #expect(try file.read(at: buffer.address, count: 4096, offset: 4096).status == .accessViolation)
    #expect(try file.read(count: 4096) == pattern(4096))
  }

  @Test func `a disk that is write protected can be read, and says so`() throws {
    let (_, _, file) = try Self.open([#""WriteProtected"=dword:00000001"#])
    #expect(KernelError.status { try file.write(pattern(512)) } == .mediaWriteProtected)
    #expect(
      KernelError.status { _ = try file.deviceControl(.diskIsWritable) } == .mediaWriteProtected)
    #expect(try file.read(count: 512) == [UInt8](repeating: 0, count: 512))
    #expect(KernelError.status { _ = try self.file.deviceControl(.diskIsWritable) } == nil)
  }

  @Test func `it answers what programs ask a disk`() throws {
    let geometry = try file.deviceControl(.diskGetDriveGeometry, outputCount: 24)
    #expect(load(geometry, at: 0, as: Int64.self) == 2)
    #expect([12, 2, 32, 512] == [8, 12, 16, 20].map { load(geometry, at: $0, as: UInt32.self) })
    #expect(try file.deviceControl(.diskGetMediaTypes, outputCount: 100) == geometry)
    let extended = try file.deviceControl(.diskGetDriveGeometryEx, outputCount: 40)
    #expect(Array(extended[..<24]) == geometry && load(extended, at: 24, as: Int64.self) == 65536)
    let length = try file.deviceControl(.diskGetLengthInfo, outputCount: 8)
    #expect(load(length, at: 0, as: Int64.self) == 65536)
    let partition = try file.deviceControl(.diskGetPartitionInfo, outputCount: 32)
    #expect(partition.count == 32 && load(partition, at: 8, as: Int64.self) == 65536)
    #expect(try file.deviceControl(.diskCheckVerify) == [])
    #expect(try file.deviceControl(.diskCheckVerify, outputCount: 4) == [0, 0, 0, 0])
    #expect(
      KernelError.status { _ = try file.deviceControl(.diskGetDriveGeometry, outputCount: 23) }
        == .bufferTooSmall)
    #expect(
      KernelError.status { _ = try file.deviceControl(IoControlCode(bits: 0x70FFC)) }
        == .invalidDeviceRequest)
  }

  @Test func `it verifies ranges that are there`() throws {
    func verify(_ offset: UInt8, _ count: UInt8) -> NTStatus? {
      // In units of 512 bytes.
      let input: [UInt8] = [0, offset, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0]
      return KernelError.status { _ = try file.deviceControl(.diskVerify, input: input) }
    }
    #expect(verify(0, 0xFE) == nil)
    #expect(verify(0xFE, 2) == nil)
    #expect(verify(0xFE, 4) == .invalidParameter)
    #expect(verify(1, 2) == .invalidParameter)
  }

  @Test(arguments: ["00000000", "00000201"])
  func `a size that is not whole sectors is refused`(size: String) throws {
    let kernel = try Kernel.withParameters(of: "RAMDisk", [#""DiskSize"=dword:"# + size])
    let error = #expect(throws: DriverLoadError.self) { try kernel.load(RAMDisk.self) }
    guard case .refused(_, .invalidParameter)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `many programs use it at once`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        let file = try kernel.makeProcess().open(#"\\.\RAMDisk"#)
        group.addTask {
          for round in 0..<20 {
            let bytes = pattern(8192, seed: index * 20 + round)
            try file.write(bytes, offset: Int64(index * 8192))
            #expect(try file.read(count: 8192, offset: Int64(index * 8192)) == bytes)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(kernel.ioFigures.lockedPages == 0 && kernel.ioFigures.mdls == 0)
  }

  @Test func `nothing is left when it is unloaded`() throws {
    try file.write(pattern(4096))
    try file.close()
    try driver.unload()
    #expect(kernel.poolBlocks(tag: "RamD").isEmpty && kernel.leaks.isEmpty)
  }
}
