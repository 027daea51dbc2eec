import Ring3
import TestSupport
import Testing

/// WDFSPINLOCK, WDFWAITLOCK, WDFCOLLECTION and WDFSTRING.
@Suite struct LockTests {
  @Test("A spin lock raises to DISPATCH_LEVEL and gives the level back")
  func spinning() throws { try ScenarioBench("wdf-locks").run(0) }

  @Test("A wait lock disables APCs, keeps others out, and times out")
  func waiting() throws { try ScenarioBench("wdf-locks").run(1) }

  @Test(
    "Taking a lock twice, or releasing one that is not held, is bug check 0x10D",
    arguments: [(10, 2, nil), (11, 0xB, 1), (12, 2, nil), (13, 0xB, 1)]
      as [(UInt32, UInt64, UInt64?)])
  func misuse(scenario: UInt32, rule: UInt64, detail: UInt64?) throws {
    let parameters = try ScenarioBench("wdf-locks").violation(scenario)
    #expect(parameters.first == rule)
    if let detail { #expect(parameters.last == detail) }
  }

  @Test("A collection keeps order, duplicates, and a reference on each object")
  func collecting() throws { try ScenarioBench("wdf-locks").run(2) }

  @Test("A string object has its own copy, ended by a zero")
  func strings() throws { try ScenarioBench("wdf-locks").run(3) }

  @Test("OBJ-02: without a parent a collection, a lock and a string belong to the driver")
  func defaultParents() throws {
    let scenarios = try ScenarioBench("wdf-locks")
    try scenarios.run(4)
    #expect(!scenarios.kernel.debugOutput.contains("cleaned"))
    try scenarios.file.close()
    try scenarios.driver.unload()
    let lines = scenarios.kernel.debugOutput.split(separator: "\n")
    #expect(lines.filter { $0 == "cleaned" }.count == 4)
  }
}
