import Ring3
import TestSupport
import Testing

/// Objects of the executive as drivers use them; each driver checks what it sees and counts failures.
@Suite struct ExecutiveTests {
  @Test("POOL-43: the events of memory are set while they hold; callbacks, named events, names")
  func objects() throws {
    var configuration = Configuration()
    configuration.nonpagedPoolByteCount = 32 << 20
    let kernel = try Kernel(configuration: configuration)
    try kernel.loadTestDriver("objects")
    #expect(kernel.debugOutput == "0 failures\n")
  }

  @Test func `registry callbacks see, refuse, replace and bypass operations, by altitude`() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("regwatch")
    #expect(kernel.debugOutput == "0 failures\n")
  }

  @Test func `a queue gives its entries in order, to so many threads at once`() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("queues")
    #expect(kernel.debugOutput == "0 failures\n")
  }

  @Test(arguments: zip([true, false], [0b01111, 0b11000] as [UInt32]))
  func `a driver learns who calls it and what they may`(isAdministrator: Bool, answer: UInt32)
    throws
  {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.loadTestDriver("security")
    let process = try kernel.makeProcess(isAdministrator: isAdministrator)
    let file = try process.open(#"\\.\Security"#)
    let buffer = try #require(UserBuffer(process, count: 4))
    let reply = try file.deviceControl(
      IoControlCode(bits: 0x222000), inputAt: 0, inputCount: 0, outputAt: buffer.address,
      outputCount: 4)
    #expect(reply.information == 4)
    #expect(buffer.bytes(0..<4) == [UInt8(answer), 0, 0, 0])
    try file.close()
    try driver.unload()
    #expect(kernel.debugOutput == "0 failures\n")
    // The tokens are the system's, and stay with the processes.
    #expect(kernel.verdicts.isEmpty)
  }
}
