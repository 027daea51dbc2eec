import Foundation
import Ring3
import TestSupport
import Testing

/// A control code of `misbehave.c`.
private func mistake(_ number: UInt32) -> IoControlCode {
  IoControlCode(bits: 0x22_0000 | (0x800 + number) << 2)
}

@Suite struct CrashTests {
  private func device(_ configuration: Configuration = Configuration()) throws -> (Kernel, File) {
    let kernel = try Kernel(configuration: configuration)
    try kernel.loadTestDriver("misbehave")
    return (kernel, try kernel.makeProcess().open(#"\\.\Misbehave"#))
  }

  @Test(
    arguments: zip(
      [0, 1, 2, 4, 5, 6, 11, 12, 13, 15, 16, 17, 18] as [UInt32],
      [0x1E, 0x1E, 0x1E, 0xE2, 0x44, 0xC9, 0x5233_0001, 0x1E, 0xC9, 0x1E, 0x139, 0xA, 0xA]
        as [UInt32]))
  func `a driver's mistake is a bug check`(number: UInt32, code: UInt32) throws {
    let (kernel, file) = try device()
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(number)) }
    let bugCheck = try #require(error?.bugCheck)
    let ends: Set<UInt32> = code == 0x1E ? [0x1E, 0x50, 0xD1, 0x3B, 0x7E] : [code]
    #expect(ends.contains(bugCheck.code.rawValue), "\(bugCheck)")
    #expect(kernel.bugCheck == bugCheck)
    // A finished kernel answers every call with the same error.
    let again = #expect(throws: KernelError.self) { try file.deviceControl(mistake(9)) }
    #expect(again?.bugCheck == bugCheck)
  }

  @Test(arguments: [VerifierClasses.standard, []])
  func `a driver goes when its work items have come to their end`(verifier: VerifierClasses) throws
  {
    var configuration = Configuration()
    configuration.verifier = verifier
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.loadTestDriver("worklate")
    let process = try kernel.makeProcess()
    let file = try process.open(#"\\.\WorkLate"#)
    _ = try file.deviceControl(IoControlCode(bits: 0x22_2000))
    try file.close()
    try driver.unload()
    #expect(kernel.bugCheck == nil && kernel.verdicts.isEmpty)
    #expect(!kernel.leakReport.leaks.contains { $0.label == "Late" })
  }

  @Test func `a used-up stack is a bug check`() throws {
    let (_, file) = try device()
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(3)) }
    #expect(error?.bugCheck != nil)
  }

  @Test func `a missing function is named when it is called`() throws {
    let (_, file) = try device()
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(11)) }
    #expect(error?.bugCheck?.context.subject?.hasSuffix("!ExNotThere") == true)
  }

  @Test func `the report names the driver's function`() throws {
    let (_, file) = try device()
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(0)) }
    let frame = try #require(error?.bugCheck?.context.frames.first)
    #expect(frame.module == "misbehave.sys")
    #expect(frame.symbol?.hasPrefix("Misbehave") == true)
  }

  @Test(
    arguments: zip(
      [0, 4, 12] as [UInt32],
      ["*(volatile ULONG *)(ULONG_PTR)Zero", "KeBugCheckEx(", "ExRaiseStatus("]))
  func `the report names the line, of a fault and of a call`(number: UInt32, code: String) throws {
    let (kernel, file) = try device()
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(number)) }
    let plain = try #require(error?.bugCheck)
    #expect(plain.context.frames.allSatisfy { $0.places.isEmpty })
    let frames = kernel.addingSourceLines(to: plain).context.frames
    let place = try #require(frames.first?.places.first)
    #expect(place.function == "Misbehave" && place.file.hasSuffix("Tests/Drivers/misbehave.c"))
    let source = try String(contentsOfFile: place.file, encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[place.line - 1].contains(code), "line \(place.line)")
    #expect(frames.first?.description.contains("(misbehave.c:\(place.line))") == true)
    #expect(kernel.bugCheckWithSourceLines()?.context.frames == frames)
  }

  @Test func `a loop at DISPATCH_LEVEL is ended by the watchdog`() throws {
    var configuration = Configuration()
    configuration.raisedLevelSeconds = 0.2
    let (_, file) = try device(configuration)
    let error = #expect(throws: KernelError.self) { try file.deviceControl(mistake(10)) }
    #expect(error?.bugCheck?.code.rawValue == 0x133)
  }

  @Test("BUF-30: what a driver reports beyond the buffer is not copied")
  func reportsTooMuch() throws {
    let (_, file) = try device()
    let buffer = try #require(UserBuffer(file.process, count: 64))
    buffer.store(Array(repeating: 0xEE, count: 64))
    let answer = try file.deviceControl(
      mistake(7), inputAt: 0, inputCount: 0, outputAt: buffer.address, outputCount: 16)
    #expect(answer.information == 116)
    #expect(buffer.bytes(0..<16) == Array(repeating: 0x77, count: 16))
    #expect(buffer.bytes(16..<64) == Array(repeating: 0xEE, count: 48))
  }

  @Test func `a thousand crashes leave the process as it was`() throws {
    _ = try crashRepeatedly(50)
    let before = try residentByteCount()
    _ = try crashRepeatedly(1000)
    // Other tests run beside this one: the bound is for 64 KiB a crash.
    let growth = try residentByteCount() - before
    #expect(growth < 64 << 20, "\(growth) bytes")
  }

  private func crashRepeatedly(_ count: Int) throws -> Int {
    for _ in 0..<count {
      let (_, file) = try device()
      #expect(throws: KernelError.self) { try file.deviceControl(mistake(0)) }
    }
    return count
  }

  private func residentByteCount() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
  }
}

