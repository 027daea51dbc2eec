import Ring3
import TestSupport
import Testing

/// The life of a device of a framework function driver: callbacks in their order.
@Suite struct LifeTests {
  static let start = [
    "function add", "function prepare 1", "function d0-entry 5", "function d0-entry-post",
    "function io-init",
  ]
  /// From the working state to the end of the hardware.
  static let down = [
    "function io-suspend", "function d0-exit-pre", "function d0-exit 5", "function release 1",
  ]
  static let end = ["function io-cleanup", "function cleanup", "function destroy"]
  static let port = DeviceResources.Resource.port(start: 0x300, byteCount: 8)

  private func add(_ stage: PnpStage) throws -> Device {
    try stage.kernel.addDevice(
      stack: [stage.load("function")], resources: DeviceResources([Self.port]))
  }

  @Test("A device starts: hardware is prepared, the device comes to D0, self-managed I/O begins")
  func starting() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    #expect(stage.said() == Self.start)
    #expect(device.state == .started)
    #expect(try stage.links(PnpStage.function).count == 1)
  }

  @Test("A device that is removed in good order goes the way back, and nothing is left")
  func removing() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    _ = stage.said()
    try device.remove()
    #expect(
      stage.said() == inOrder(["function query-remove"], Self.down, ["function io-flush"], Self.end)
    )
    #expect(!device.exists)
    #expect(stage.isEmpty)
    #expect(try stage.links(PnpStage.function).isEmpty)
  }

  @Test("OBJ-37: objects and buffers go with a device that is removed by surprise")
  func surprise() throws {
    let stage = try PnpStage()
    let driver = try stage.load("function")
    let device = try stage.kernel.addDevice(
      stack: [driver], resources: DeviceResources([Self.port]))
    _ = stage.said()
    try device.surpriseRemove()
    try stage.kernel.settleDevices()
    #expect(
      stage.said() == inOrder(["function surprise"], Self.down, ["function io-flush"], Self.end))
    #expect(stage.isEmpty)
    // The driver's pool is looked at as it is unloaded.
    try driver.unload()
  }

  @Test("A device that is stopped and started again gets its hardware anew")
  func rebalancing() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    _ = stage.said()
    try device.stop()
    #expect(
      stage.said() == inOrder(["function query-stop"], Self.down))
    try device.start(resources: [])
    #expect(
      stage.said() == [
        "function prepare 0", "function d0-entry 5", "function d0-entry-post",
        "function io-restart",
      ])
    #expect(device.state == .started)
  }

  @Test("A driver that refuses keeps its device as it is")
  func refusing() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    let file = try stage.open(PnpStage.function)
    try stage.send(.refuse, 3, to: file)
    _ = stage.said()
    #expect(stage.status { () throws(KernelError) in try device.stop() } == .deviceNotReady)
    try file.close()
    #expect(stage.status { () throws(KernelError) in try device.remove() } == .deviceNotReady)
    #expect(stage.said() == ["function query-stop", "function query-remove"])
    #expect(device.state == .started)
  }

  @Test("A device that is not to be stopped stays, and its driver is not asked")
  func fixed() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    let file = try stage.open(PnpStage.function)
    try stage.send(.fixed, 0, to: file)
    _ = stage.said()
    #expect(stage.status { () throws(KernelError) in try device.stop() } == .invalidDeviceState)
    #expect(stage.said() == [])
    try stage.send(.fixed, 1, to: file)
    try device.stop()
    #expect(device.state == .stopped)
  }

  @Test("Requests that wait when the device goes by surprise are cancelled")
  func pending() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    let file = try stage.open(PnpStage.function)
    let pending = try file.startControl(PnpStage.Code.pend.code, input: nil, output: nil)
    try device.surpriseRemove()
    #expect(try pending.wait(seconds: 10)?.status.name == "STATUS_CANCELLED")
    try file.close()
    try stage.kernel.settleDevices()
    #expect(!device.exists)
  }

  @Test("A filter powers down before the function driver, and up after it")
  func filter() throws {
    let stage = try PnpStage()
    let device = try stage.kernel.addDevice(stack: [stage.load("function"), stage.load("filter")])
    #expect(
      stage.said().suffix(3) == ["function d0-entry-post", "function io-init", "filter d0-entry"])
    let file = try stage.open(PnpStage.function)
    try stage.send(.ping, to: file)
    #expect(stage.said() == ["function ping"])
    try file.close()
    try device.remove()
    let said = stage.said()
    #expect(said.firstIndex(of: "filter d0-exit")! < said.firstIndex(of: "function d0-exit 5")!)
    #expect(stage.isEmpty)
  }

  @Test("A driver that says that its device has failed loses it")
  func failed() throws {
    let stage = try PnpStage()
    let device = try add(stage)
    let file = try stage.open(PnpStage.function)
    _ = stage.said()
    try stage.send(.fail, 2, to: file)
    #expect(
      stage.said() == inOrder(["function surprise"], Self.down, ["function io-flush"]))
    try file.close()
    try stage.kernel.settleDevices()
    #expect(stage.said() == Self.end)
    #expect(device.problem == .failedPostStart)
  }

  @Test("The states of a device are those of Windows, and a driver is told when it comes to one")
  func states() throws {
    let stage = try PnpStage(failures: ["function": 100])
    _ = try add(stage)
    #expect(stage.said().last == "function state 119")
    let file = try stage.open(PnpStage.function)
    // Started, D0, and started.
    #expect(words32(try stage.send(.states, to: file, outputCount: 12)) == [0x119, 0x307, 0x565])
  }

  @Test("A driver reads a property of its device into a memory object")
  func property() throws {
    let stage = try PnpStage()
    _ = try stage.kernel.addDevice(
      stack: [stage.load("function")], hardwareIDs: [#"ROOT\Thing"#])
    let file = try stage.open(PnpStage.function)
    let bytes = try stage.send(.property, to: file, outputCount: 200)
    let text = stride(from: 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    #expect(String(decoding: text.prefix { $0 != 0 }, as: UTF16.self) == #"ROOT\Thing"#)
  }
}
