import Ring3
import Testing

/// Events of Plug and Play and power in a Swift driver.
struct DeviceEventTests {
  private static let start = [
    "link", "prepare \(DeviceResources())", "entry d3Final", "entry-post d3Final", "io-start",
  ]

  private func stage(_ settings: String...) throws -> JournalStage {
    try JournalStage(EventDriver.self) {
      $0.registryText = parameters(of: "EventDriver", settings.joined(separator: "\n"))
    }
  }

  @Test func `a device is started and removed in the framework's order`() throws {
    let stage = try stage()
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    #expect(device.state == .started)
    #expect(try stage.said() == Self.start)
    try device.remove()
    #expect(
      try stage.said() == [
        "query-remove", "io-suspend", "exit-pre d3Final", "exit d3Final", "release", "io-flush",
        "io-cleanup",
      ])
    try stage.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }

  @Test func `resources are a value`() throws {
    let stage = try stage()
    let resources: DeviceResources = [
      .memory(start: 0xFEB0_0000, byteCount: 0x1000), .port(start: 0x3F8, byteCount: 8),
      .interrupt(
        DeviceInterrupt(
          line: 4, vector: 0x61, irql: 6, affinity: 1, isLatched: true, isShared: false)
      ),
    ]
    _ = try stage.kernel.addDevice(stack: [stage.driver], resources: resources)
    #expect(try stage.said().contains("prepare \(resources)"))
  }

  @Test func `what prepareHardware throws fails the start, and hardware is released`() throws {
    let stage = try stage(#""Fails"="prepare""#)
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    #expect(device.state != .started)
    #expect(device.description?.problemStatus == .deviceNotReady)
    #expect(try stage.said().contains("release"))
  }

  @Test func `a driver refuses to be removed by throwing`() throws {
    let stage = try stage(#""Fails"="query-remove""#)
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    let error = #expect(throws: KernelError.self) { try device.remove() }
    #expect(error?.status == .deviceNotReady)
    #expect(device.state == .started)
  }

  @Test func `a driver refuses to be stopped by throwing`() throws {
    let stage = try stage(#""Fails"="query-stop""#)
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    #expect(throws: KernelError.self) { try device.stop() }
    #expect(try stage.said().last == "query-stop")
  }

  @Test func `a device is stopped and started again`() throws {
    let stage = try stage()
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    _ = try stage.said()
    try device.stop()
    #expect(
      try stage.said() == [
        "query-stop", "io-suspend", "exit-pre d3Final", "exit d3Final", "release",
      ])
    try device.start()
    #expect(try stage.said() == Self.start.dropLast() + ["io-restart"])
  }

  @Test func `a device is pulled out`() throws {
    let stage = try stage()
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    _ = try stage.said()
    try device.surpriseRemove()
    let said = try stage.said()
    #expect(said.first == "surprise")
    #expect(said.contains("release") && said.last == "io-cleanup")
  }

  @Test func `a device sleeps and wakes with the system`() throws {
    let stage = try stage()
    _ = try stage.kernel.addDevice(stack: [stage.driver])
    _ = try stage.said()
    try stage.kernel.sleep(.s3)
    #expect(try stage.said() == ["io-suspend", "exit-pre d3", "exit d3"])
    try stage.kernel.wake()
    #expect(try stage.said() == ["entry d3", "entry-post d3", "io-restart"])
  }

  @Test func `a device that may wake the system is armed`() throws {
    let stage = try stage(#""Wakes"=dword:00000001"#)
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    _ = try stage.said()
    try stage.kernel.sleep(.s3)
    #expect(try stage.said() == ["io-suspend", "arm", "exit-pre d2", "exit d2"])
    #expect(try device.signalWake())
    try stage.kernel.wake()
    #expect(
      try stage.said() == ["entry d2", "entry-post d2", "woken", "disarm", "io-restart"])
  }

  @Test func `a device is opened by its interface, and kept working by its driver`() throws {
    let stage = try stage()
    let device = try stage.kernel.addDevice(stack: [stage.driver])
    // The second one is disabled.
    #expect(device.interfaces.count == 1)
    let link = try #require(device.interfaces.first)
    let file = try stage.process.open(link)
    #expect(try file.deviceControl(EventDriver.keepWorking, outputCount: 1) == [0])
  }
}
