import Testing

@testable import Ring3Testing

/// What `Tests/Drivers/losing.c` can be told to lose.
enum Loss: UInt32, CaseIterable {
  case pool, mdl, irp, lookasideList, event, link, device, request, stubbornRequest, itself, nothing

  var code: IoControlCode { IoControlCode(bits: 0x22_0000 | (0x800 + rawValue) << 2) }

  static let driver: DriverFile = "Tests/Drivers/losing.c"

  static var driverWithoutUnload: DriverFile {
    var configuration = DriverBuilder.Configuration()
    configuration.defines = ["NO_UNLOAD"]
    return .path("Tests/Drivers/losing.c", configuration: configuration)
  }

  /// Has the driver lose it, in the kernel of the running test.
  func happen() throws {
    _ = try TestKernel.current.open(#"\\.\Losing"#).startControl(code)
  }

  /// What the trait says after a test in which it happened.
  func findings(_ trait: KernelTrait) async throws -> [Finding] {
    try await trait.findings { try happen() }
  }
}

extension KernelTrait {
  /// What the trait says after a test; an error of the test comes through.
  func findings(performing body: () async throws -> Void) async throws -> [Finding] {
    let (findings, error) = await judge(body)
    if let error { throw error }
    return findings
  }
}