@Suite struct BadBufferTests {
  let kernel: Kernel
  let file: File

  init() throws {
    kernel = try Kernel()
    try kernel.loadEcho()
    file = try kernel.makeProcess().open(#"\\.\Echo"#)
  }

  @Test(arguments: [
    0, 1, 0xFFFF, 0x1234_5678, 0x1FFF_FFFF_F000, 0x4FFF_FFFF_FFFF, 0x5000_0000_0000,
    0x7FFF_FFFF_F000, 0xFFFF_8000_0000_0000, UInt.max, UInt.max - 100,
  ])
  func `a bad user address is an access violation`(address: UInt) throws {
    #expect(try file.read(at: address, count: 200).status == .accessViolation)
    #expect(try file.write(at: address, count: 200).status == .accessViolation)
    let answer = try file.deviceControl(
      IoControlCode(bits: 0x8000_2000), inputAt: address, inputCount: 8, outputAt: address,
      outputCount: 8)
    // BUF-31: NULL is no buffer here, and has no bytes.
    #expect(answer.status == (address == 0 ? .success : .accessViolation))
  }

  @Test func `a request of 2 GiB is answered`() throws {
    let buffer = try #require(UserBuffer(file.process, count: 2 << 30))
    let answer = try file.read(at: buffer.address, count: buffer.count)
    #expect(answer.status.isError)
    #expect(try file.read(at: buffer.address + 3, count: 1).status == .success)
  }

  @Test func `a read-only buffer can be written from and not read into`() throws {
    let buffer = try #require(UserBuffer(file.process, count: 4096, protection: .readOnly))
    #expect(try file.write(at: buffer.address, count: 100).status == .success)
    #expect(try file.read(at: buffer.address, count: 100).status == .accessViolation)
  }

  @Test func `unknown devices and names give their statuses`() throws {
    let process = file.process
    for (path, status): (String, NTStatus) in [
      (#"\\.\Nothing"#, .objectNameNotFound), (#"\Device\None\x"#, .objectPathNotFound),
      (#"\Device"#, .objectTypeMismatch), ("Echo", .objectPathSyntaxBad),
    ] {
      let error = #expect(throws: KernelError.self) { try process.open(path) }
      #expect(error?.status == status, "\(path)")
    }
  }

  @Test func `bytes that are no image are refused with a reason`() throws {
    for bytes: [UInt8] in [[], [0x4D, 0x5A], Array(repeating: 0, count: 4096)] {
      #expect(throws: DriverLoadError.self) { try kernel.load(bytes: bytes, name: "bad.sys") }
    }
    #expect(throws: DriverLoadError.self) { try kernel.load(path: "/nowhere/none.sys") }
  }
}
