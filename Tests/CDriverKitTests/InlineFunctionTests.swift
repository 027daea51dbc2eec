import Ring3
import TestSupport
import Testing

/// The functions that the headers define, compiled into a driver and run by it.
@Suite struct InlineFunctionTests {
  @Test("Strings with limits, counted arithmetic, lists, stack locations and instructions work")
  func driver() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("headers")
    #expect(kernel.debugOutput == "0 failures\n")
  }
}
