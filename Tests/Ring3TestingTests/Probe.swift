@testable import Ring3Testing
import Testing

@Suite struct ProbeTests {
  static let drivers: [DriverFile] = [
    "Samples/Echo/echo.c", "Tests/Drivers/wdfecho.c", "Tests/Drivers/leaky.c", "Tests/Drivers/pnpfunc.c", "Tests/Drivers/wdf-pnp-function.c",
  ]
  @Test(arguments: [false, true], 0..<5) func probe(verifies: Bool, number: Int) async throws {
    let trait: KernelTrait = .driver(Self.drivers[number], verifies: verifies)
    let findings = try await trait.findings { _ = try TestKernel.current.process }
    print("==", verifies, number, findings.map(\.text))
  }
  @Test(arguments: [false, true], 0..<11) func lose(verifies: Bool, number: Int) async throws {
    let trait: KernelTrait = .driver(Self.drivers[2], verifies: verifies, timeLimit: 4)
    let findings = try await trait.findings {
      let test = try TestKernel.current
      let file = try test.open(#"\\.\Leaky"#)
      let r = try file.startControl(IoControlCode(bits: 0x22_0000 | (0x800 + UInt32(number)) << 2))
      print(r)
    }
    print("== lose", verifies, number, findings.map(\.text).joined(separator: "\n@"))
  }
}
