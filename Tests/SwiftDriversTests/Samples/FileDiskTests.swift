import Foundation
import Ring3
import SampleDrivers
import Testing

/// The disk in a file of the host.
struct FileDiskTests {
  /// A file that goes with the test.
  private final class Scratch {
    let path: String

    init(_ bytes: [UInt8], in folder: String = FileManager.default.temporaryDirectory.path()) throws
    {
      path = folder + "/ring3-disk-" + UUID().uuidString
      // Foundation would wait for the disk.
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      defer { close(descriptor) }
      try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path))) } }
  }

  private static func makeKernel(
    _ path: String, isProtected: Bool = false, verifier: VerifierClasses = []
  ) throws -> Kernel {
    try Kernel.withParameters(
      of: "FileDisk",
      [#""Path"=""# + path + "\"", #""WriteProtected"=dword:0000000"# + (isProtected ? "1" : "0")],
      verifier: verifier)
  }

  private let scratch: Scratch
  private let kernel: Kernel
  private let driver: Driver
  private let file: Ring3.File

  init() throws {
    scratch = try Scratch(pattern(1 << 20))
    kernel = try Self.makeKernel(scratch.path)
    driver = try kernel.load(FileDisk.self)
    file = try kernel.makeProcess().open(#"\\.\FileDisk"#)
  }

  @Test func `a read gives the bytes of the file, and a write changes them`() throws {
    let whole = pattern(1 << 20)
    #expect(try file.read(count: 4096, offset: 8192) == Array(whole[8192..<12288]))
    #expect(try file.read(count: 1 << 20) == whole)
    try file.write(pattern(65536, seed: 50), offset: 4096)
    #expect(try file.flush().status == .success)
    let now = try scratch.bytes
    #expect(Array(now[4096..<4096 + 65536]) == pattern(65536, seed: 50))
    #expect(now[..<4096] == whole[..<4096] && now[69632...] == whole[69632...])
    #expect(kernel.ioFigures.lockedPages == 0 && kernel.ioFigures.mappings == 0)
  }

  @Test(arguments: [
    (1 << 20, 4096), ((1 << 20) - 4096, 8192), (1, 4096), (256, 4096), (0, 4095), (0, 1),
    (-4096, 4096),
  ])
  func `what is not whole sectors of the file is refused`(offset: Int64, count: Int) throws {
    #expect(
      KernelError.status { _ = try file.read(count: count, offset: offset) } == .invalidParameter)
    #expect(
      KernelError.status { try file.write(pattern(count), offset: offset) } == .invalidParameter)
    #expect(try scratch.bytes == pattern(1 << 20))
  }

  @Test func `a buffer that does not begin at the boundary is refused, not copied`() throws {
    let buffer = try #require(UserBuffer(file.process, count: 3 * 4096))
    let before = kernel.debugOutput
    #expect(try file.read(at: buffer.address + 1, count: 4096).status == .invalidParameter)
    #expect(buffer.bytes == [UInt8](repeating: 0, count: 3 * 4096))
    #expect(try file.read(at: buffer.address + 4096, count: 4096).status == .success)
    #expect(buffer.bytes(4096..<8192) == Array(pattern(1 << 20)[..<4096]))
    #expect(kernel.debugOutput == before)
  }

  @Test func `pages that lie apart are read into as they are`() throws {
    let buffers = try (0..<4).map { _ in try #require(UserBuffer(file.process, count: 64 << 10)) }
    // Frames are taken in turns, so that those of one buffer are not adjacent.
    for page in 0..<16 {
      for buffer in buffers { buffer.store([1], at: page * 4096) }
    }
    for (index, buffer) in buffers.enumerated() {
      let offset = Int64(index * 128 << 10)
      #expect(try file.read(at: buffer.address, count: 64 << 10, offset: offset).status == .success)
      #expect(buffer.bytes == Array(pattern(1 << 20)[Int(offset)..<Int(offset) + 64 << 10]))
    }
  }

  @Test func `a file that is write protected can be read only`() throws {
    let kernel = try Self.makeKernel(scratch.path, isProtected: true)
    try kernel.load(FileDisk.self)
    let file = try kernel.makeProcess().open(#"\\.\FileDisk"#)
    #expect(try file.read(count: 512) == Array(pattern(512)))
    #expect(KernelError.status { try file.write(pattern(512)) } == .mediaWriteProtected)
    #expect(
      KernelError.status { _ = try file.deviceControl(.diskIsWritable) } == .mediaWriteProtected)
    #expect(try file.flush().status == .success)
    #expect(try scratch.bytes == pattern(1 << 20))
  }

  @Test func `it answers its size`() throws {
    let length = try file.deviceControl(.diskGetLengthInfo, outputCount: 8)
    #expect(load(length, at: 0, as: Int64.self) == 1 << 20)
    #expect(try file.deviceControl(.diskGetDriveGeometry, outputCount: 24).count == 24)
  }

  private static func refusal(_ path: String) throws -> (NTStatus?, String) {
    let kernel = try makeKernel(path)
    do {
      try kernel.load(FileDisk.self)
      return (nil, kernel.debugOutput)
    } catch DriverLoadError.refused(_, let status) {
      return (status, kernel.debugOutput)
    }
  }

  @Test func `a file that is no disk is refused by name`() throws {
    let (missing, text) = try Self.refusal("/nowhere/disk.img")
    #expect(missing == .objectNameNotFound && text.contains("/nowhere/disk.img"))
    let odd = try Scratch(pattern(1000))
    let (size, sizeText) = try Self.refusal(odd.path)
    #expect(size == .invalidParameter && sizeText.contains("1000 bytes are not whole sectors"))
    let empty = try Scratch([])
    #expect(try Self.refusal(empty.path).0 == .invalidParameter)
  }

  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
  func `a file system without direct I/O is refused by its name`() throws {
    let scratch = try Scratch(pattern(8192), in: "/dev/shm")
    let (status, text) = try Self.refusal(scratch.path)
    #expect(status == .notSupported && text.contains("tmpfs does no direct I/O"), "\(text)")
  }

  @Test func `a verified kernel keeps no page from the host that a write is to read`() throws {
    let kernel = try Self.makeKernel(scratch.path, verifier: [.standard, .securityChecks])
    try kernel.load(FileDisk.self)
    let file = try kernel.makeProcess().open(#"\\.\FileDisk"#)
    try file.write(pattern(4096, seed: 7), offset: 4096)
    #expect(Array(try scratch.bytes[4096..<8192]) == pattern(4096, seed: 7))
    #expect(kernel.verdicts.isEmpty)
  }

  @Test func `nothing is left when it is unloaded`() throws {
    try file.write(pattern(4096))
    try file.close()
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
  }
}
