import Ring3
import TestSupport
import Testing

/// Descriptor lists and probes as a driver reaches them.
@Suite struct MdlDriverTests {
  @Test(
    """
    MDL-02, MDL-04, MDL-05, MDL-06, MDL-07, MDL-08, MDL-09, MDL-17, MDL-18, MDL-19, MDL-25, MDL-27, \
    MDL-28, MDL-29, MDL-31, MDL-35, MDL-36, MDL-38, MDL-39, MDL-40, MDL-41, MDL-44, MDL-45, BUF-43, \
    BUF-44, BUF-45: a driver's macros, imports and handlers agree
    """)
  func driver() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("mdl")
    let process = try kernel.makeProcess()
    let file = try process.open(#"\\.\Mdl"#)
    let buffer = try #require(UserBuffer(process, count: 4 * 4096))
    let readOnly = try #require(UserBuffer(process, count: 4096, protection: .readOnly))
    let gone = try #require(UserBuffer(process, count: 4096))
    gone.unmap()
    let address = withUnsafeBytes(of: readOnly.address) { Array($0) }
    #expect(buffer.store(address))
    let answer = try file.deviceControl(
      IoControlCode(bits: 0x22_2003), inputAt: buffer.address, inputCount: buffer.count,
      outputAt: gone.address, outputCount: 16)
    #expect(answer.status == .success)
    #expect(kernel.debugOutput == "0 failures\n")
  }

  @Test("MDL-16: a direct request without bytes has no list; one with bytes has a locked one")
  func noBytes() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("mdl")
    let file = try kernel.makeProcess().open(#"\\.\Mdl"#)
    #expect(try file.read(at: 0, count: 0).status == .success)
    #expect(kernel.debugOutput == "no bytes, no list\n")
    #expect(try file.read(count: 3) == Array("xxx".utf8))
    #expect(kernel.debugOutput == "no bytes, no list\nflags 82\n")
  }
}
