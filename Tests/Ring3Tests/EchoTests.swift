import Ring3
import Testing
import TestSupport

@Suite struct EchoTests {
  let kernel: Kernel
  let file: File

  init() throws {
    kernel = try Kernel()
    try kernel.loadEcho()
    file = try kernel.makeProcess().open(#"\\.\Echo"#)
  }

  @Test func `what is written is read back`() throws {
    try file.write("hello, ring 3")
    #expect(try file.read(count: 100) == Array("hello, ring 3".utf8))
  }

  @Test func `a buffered control request overwrites its input`() throws {
    let code = IoControlCode(bits: 0x8000_2000)
    #expect(try file.deviceControl(code, input: [1, 2, 3], outputCount: 3) == [3, 2, 1])
    #expect(throws: KernelError.self) {
      try file.deviceControl(code, input: [1, 2], outputCount: 1)
    }
  }

  @Test func `direct control requests reach the caller's pages`() throws {
    let store = IoControlCode(bits: 0x8000_A005)
    let fetch = IoControlCode(bits: 0x8000_600A)
    _ = try file.deviceControl(store, output: [7, 8, 9])
    #expect(try file.deviceControl(fetch, outputCount: 10) == [7, 8, 9])
  }

  @Test func `a neither request moves bytes between user addresses`() throws {
    let copy = IoControlCode(bits: 0x8000_200F)
    #expect(try file.deviceControl(copy, input: [5, 6, 7, 8], outputCount: 4) == [5, 6, 7, 8])
    let answer = try file.deviceControl(
      copy, inputAt: 0x1234_5000, inputCount: 8, outputAt: 0, outputCount: 8)
    #expect(answer.status == .accessViolation)
  }

  @Test func `a crash comes out as a bug check and the process lives on`() throws {
    let crash = IoControlCode(bits: 0x8000_2010)
    let error = #expect(throws: KernelError.self) { try file.deviceControl(crash) }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.context.frames.first?.module == "echo.sys")
    #expect(kernel.bugCheck == bugCheck)
    let other = try Kernel()
    try other.loadEcho()
    let second = try other.makeProcess().open(#"\\.\Echo"#)
    try second.write("still here")
    #expect(try second.read(count: 5) == Array("still".utf8))
  }
}
