import Ring3
import TestSupport
import Testing

/// What a driver finds at DRIVER_OBJECT.DriverSection.
@Suite struct ModuleEntryTests {
  @Test(
    "DriverSection is the driver's entry of the list of modules, to be read and written",
    arguments: [false, true])
  func entry(verifies: Bool) throws {
    var configuration = Configuration()
    if verifies { configuration.verifier = .standard }
    let kernel = try Kernel(configuration: configuration)
    let before = kernel.leakReport
    let driver = try kernel.loadTestDriver("module")
    try driver.unload()
    #expect(kernel.debugOutput == "0 failures\n")
    // The second time finds what the first one changed to be new.
    try kernel.loadTestDriver("module").unload()
    #expect(kernel.debugOutput == "0 failures\n0 failures\n")
    #expect(kernel.leakReport.subtracting(before).leaks.isEmpty)
  }
}
