import Ring3Testing
import Testing

@Suite(.driver("Samples/Echo/echo.c")) struct ScopeTests {
  let inInitializer: Kernel

  init() throws { inInitializer = try TestKernel.current.kernel }

  @Test("A test and the initializer of its suite are in the same kernel")
  func initializer() throws {
    #expect(try TestKernel.current.kernel === inInitializer)
    #expect(try TestKernel.current.driver.name == "echo.sys")
  }

  @Test("Each case has its own kernel", arguments: 0..<4)
  func cases(number: Int) throws {
    let file = try TestKernel.current.open(#"\\.\Echo"#)
    #expect(try file.read(count: 10).isEmpty)
    try file.write([UInt8(number)])
    expectBytes(try file.read(count: 10), equal: [UInt8(number)])
  }

  @Test("The trait of the test counts, not that of its suite", .kernel)
  func nearest() throws {
    #expect(try TestKernel.current.drivers.isEmpty)
    try TestKernel.current.load("Tests/Drivers/losing.c")
    #expect(try TestKernel.current.driver.name == "losing.sys")
  }

  @Suite struct Inner {
    @Test("The trait of a suite counts in the suites in it")
    func inherited() throws {
      #expect(try TestKernel.current.driver.name == "echo.sys")
    }
  }
}

@Suite struct NoScopeTests {
  @Test("Without a trait there is no kernel, and the error says what is missing")
  func noKernel() {
    let error = #expect(throws: (any Error).self) { try TestKernel.current }
    #expect(error.map { "\($0)" }?.contains("needs the trait") == true)
  }

  @Test(
    "A stack gets its device, and the drivers find each other",
    .drivers(["Tests/Drivers/pnpfunc.c", "Tests/Drivers/pnpfilter.c"]))
  func stack() throws {
    let test = try TestKernel.current
    #expect(test.device?.state == .started)
    #expect(test.device?.description?.stack.count == 3)
  }

  @Test(
    "A bus gets a device, and the others those that it reports",
    .drivers(["Tests/Drivers/pnpbus.c", "Tests/Drivers/pnpfunc.c"], device: .bus))
  func bus() throws {
    let test = try TestKernel.current
    #expect(test.device?.state == .started)
    #expect(test.kernel.devices.first?.description?.isBus == true)
  }
}
