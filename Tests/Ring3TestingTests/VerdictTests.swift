import Machine
import Ring3
import Testing

@testable import Ring3Testing

@Suite struct VerdictTests {
  private func trait(_ allowing: [Allowance] = []) -> KernelTrait {
    var configuration = Configuration()
    configuration.keepsGoing = true
    return .kernel(verifier: .poolTracking, configuration: configuration, allowing: allowing)
  }

  @Test("The classes of a trait are those of its kernel")
  func classes() {
    #expect(trait().configuration.verifier == .poolTracking)
    #expect(trait().configuration.keepsGoing)
    #expect(KernelTrait.kernel().configuration.verifier == .standard)
    #expect(KernelTrait.kernel(verifies: false).configuration.verifier == [])
  }

  @Test("Each verdict of a kernel that keeps going is a finding with rule and remedy")
  func verdicts() async throws {
    let findings = try await trait().findings {
      let machine = try TestKernel.current.kernel.machine
      machine.report(0xC4, 0)
      machine.report(0xC9, 0x243)
    }
    #expect(findings.map(\.kind) == [.verdict("PoolZeroBytes"), .verdict("DeviceInitializing")])
    #expect(findings.first?.text.contains("Remedy: ") == true)
    #expect(findings.first?.place == nil)
  }

  @Test("Verdicts that are allowed are no findings")
  func allowed() async throws {
    let findings = try await trait([.verdicts(on: "PoolZeroBytes")]).findings {
      try TestKernel.current.kernel.machine.report(0xC4, 0)
    }
    #expect(findings.isEmpty)
  }

  @Test("A finding stands at the innermost source line of the driver")
  func place() {
    let frames = [
      BugCheck.Frame(address: 1),
      BugCheck.Frame(
        address: 2, places: [.init(function: "Write", file: "/src/echo.c", line: 7)]),
    ]
    let check = BugCheck(
      .verifierDetectedViolation, 0, context: BugCheck.Context(frames: frames))
    #expect(Finding(verdict: check).place?.line == 7)
  }
}
