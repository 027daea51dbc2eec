import Ring3
import Testing

/// What becomes of a request in the hands of a driver in Swift.
struct RequestTests {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File

  init() throws {
    kernel = try Kernel()
    driver = try kernel.load(Misuser.self)
    process = try kernel.makeProcess()
    file = try process.open(#"\\.\Misuser"#)
  }

  @Test func `a request that is dropped ends the kernel by name`() throws {
    let error = #expect(throws: KernelError.self) { try file.read(count: 4) }
    #expect(error?.bugCheck?.code == .ring3LostRequest)
    #expect(error?.bugCheck.map { "\($0)" }?.contains("dropped") == true)
  }

  @Test func `a thrown error completes the request with its status`() throws {
    let error = #expect(throws: KernelError.self) { try file.write("x") }
    #expect(error?.status == .notSupported)
  }

  @Test func `an error after the request was completed changes nothing`() throws {
    try file.deviceControl(.misuse(0x80B))
    #expect(kernel.bugCheck == nil)
  }

  @Test func `a failed check of Swift is a bug check, and the process lives on`() throws {
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.misuse(0x806), input: [1, 2, 3])
    }
    #expect(error?.bugCheck?.code == .kmodeExceptionNotHandled)
    #expect(error?.bugCheck?.parameter1 == 0xC000_001D)
    try Kernel().load(Misuser.self)
  }

  @Test func `a forwarded request is fetched from a manual queue`() throws {
    let pending = try file.startControl(.misuse(0x801))
    try file.deviceControl(.misuse(0x802))
    #expect(try pending.wait()?.status == .success)
  }

  @Test func `a pended request is taken back and completed`() throws {
    let pending = try file.startControl(.misuse(0x803))
    try file.deviceControl(.misuse(0x804))
    #expect(try pending.wait()?.status == .success)
  }

  @Test func `a pended request that is cancelled cannot be taken back`() throws {
    let pending = try file.startControl(.misuse(0x803))
    pending.cancel()
    #expect(try pending.wait()?.status == .cancelled)
    let error = #expect(throws: KernelError.self) { try file.deviceControl(.misuse(0x804)) }
    #expect(error?.status == .cancelled)
  }

  @Test func `a pended request that is dropped ends the kernel by name`() throws {
    _ = try file.startControl(.misuse(0x803))
    let error = #expect(throws: KernelError.self) { try file.deviceControl(.misuse(0x805)) }
    #expect(error?.bugCheck?.code == .ring3LostRequest)
  }

  @Test
  func `a reference to memory of a request that is left at its completion is bug check 0x10D`()
    throws
  {
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.misuse(0x807), input: [1])
    }
    #expect(error?.bugCheck?.code == .wdfViolation)
  }

  @Test func `a value is answered, and refused when there is no room`() throws {
    let answer = try file.deviceControl(.misuse(0x808), outputCount: 8)
    #expect(answer == [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11])
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.misuse(0x808), outputCount: 7)
    }
    #expect(error?.status == .bufferTooSmall)
  }

  @Test func `a value is read from the input, and refused when the input is short`() throws {
    #expect(
      try file.deviceControl(.misuse(0x809), input: [1, 0, 0, 0], outputCount: 4) == [2, 0, 0, 0])
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.misuse(0x809), input: [1, 0, 0], outputCount: 4)
    }
    #expect(error?.status == .bufferTooSmall)
  }

  @Test func `input and output of a direct request are lent at the same time`() throws {
    #expect(
      try file.deviceControl(.misuse(0x80A, .outDirect), input: [1, 2, 3], outputCount: 3)
        == [2, 3, 4])
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.misuse(0x80A), input: [1], outputCount: 1)
    }
    #expect(error?.status == .invalidDeviceRequest)
  }
}
