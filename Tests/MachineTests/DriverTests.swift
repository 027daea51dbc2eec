import Ring3
import TestSupport
import Testing

/// The kernel as a driver sees it.
@Suite("Drivers and the kernel")
struct DriverTests {
  @Test("A driver raises levels, waits, locks, and runs DPCs, timers, threads and work items")
  func kernel() throws {
    let kernel = try Kernel()
    do { try kernel.loadTestDriver("kernel") } catch { Issue.record(error) }
    #expect(kernel.debugOutput == "0 failures\n")
  }
}
