import Ring3
import TestSupport
import Testing

/// Descriptor lists and probes as a driver reaches them.
@Suite struct MdlDriverTests {
  @Test(
    """
    MDL-02, MDL-04..09, MDL-17..19, MDL-25, MDL-27..29, MDL-31, MDL-35, MDL-36, MDL-38..41, MDL-44, MDL-45, \
    BUF-43..45: a driver's macros, imports and handlers agree
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
}
