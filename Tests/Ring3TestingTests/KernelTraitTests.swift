import Testing

@testable import Ring3Testing

@Suite struct KernelTraitTests {
  @Test(
    "A driver that leaves nothing is not blamed, with or without Driver Verifier",
    arguments: [
      "Samples/Echo/echo.c", "Tests/Drivers/wdfecho.c", "Tests/Drivers/losing.c",
      "Tests/Drivers/pnpfunc.c", "Tests/Drivers/wdf-pnp-function.c",
    ], [false, true])
  func clean(driver: String, verifies: Bool) async throws {
    let trait: KernelTrait = .driver(.path(driver), verifies: verifies)
    let findings = try await trait.findings { _ = try TestKernel.current.process }
    #expect(findings.map(\.text) == [])
  }

  @Test("Blocks of pool are told by tag, count and size")
  func pool() async throws {
    let findings = try await Loss.pool.findings(.driver(Loss.driver, verifies: false))
    #expect(
      findings.map(\.text) == [
        """
        losing.sys left 3 blocks of pool, 5128 bytes, with the tag 'Leak':
          2 × 64 bytes, nonpaged
          1 × 5000 bytes, nonpaged
        """
      ])
  }

  @Test("With Driver Verifier the lines are named that asked for the blocks")
  func poolPlaces() async throws {
    let findings = try await Loss.pool.findings(.driver(Loss.driver))
    let text = try #require(findings.first?.text)
    #expect(findings.count == 1)
    #expect(text.hasPrefix("losing.sys left 3 blocks of pool, 5128 bytes, with the tag 'Leak':"))
    #expect(text.contains("1 × 5000 bytes, nonpaged, asked for in "))
    #expect(text.contains("(losing.c:"))
  }

  @Test(
    "What is lost is named without Driver Verifier",
    arguments: [
      (Loss.mdl, "MDLs that were not freed: 1."), (.irp, "IRPs that were not freed: 1."),
      (.event, "Objects of the type Event that are left: 1 without a name."),
      (.link, #"Objects of the type SymbolicLink that are left: 1 \GLOBAL??\LosingToo."#),
      (.device, "Objects of the type Device that are left: 1 without a name."),
    ])
  func plain(loss: Loss, text: String) async throws {
    let findings = try await loss.findings(.driver(Loss.driver, verifies: false))
    #expect(findings.map(\.text).contains(text), "\(findings)")
  }

  @Test(
    "What is lost is named with Driver Verifier",
    arguments: [
      (Loss.mdl, "with the tag 'Mdl '"), (.irp, "with the tag 'Irp '"),
      (.lookasideList, "losing.sys did not delete a lookaside list: entries of 48 bytes"),
      (.event, "About: event, an open handle, left by losing.sys"),
      (.link, #"About: symbolic link \GLOBAL??\LosingToo"#),
      (.device, "About: device, left by losing.sys"),
    ])
  func verified(loss: Loss, text: String) async throws {
    let findings = try await loss.findings(.driver(Loss.driver))
    #expect(findings.contains { $0.text.contains(text) }, "\(findings)")
  }

  @Test("A request that is still under way is named and cancelled, and the driver is unloaded")
  func request() async throws {
    let findings = try await Loss.request.findings(.driver(Loss.driver))
    let text = try #require(findings.first?.text)
    #expect(findings.count == 1)
    #expect(text.contains("IRP_MJ_DEVICE_CONTROL 0x22201C (FILE_DEVICE_UNKNOWN, function 0x807"))
    #expect(text.hasSuffix("It ended with STATUS_CANCELLED (0xC0000120) when it was cancelled."))
  }

  @Test("A request that does not end when it is cancelled is said to be so")
  func stubbornRequest() async throws {
    let findings = try await Loss.stubbornRequest.findings(.driver(Loss.driver))
    #expect(findings.count == 1)
    #expect(findings.first?.text.contains("does not end when it is cancelled either") == true)
  }

  @Test("A request that is waited for and never completed ends with the time limit")
  func timeLimit() async throws {
    let trait: KernelTrait = .driver(Loss.driver, timeLimit: 0.3)
    let findings = try await trait.findings {
      let file = try TestKernel.current.open(#"\\.\Losing"#)
      let error = #expect(throws: KernelError.self) {
        try file.deviceControl(Loss.stubbornRequest.code)
      }
      #expect(error?.bugCheck?.code == .manuallyInitiatedCrash)
    }
    #expect(findings.map(\.kind) == [.timeLimit])
  }

  @Test("A bug check is told with the driver's stack and lines")
  func bugCheck() async throws {
    let findings = try await KernelTrait.driver(Loss.driver).findings {
      #expect(throws: KernelError.self) { try Loss.itself.happen() }
    }
    let text = try #require(findings.first?.text)
    #expect(findings.map(\.kind) == [.bugCheck])
    #expect(text.contains("KMODE_EXCEPTION_NOT_HANDLED") && text.contains("(losing.c:"))
  }

  @Test("A test that throws is judged all the same")
  func throwing() async {
    struct Failure: Error {}
    let (findings, error) = await KernelTrait.driver(Loss.driver).judge {
      try Loss.pool.happen()
      throw Failure()
    }
    #expect(error is Failure)
    #expect(findings.map(\.kind) == [.poolBlocks("Leak")])
  }

  @Test("A driver without an unload routine is said to be so")
  func missingUnload() async throws {
    let trait: KernelTrait = .driver(Loss.driverWithoutUnload)
    let findings = try await trait.findings {}
    #expect(findings.map(\.kind) == [.unload])
    #expect(findings.first?.text.hasPrefix("losing.sys cannot be unloaded: it has no") == true)
    let allowed: KernelTrait = .driver(Loss.driverWithoutUnload, allowing: [.missingUnload])
    #expect(try await allowed.findings {}.isEmpty)
  }

  @Test("A driver that the test has unloaded is not unloaded again")
  func unloadedByTest() async throws {
    let findings = try await KernelTrait.driver(Loss.driver).findings {
      try TestKernel.current.driver.unload()
    }
    #expect(findings.isEmpty)
  }

  @Test("What is allowed is no issue, and nothing else", arguments: [false, true])
  func allowances(verifies: Bool) async throws {
    let allowing: [Allowance] = [.poolBlocks(tag: "Leak")]
    let trait: KernelTrait = .driver(Loss.driver, verifies: verifies, allowing: allowing)
    #expect(try await Loss.pool.findings(trait).isEmpty)
    #expect(try await Loss.irp.findings(trait).count == 1)
  }

  @Test("A driver that is not there, does not load or does not start fails the test by name")
  func setup() async throws {
    func text(_ trait: KernelTrait) async throws -> String {
      try await trait.findings { Issue.record("The test ran.") }.map(\.text).joined()
    }
    #expect(try await text(.driver("none.sys")).hasPrefix("There is no none.sys"))
    #expect(
      try await text(.driver(.environment("RING3_TEST_NOT_SET"))).hasPrefix("RING3_TEST_NOT_SET"))
    #expect(
      try await text(.driver("Samples/Echo/echo.c", device: .stack()))
        == "No driver has an AddDevice routine, so that none gets the device.")
  }
}
