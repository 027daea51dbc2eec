import Ring3
import TestSupport
import Testing

/// WDFWMIPROVIDER and WDFWMIINSTANCE.
@Suite struct WmiTests {
  private func guid(_ number: UInt64) -> GUID {
    GUID(data1: 0x5233_4731, data2: 0, data3: 0, data4: number)
  }

  private func scenarios() throws -> ScenarioBench {
    let scenarios = try ScenarioBench("wdf-wmi")
    try scenarios.run(0)
    return scenarios
  }

  private func expectStatus(_ status: NTStatus, _ body: () throws -> Void) {
    let error = #expect(throws: KernelError.self, performing: body)
    #expect(error?.status == status)
  }

  @Test("What does not fit together is refused") func refusals() throws {
    try scenarios().run(1)
  }

  @Test("Instances are queried, and changed where the driver lets them") func data() throws {
    let scenarios = try scenarios()
    let kernel = scenarios.kernel
    #expect(try kernel.queryBlock(guid(1)) == [100, 0, 0, 0])
    #expect(try kernel.queryBlock(guid(1), instance: 1) == [101, 0, 0, 0])
    try kernel.setBlock(guid(1), to: [7, 0, 0, 0])
    #expect(try kernel.queryBlock(guid(1)) == [7, 0, 0, 0])
    // STATUS_WMI_READ_ONLY
    expectStatus(NTStatus(bits: 0xC000_02C6)) {
      try kernel.setBlock(guid(1), to: [7, 0, 0, 0], instance: 1)
    }
    // STATUS_WMI_SET_FAILURE
    expectStatus(NTStatus(bits: 0xC000_02C7)) { try kernel.setBlock(guid(1), to: [7]) }
    // STATUS_WMI_INSTANCE_NOT_FOUND
    expectStatus(NTStatus(bits: 0xC000_0296)) { _ = try kernel.queryBlock(guid(1), instance: 2) }
    // STATUS_WMI_GUID_NOT_FOUND
    expectStatus(NTStatus(bits: 0xC000_0295)) { _ = try kernel.queryBlock(guid(9)) }
    #expect(scenarios.failures == [])
  }

  @Test("The context of an instance is its data when the driver says so") func context() throws {
    let scenarios = try scenarios()
    #expect(try scenarios.kernel.queryBlock(guid(2)) == [5, 0, 0, 0, 6, 0, 0, 0])
    expectStatus(NTStatus(bits: 0xC000_02C6)) {
      try scenarios.kernel.setBlock(guid(2), to: [0, 0, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test("A method gets its input and as much room as it asks for") func method() throws {
    let scenarios = try scenarios()
    let output = try scenarios.kernel.executeMethod(
      1, of: guid(1), input: [1, 0, 0, 0], instance: 1)
    #expect(output.count == 5000)
    #expect(output.first == 102)
    #expect(throws: KernelError.self) { try scenarios.kernel.executeMethod(2, of: guid(1)) }
  }

  @Test("An event carries its data") func event() throws {
    let scenarios = try scenarios()
    #expect(try scenarios.run(2) == [0])
    let event = try #require(scenarios.kernel.instrumentationEvents.last)
    #expect(event.guid.lowercased() == guid(3).description)
    #expect(event.data == Array("event".utf8))
  }

  @Test("An instance goes and comes: the ones behind it move up meanwhile") func registration()
    throws
  {
    let scenarios = try scenarios()
    try scenarios.run(3)
    #expect(try scenarios.kernel.queryBlock(guid(1)) == [101, 0, 0, 0])
    #expect(try scenarios.run(4) == [0])
    #expect(try scenarios.kernel.queryBlock(guid(1), instance: 1) == [100, 0, 0, 0])
    // It is one of the provider's already.
    #expect(try scenarios.run(4) == [0xC000_0010])
  }

  @Test("Collection is turned on and off by who wants the data") func control() throws {
    let scenarios = try scenarios()
    #expect(try scenarios.run(5) == [0, 0, 0, 0])
    try scenarios.kernel.setCollectionEnabled(true, of: guid(4))
    #expect(try scenarios.run(5) == [1, 0, 0, 1])
    try scenarios.kernel.setCollectionEnabled(false, of: guid(4))
    try scenarios.kernel.setEventsEnabled(true, of: guid(1))
    #expect(try scenarios.run(5) == [0, 0, 1, 12])
  }

  @Test("A deleted instance is gone; a provider goes with its device only") func deletion() throws {
    let scenarios = try scenarios()
    try scenarios.run(6)
    #expect(try scenarios.kernel.queryBlock(guid(1)) == [100, 0, 0, 0])
    expectStatus(NTStatus(bits: 0xC000_0296)) {
      _ = try scenarios.kernel.queryBlock(guid(1), instance: 1)
    }
    try scenarios.file.close()
    try scenarios.driver.unload()
    expectStatus(NTStatus(bits: 0xC000_0295)) { _ = try scenarios.kernel.queryBlock(guid(1)) }
  }
}
