import Ring3
import TestSupport
import Testing

/// How a device goes: in good order, or by surprise.
@Suite struct RemovalTests {
  @Test("An orderly removal asks first, and leaves nothing")
  func orderly() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    _ = stage.said()
    try device.remove()
    #expect(
      stage.said() == [
        "filter query-remove", "function query-remove", "filter remove", "function remove",
      ])
    #expect(!device.exists)
    #expect(stage.kernel.devices.isEmpty)
    #expect(stage.kernel.objects.filter { $0.type == "Device" }.isEmpty)
  }

  @Test("A driver that refuses keeps its device")
  func refused() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    try stage.send(.refuse, 1 << 1, to: file)
    try file.close()
    _ = stage.said()
    #expect(stage.status { () throws(KernelError) in try device.remove() } == .deviceNotReady)
    #expect(
      stage.said() == [
        "filter query-remove", "function query-remove", "filter cancel-remove",
        "function cancel-remove",
      ])
    #expect(device.state == .started)
    #expect(throws: Never.self) { try stage.open(Stage.test) }
  }

  @Test("An open file keeps its device, which works on")
  func busy() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    #expect(stage.status { () throws(KernelError) in try device.remove() }?.bits == 0x8000_0011)
    #expect(stage.said().last == "function cancel-remove")
    #expect(try stage.send(.refuse, 0, to: file) == .success)
    try file.close()
    try device.remove()
    #expect(!device.exists)
  }

  @Test("After a surprise the stack stays until the last file is closed")
  func surprise() throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    let link = try #require(stage.links(Stage.test).first)
    let pending = try file.startControl(Stage.Code.pend.code, input: nil, output: nil)
    _ = stage.said()
    try device.surpriseRemove()
    #expect(stage.said() == ["filter surprise", "function surprise"])
    #expect(device.state == .surpriseRemoved)
    #expect(try pending.wait(seconds: 10)?.status.name == "STATUS_DELETE_PENDING")
    #expect(throws: KernelError.self) { try stage.process.open(link) }
    #expect(try stage.links(Stage.test).isEmpty)
    try file.close()
    try stage.kernel.settleDevices()
    #expect(stage.said() == ["filter remove", "function remove"])
    #expect(!device.exists)
  }

  @Test(
    "A device whose driver says that it does not work goes, and its node says why",
    arguments: [(4, DeviceProblem.failedPostStart), (1, .hardwareDisabled)]
      as [(UInt32, DeviceProblem)])
  func failed(state: UInt32, problem: DeviceProblem) throws {
    let stage = try Stage()
    let device = try stage.addFiltered()
    let file = try stage.open(Stage.test)
    _ = stage.said()
    try stage.send(.state, state, to: file)
    #expect(stage.said() == ["filter surprise", "function surprise"])
    try file.close()
    try stage.kernel.settleDevices()
    #expect(stage.said() == ["filter remove", "function remove"])
    #expect(device.state == .removed)
    #expect(device.problem == problem)
    try device.start()
    #expect(device.state == .started)
  }

  @Test("A device that wants other resources is stopped and started")
  func rebalanced() throws {
    let stage = try Stage()
    let device = try stage.kernel.addDevice(stack: [stage.load("func")])
    let file = try stage.open(Stage.test)
    try stage.send(.refuse, 1 << 5, to: file)
    _ = stage.said()
    try stage.send(.state, 0x10, to: file)
    #expect(stage.said() == ["function query-stop", "function cancel-stop"])
    #expect(device.state == .started)
  }
}
