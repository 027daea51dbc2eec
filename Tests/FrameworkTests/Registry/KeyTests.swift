import Ring3
import TestSupport
import Testing

/// WDFKEY.
@Suite struct KeyTests {
  private func scenarios(_ text: String? = nil) throws -> ScenarioBench {
    try ScenarioBench("wdf-registry") { $0.registryText = text ?? Self.text }
  }

  private static let text = #"""
    Windows Registry Editor Version 5.00

    [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\wdf-registry\Parameters]
    "Limit"=dword:00000005
    "Text"="hello"
    "Empty"=hex:
    "List"=hex(7):78,00,00,00,79,00,00,00,00,00
    "Broken"=hex(7):78,00,00,00
    """#

  @Test("Values of every type are read, and others refused") func reading() throws {
    try scenarios().run(0)
  }

  @Test("Keys and values are made, changed and removed") func writing() throws {
    try scenarios().run(1)
  }

  @Test("State is kept under the driver's key; everything needs PASSIVE_LEVEL")
  func places() throws { try scenarios().run(2) }

  @Test("The key of parameters is made for writing, and not for reading")
  func parameters() throws {
    let scenarios = try scenarios("REGEDIT4\n")
    #expect(try scenarios.run(3) == [0xC000_0034, 0, 0])
  }

  @Test("Unloading a driver closes its keys") func unload() throws {
    let scenarios = try scenarios()
    let before = scenarios.kernel.objects.count
    try scenarios.run(2)
    #expect(scenarios.kernel.objects.count > before)
    try scenarios.file.close()
    try scenarios.driver.unload()
    #expect(scenarios.kernel.objects.count < before)
  }
}
