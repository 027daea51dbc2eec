import Ring3
import TestSupport
import Testing

/// A KMDF driver with a control device, end to end.
@Suite struct EchoTests {
  @Test func `what is written is read back`() throws {
    let kernel = try Kernel()
    let driver = try kernel.loadTestDriver("wdfecho")
    let file = try kernel.makeProcess().open(#"\\.\WdfEcho"#)
    try file.write("hello, framework")
    #expect(try file.read(count: 100) == Array("hello, framework".utf8))
    #expect(try file.read(count: 5) == Array("hello".utf8))
    try file.close()
    try driver.unload()
  }

  @Test func `a control request is buffered`() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("wdfecho")
    let file = try kernel.makeProcess().open(#"\\.\WdfEcho"#)
    let code = IoControlCode(bits: 0x222000)
    #expect(
      try file.deviceControl(code, input: Array("abc".utf8), outputCount: 3)
        == Array("cba".utf8))
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(code, input: Array("abc".utf8), outputCount: 2)
    }
    #expect(error?.status == .bufferTooSmall)
  }
}
