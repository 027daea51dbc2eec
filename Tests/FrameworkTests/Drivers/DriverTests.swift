import Ring3
import TestSupport
import Testing

/// WDFDRIVER, and how drivers are bound to the framework.
@Suite struct DriverTests {
  @Test("The framework tells its version, and what it supports no more") func information() throws {
    let scenarios = try ScenarioBench("wdf-driver")
    try scenarios.run(0)
    #expect(scenarios.kernel.debugOutput.contains("function 999"))
  }

  @Test("A missing function that gives no status is bug check 0x10D") func missing() throws {
    #expect(try ScenarioBench("wdf-driver").violation(2).first == 0x10)
  }

  @Test(
    "A driver breaks under verification only, and may end the machine", arguments: [true, false])
  func verifier(verifies: Bool) throws {
    let scenarios = try ScenarioBench("wdf-driver") { $0.verifies = verifies }
    try scenarios.run(3)
    #expect(scenarios.kernel.debugOutput.contains("Break instruction") == verifies)
    #expect(scenarios.violation(4) == [1, 3])
  }

  @Test("EvtDriverUnload comes before the cleanup of the driver's objects") func unload() throws {
    let scenarios = try ScenarioBench("wdf-driver")
    try scenarios.run(1)
    try scenarios.file.close()
    try scenarios.driver.unload()
    #expect(
      scenarios.kernel.debugOutput == "unload\nobject\ndriver cleanup\ndriver destroy\n")
  }

  @Test("A driver that fails after WdfDriverCreate is cleaned up, and not unloaded")
  func failure() throws {
    let kernel = try Kernel()
    #expect(throws: DriverLoadError.self) { try kernel.loadTestDriver("wdf-failing") }
    #expect(kernel.debugOutput == "driver cleaned at level 0\n")
    #expect(kernel.poolBlocks(tag: "FxGl") == [])
  }

  @Test("Drivers for KMDF 1.9 and 1.33 live side by side, one with a copy of the table")
  func versions() throws {
    let old = try ScenarioBench("wdf-old")
    let new = try ScenarioBench("wdf-new", "New", in: old.kernel)
    let oldTable = try old.run(0)
    let newTable = try new.run(0)
    #expect(oldTable[1] == 396)
    #expect(oldTable[0] != newTable[0])
    // The copy lies in the image of the driver.
    let base = UInt64(old.driver.baseAddress)
    #expect((base..<base + 0x10_0000).contains(oldTable[0]))
    #expect(new.failures == [])
  }
}
