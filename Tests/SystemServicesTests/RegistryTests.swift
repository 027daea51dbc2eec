import Ring3
import TestSupport
import Testing

/// The registry as a driver finds it.
@Suite struct RegistryTests {
  private let text = #"""
    Windows Registry Editor Version 5.00

    ; What the driver looks for
    [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\registry\Parameters]
    "Limit"=dword:00000005
    "Text"="hello"
    "List"=hex(7):78,00,00,00,\
      79,00,00,00,00,00
    """#

  @Test("A driver opens its service key, makes and queries keys and values, and reads by tables")
  func driver() throws {
    var configuration = Configuration()
    configuration.registryText = text
    let kernel = try Kernel(configuration: configuration)
    try kernel.loadTestDriver("registry")
    #expect(kernel.debugOutput == "0 failures\n")
  }

  @Test(
    "A text that cannot be read names its line",
    arguments: [
      ("[HKEY_NOWHERE\\A]", 1), ("\"A\"=dword:1", 1), ("[HKLM\\A]\n\n\"A\"=dword:xyz", 3),
      ("[HKLM\\A]\n\"A\"=\"open", 2), ("[HKLM\\A]\n@=hex:1,2,zz", 2), ("[HKLM\\A", 1),
      ("[HKLM\\A]\nnothing", 2),
    ])
  func errors(text: String, line: Int) {
    var configuration = Configuration()
    configuration.registryText = text
    let error = #expect(throws: RegistryError.self) { try Kernel(configuration: configuration) }
    #expect(error?.line == line)
    #expect(error?.reason.contains("write") == true)
  }
}
