import Ring3
import TestSupport
import Testing

/// How a device comes up.
@Suite struct StartTests {
  @Test("AddDevice is called bottom to top, and a start goes from the top down")
  func order() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    #expect(
      stage.said() == [
        "function add", "filter add", "filter start", "function start", "function started",
      ])
    #expect(device.state == .started)
    #expect(device.problem == nil)
    let description = try #require(device.description)
    #expect(description.path == #"ROOT\RING3\0000"#)
    #expect(
      description.stack == [#"\Driver\PnpManager"#, #"\Driver\pnpfunc"#, #"\Driver\pnpfilter"#])
    #expect(!description.isBus)
    #expect(description.power == .d0)
  }

  @Test("Two devices of one driver have stacks and paths of their own")
  func two() throws {
    let stage = try Stage()
    let driver = try stage.load("func")
    let first = try stage.kernel.addDevice(stack: [driver])
    let second = try stage.kernel.addDevice(stack: [driver])
    #expect(second.description?.path == #"ROOT\RING3\0001"#)
    #expect(try stage.links(Stage.test).count == 2)
    try first.remove()
    #expect(second.state == .started)
    #expect(!first.exists)
    #expect(first.state == .removed)
  }

  @Test("A device is started with the resources that it was given")
  func resources() throws {
    let stage = try Stage()
    try stage.kernel.addDevice(
      stack: [stage.load("func")],
      resources: [
        .memory(start: 0xF000_0000, byteCount: 0x1000), .port(start: 0x3F8, byteCount: 8),
        .interrupt(DeviceInterrupt(line: 4, vector: 0x44, irql: 4)), .dma(channel: 2),
      ])
    let said = stage.said()
    #expect(said.contains("memory f0000000 1000"))
    #expect(said.contains("port 3f8 8"))
    #expect(said.contains("interrupt 4 44"))
    #expect(said.contains("dma 2"))
  }

  private func setting(_ name: String) -> String {
    #"""
    [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\ROOT\RING3\0000\Device Parameters]
    "\#(name)"=dword:00000001
    """#
  }

  @Test("When AddDevice fails the stack below is removed, and the device says why")
  func failingAdd() throws {
    let stage = try Stage(registry: setting("FailAdd"))
    let device = try stage.kernel.addDevice(stack: [stage.load("filter"), stage.load("func")])
    #expect(stage.said() == ["filter add", "function add", "filter remove"])
    #expect(device.state == .removed)
    #expect(device.problem == .failedAdd)
    #expect(device.description?.problemStatus?.name == "STATUS_DEVICE_NOT_CONNECTED")
    #expect(device.description?.stack == [#"\Driver\PnpManager"#])
    try device.remove()
    #expect(!device.exists)
  }

  @Test("When a start fails the stack is removed, and the device can be started anew")
  func failingStart() throws {
    let stage = try Stage(registry: setting("FailStart"))
    let device = try stage.kernel.addDevice(stack: [stage.load("func")])
    #expect(
      stage.said() == ["function add", "function start", "function started", "function remove"])
    #expect(device.problem == .failedStart)
    #expect(device.description?.problemStatus?.name == "STATUS_DEVICE_CONFIGURATION_ERROR")
    #expect(try stage.links(Stage.test).isEmpty)
    #expect(
      stage.status { () throws(KernelError) in try device.start() }?.name
        == "STATUS_DEVICE_CONFIGURATION_ERROR")
  }

  @Test("A driver without AddDevice makes no stack, and a device without drivers says so")
  func unfit() throws {
    let stage = try Stage()
    let legacy = try stage.kernel.loadEcho()
    #expect(!legacy.isPlugAndPlay)
    #expect(try stage.kernel.addDevice(stack: [legacy]).problem == .failedAdd)
    let bare = try stage.kernel.addDevice(stack: [], hardwareIDs: [#"ROOT\Bare"#])
    #expect(bare.problem == .failedInstall)
    #expect(bare.description?.path == #"ROOT\BARE\0000"#)
  }

  @Test("A driver in a stack is not unloaded before its device is removed")
  func unloading() throws {
    let stage = try Stage()
    let driver = try stage.load("func")
    let device = try stage.kernel.addDevice(stack: [driver])
    #expect(stage.status { () throws(KernelError) in try driver.unload() }?.bits == 0x8000_0011)
    try device.remove()
    try driver.unload()
    #expect(stage.said().last == "function unload 0")
  }

  @Test("A device that is stopped is started again with other resources")
  func stopping() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    _ = stage.said()
    try device.stop()
    #expect(device.state == .stopped)
    #expect(
      stage.said() == [
        "filter query-stop", "function query-stop", "filter stop", "function stop",
      ])
    try device.start(resources: [.port(start: 0x60, byteCount: 1)])
    #expect(
      stage.said() == ["filter start", "function start", "port 60 1", "function started"])
    #expect(device.state == .started)
  }

  @Test("A driver that refuses to stop is told that nothing comes of it")
  func refusedStop() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    try stage.send(.refuse, 1 << 5, to: file)
    _ = stage.said()
    #expect(stage.status { () throws(KernelError) in try device.stop() } == .deviceNotReady)
    #expect(
      stage.said() == [
        "filter query-stop", "function query-stop", "filter cancel-stop", "function cancel-stop",
      ])
    #expect(device.state == .started)
  }
}
