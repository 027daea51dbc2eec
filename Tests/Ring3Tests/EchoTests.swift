import Ring3Testing
import Testing

/// The echo driver, tested as a user of `Ring3Testing` would: each test has its own kernel, and
/// fails when the driver leaves something behind.
@Suite(.driver("Samples/Echo/echo.c")) struct EchoTests {
  let file: File

  init() throws { file = try TestKernel.current.open(#"\\.\Echo"#) }

  private func code(_ function: UInt16, _ method: TransferMethod, _ access: IoControlCode.Access)
    -> IoControlCode
  {
    IoControlCode(
      deviceType: DeviceType(rawValue: 0x8000), function: function, method: method, access: access)
  }

  @Test("What is written is read back, at every size", arguments: BufferSizes.boundaries)
  func writing(size: Int) throws {
    let bytes = patternBytes(size)
    #expect(try file.write(bytes) == size)
    expectBytes(try file.read(count: size + 1), equal: bytes)
  }

  @Test func `a buffered control request overwrites its input`() throws {
    let reverse = code(0x800, .buffered, .any)
    expectBytes(
      try file.deviceControl(reverse, input: [1, 2, 3], outputCount: 3), equal: [3, 2, 1])
    expectStatus(.bufferTooSmall) {
      try file.deviceControl(reverse, input: [1, 2], outputCount: 1)
    }
  }

  @Test func `direct control requests reach the caller's pages`() throws {
    _ = try file.deviceControl(code(0x801, .inDirect, .write), output: [7, 8, 9])
    let fetch = code(0x802, .outDirect, .read)
    expectBytes(try file.deviceControl(fetch, outputCount: 10), equal: [7, 8, 9])
  }

  @Test func `a neither request moves bytes between user addresses`() throws {
    let copy = code(0x803, .neither, .any)
    expectBytes(
      try file.deviceControl(copy, input: [5, 6, 7, 8], outputCount: 4), equal: [5, 6, 7, 8])
  }

  @Test(
    "A neither request with a bad address is an access violation", arguments: UserAddresses.bad)
  func badAddresses(address: UInt) {
    expectStatus(.accessViolation) {
      try file.deviceControl(
        code(0x803, .neither, .any), inputAt: address, inputCount: 8, outputAt: 0, outputCount: 8)
    }
  }

  @Test func `a crash comes out as a bug check and the process lives on`() throws {
    let bugCheck = expectBugCheck(.kmodeExceptionNotHandled) {
      try file.deviceControl(code(0x804, .buffered, .any))
    }
    #expect(bugCheck?.context.frames.first?.module == "echo.sys")
    let other = try Kernel()
    #expect(other.bugCheck == nil)
  }
}
