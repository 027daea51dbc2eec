import Ring3
import TestSupport
import Testing

/// Sleep and wake, and the power of single devices.
@Suite struct PowerTests {
  @Test("The system asks all, then tells all, children before their bus; and wakes the other way")
  func order() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    try stage.send(.plug, 1, to: stage.open(Stage.bus))
    _ = stage.said()
    try stage.kernel.sleep(.s3)
    #expect(stage.kernel.systemPower == .s3)
    #expect(
      stage.said() == [
        "function query S3", "child query S3", "bus query S3", "function set S3", "child set S3",
        "function set D3", "child set D3", "function is in D3", "bus set S3",
      ])
    #expect(bus.children.first?.power == .d3)
    try stage.kernel.wake()
    #expect(
      stage.said() == [
        "bus set S0", "function set S0", "child set S0", "function set D0", "child set D0",
        "function is in D0",
      ])
    #expect(bus.children.first?.power == .d0)
    #expect(stage.kernel.systemPower == .working)
  }

  @Test("A driver that objects keeps the system awake, and those that had agreed are told")
  func refusal() throws {
    let stage = try Stage()
    let first = try stage.kernel.addDevice(stack: [stage.load("func")])
    let file = try stage.open(Stage.test)
    try stage.send(.refusePower, 1, to: file)
    _ = stage.said()
    #expect(throws: KernelError.self) { try stage.kernel.sleep(.s3) }
    #expect(stage.kernel.systemPower == .working)
    #expect(
      stage.said() == [
        "function query S3", "function set S0", "function set D0", "function is in D0",
      ])
    #expect(first.power == .d0)
  }

  @Test("A driver changes the state of its own device")
  func device() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    _ = stage.said()
    try stage.send(.power, 4, to: file)
    #expect(stage.said() == ["filter set D3", "function set D3", "function is in D3"])
    #expect(device.power == .d3)
    try device.setPower(.d0)
    #expect(stage.said() == ["filter set D0", "function set D0"])
    #expect(device.power == .d0)
  }

  @Test("A driver that wants to know a setting is told its value, and every new one")
  func settings() throws {
    let stage = try Stage()
    let device = try stage.kernel.addDevice(
      stack: [stage.load("wmi")], hardwareIDs: [#"ROOT\WmiTest"#], description: "A test")
    #expect(stage.said().contains("setting 0"))
    let source = try #require(GUID("{5d3e9a59-e9d5-4b00-a6bd-ff34ff516548}"))
    try stage.kernel.setPowerSetting(source, to: 1)
    #expect(stage.said() == ["setting 1"])
    try device.remove()
    try stage.kernel.setPowerSetting(source, to: 0)
    #expect(stage.said().isEmpty)
  }
}
