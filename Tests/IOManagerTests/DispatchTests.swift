import Ring3
import TestSupport
import Testing

/// BUF-75 to BUF-77: dispatch, stacks and devices.
@Suite struct DispatchTests {
  @Test("BUF-75: a request without a dispatch routine is no valid request")
  func noRoutine() throws {
    let bench = try Bench()
    let answer = try bench.file.flush()
    #expect(answer.status == .invalidDeviceRequest && answer.information == 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test(
    "BUF-76: all drivers of a stack share the buffer", arguments: [.skip, .copy] as [Bench.Filter])
  func sharedBuffer(filter: Bench.Filter) throws {
    let bench = try Bench()
    try bench.attach(filter, to: bench.file)
    try bench.plan(information: 8, fill: 8)
    let buffer = try bench.buffer(8)
    #expect(try bench.file.read(at: buffer.address, count: 8).information == 8)
    let seen = try bench.seen
    #expect(seen.filterBuffer == seen.systemBuffer && seen.systemBuffer != 0)
    #expect(seen.stackCount == 2)
    // Skipping leaves the location to the lower driver.
    #expect(seen.location == (filter == .skip ? 2 : 1))
    #expect(buffer.bytes == [UInt8](repeating: 0xD7, count: 8))
  }

  @Test("BUF-77: a new device has one location, the flag of initialization, and a zeroed extension")
  func newDevice() throws {
    let bench = try Bench()
    let device = try bench.makeDevice(#"\Device\BenchNew"#)
    #expect(device[0] & 0x80 != 0 && device[1] == 1 && device[2] == 63 && device[3] == 0)
    _ = try bench.process.open(#"\Device\BenchNew"#)
  }

  @Test("BUF-77: a device that is being initialized cannot be opened")
  func uninitialized() throws {
    let bench = try Bench()
    try bench.makeDevice(#"\Device\BenchNew"#, isInitialized: false)
    let error = #expect(throws: KernelError.self) {
      try bench.process.open(#"\Device\BenchNew"#)
    }
    #expect(error?.status == .noSuchDevice)
  }

  @Test("An exclusive device has one open file")
  func exclusive() throws {
    let bench = try Bench()
    try bench.makeDevice(#"\Device\BenchOne"#, isExclusive: true)
    let first = try bench.process.open(#"\Device\BenchOne"#)
    let error = #expect(throws: KernelError.self) {
      try bench.process.open(#"\Device\BenchOne"#)
    }
    #expect(error?.status == .accessDenied)
    try first.close()
    _ = try bench.process.open(#"\Device\BenchOne"#)
  }

  @Test("A device that is deleted while it is open serves its files to their end")
  func deletedWhileOpen() throws {
    let bench = try Bench()
    try bench.makeDevice(#"\Device\BenchBrief"#)
    let file = try bench.process.open(#"\Device\BenchBrief"#)
    _ = try file.deviceControl(Bench.code(0x809))
    #expect(throws: KernelError.self) { try bench.process.open(#"\Device\BenchBrief"#) }
    try bench.plan(information: 4, fill: 4)
    #expect(try file.read(count: 4) == [0xD7, 0xD7, 0xD7, 0xD7])
    let before = bench.kernel.objects.count { $0.type == "Device" }
    try file.close()
    #expect(bench.kernel.objects.count { $0.type == "Device" } == before - 1)
  }

  @Test("A plain user opens what the device's descriptor allows; names below are the driver's")
  func plainUser() throws {
    let bench = try Bench()
    try bench.makeDevice(#"\Device\BenchSecure"#, characteristics: 0x100)
    let user = try bench.kernel.makeProcess("user.exe", isAdministrator: false)
    // The default descriptor lets everybody read and write, and nobody change the device's security.
    for path in [#"\Device\Bench"#, #"\Device\BenchSecure"#] {
      _ = try user.open(path)
      #expect(throws: KernelError.self) { try user.open(path, access: .writeDACL) }
    }
    _ = try user.open(#"\Device\Bench\below"#, access: .writeDACL)
    #expect(throws: KernelError.self) {
      try user.open(#"\Device\BenchSecure\below"#, access: .writeDACL)
    }
    _ = try bench.process.open(#"\Device\BenchSecure"#, access: .writeDACL)
  }
}
