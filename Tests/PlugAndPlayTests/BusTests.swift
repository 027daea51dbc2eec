import Ring3
import TestSupport
import Testing

/// Devices that a bus reports.
@Suite struct BusTests {
  @Test("A device that is plugged in gets its stack, and one that is pulled out goes")
  func plugging() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    #expect(bus.description?.isBus == true)
    let file = try stage.open(Stage.bus)
    #expect(try stage.send(.plug, 3, to: file) == .success)
    #expect(
      stage.said() == [
        "bus add", "bus start", "function add", "function start", "child 3 start",
        "function started",
      ])
    let child = try #require(bus.children.first)
    #expect(child.description?.path == #"TESTBUS\WIDGET\3"#)
    #expect(child.description?.depth == 1)
    #expect(child.description?.hardwareIDs == [#"TESTBUS\Widget"#])
    #expect(stage.kernel.devices.count == 2)
    try stage.send(.unplug, 3, to: file)
    #expect(
      stage.said() == [
        "function surprise", "child 3 surprise", "function remove", "child 3 remove",
        "child 3 deleted",
      ])
    #expect(bus.children.isEmpty)
    try stage.send(.plug, 3, to: file)
    #expect(bus.children.count == 1)
  }

  @Test("A device that is pulled out while it is open is deleted when it is closed")
  func pulledWhileOpen() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    let control = try stage.open(Stage.bus)
    try stage.send(.plug, 1, to: control)
    let file = try stage.open(Stage.test)
    _ = stage.said()
    try stage.send(.unplug, 1, to: control)
    #expect(stage.said() == ["function surprise", "child 1 surprise"])
    #expect(bus.children.first?.state == .surpriseRemoved)
    try file.close()
    try stage.kernel.settleDevices()
    #expect(stage.said() == ["function remove", "child 1 remove", "child 1 deleted"])
    #expect(bus.children.isEmpty)
  }

  @Test("A bus is removed after its children")
  func removingBus() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    let file = try stage.open(Stage.bus)
    try stage.send(.plug, 1, to: file)
    try stage.send(.plug, 2, to: file)
    try file.close()
    _ = stage.said()
    try bus.remove()
    #expect(
      stage.said() == [
        "function query-remove", "child 1 query-remove", "function query-remove",
        "child 2 query-remove", "bus query-remove", "function remove", "child 1 remove",
        "function remove", "child 2 remove", "bus remove", "child 1 deleted", "child 2 deleted",
      ])
    #expect(stage.kernel.objects.filter { $0.type == "Device" }.isEmpty)
  }

  @Test("A child that refuses keeps its bus, and its brother")
  func refusingChild() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    let file = try stage.open(Stage.bus)
    try stage.send(.plug, 1, to: file)
    let child = try stage.open(Stage.test)
    try stage.send(.refuse, 1 << 1, to: child)
    try stage.send(.plug, 2, to: file)
    try file.close()
    try child.close()
    #expect(stage.status { () throws(KernelError) in try bus.remove() } == .deviceNotReady)
    #expect(bus.state == .started)
    #expect(bus.children.map(\.state) == [.started, .started])
  }

  @Test("A bus that is gone by surprise takes its children with it, children first")
  func surprise() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    let file = try stage.open(Stage.bus)
    try stage.send(.plug, 1, to: file)
    let child = try stage.open(Stage.test)
    try file.close()
    _ = stage.said()
    try bus.surpriseRemove()
    #expect(stage.said() == ["function surprise", "child 1 surprise", "bus surprise"])
    #expect(bus.state == .surpriseRemoved)
    try child.close()
    try stage.kernel.settleDevices()
    #expect(
      stage.said() == ["function remove", "child 1 remove", "bus remove", "child 1 deleted"])
    #expect(stage.kernel.devices.isEmpty)
  }

  @Test("A device is ejected: removed, ejected, and then gone from its bus")
  func ejecting() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    let file = try stage.open(Stage.bus)
    try stage.send(.plug, 7, to: file)
    _ = stage.said()
    try stage.send(.eject, 7, to: file)
    #expect(
      stage.said() == [
        "function query-remove", "child 7 query-remove", "function remove", "child 7 remove",
        "child 7 eject", "child 7 remove", "child 7 deleted",
      ])
    #expect(bus.children.isEmpty)
  }

  @Test("A child that is removed in good order stays on its bus, and starts again")
  func disabled() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    try stage.send(.plug, 1, to: stage.open(Stage.bus))
    let child = try #require(bus.children.first)
    try child.remove()
    #expect(child.state == .removed)
    #expect(child.problem == .disabled)
    try bus.enumerate()
    #expect(child.state == .removed)
    try child.start()
    #expect(child.state == .started)
    #expect(child.problem == nil)
  }

  @Test("A child finds its drivers by a compatible identifier, or has a problem without any")
  func matching() throws {
    let stage = try Stage()
    let bus = try stage.kernel.addDevice(stack: [stage.load("bus")])
    let file = try stage.open(Stage.bus)
    try stage.send(.plug, 1, to: file)
    #expect(bus.children.first?.problem == .failedInstall)
    try stage.kernel.match(#"testbus\any"#, to: [stage.load("filter"), stage.load("func")])
    try stage.send(.plug, 2, to: file)
    #expect(
      bus.children.last?.description?.stack == [
        #"\Driver\pnpbus"#, #"\Driver\pnpfilter"#, #"\Driver\pnpfunc"#,
      ])
    try bus.children.first?.start()
    #expect(bus.children.map(\.state) == [.started, .started])
  }
}
