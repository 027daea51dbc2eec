import Ring3
import TestSupport
import Testing

@Suite struct InterlockedListDriverTests {
  @Test("Interlocked lists do for a driver what they do for tests, and a bad head is its exception")
  func driver() throws {
    let kernel = try Kernel()
    try kernel.loadTestDriver("slist")
    #expect(kernel.debugOutput == "0 failures\n")
  }
}
