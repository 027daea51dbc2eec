import Ring3
import TestSupport
import Testing

/// The runtime as a driver reaches it.
@Suite struct DriverTests {
  @Test("A driver formats, converts, sorts and catches faults through its imports")
  func runtime() throws {
    var configuration = Configuration()
    configuration.breakpointsRaise = true
    let kernel = try Kernel(configuration: configuration)
    try kernel.loadTestDriver("runtime")
    #expect(
      kernel.debugOutput == """
        \\Device\\Echo wide 100%
        error 1
        0 failures

        """)
  }
}
