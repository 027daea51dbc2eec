import Ring3
import TestSupport
import Testing

/// Children of a framework bus driver, in a dynamic list and one by one.
@Suite struct FrameworkBusTests {
  @Test("A child that is plugged in is made, identified and started; one that is pulled goes")
  func plugging() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    #expect(stage.said() == ["bus scan"])
    try stage.send(.plug, 3, to: file)
    #expect(
      stage.said() == [
        "bus create 3", "function add", "child 3 d0-entry", "function prepare 1",
        "function d0-entry 5", "function d0-entry-post", "function io-init",
      ])
    let child = try #require(bus.children.first)
    #expect(child.description?.path == #"WDFBUS\WIDGET\03"#)
    #expect(child.description?.hardwareIDs == [#"WDFBUS\Widget"#])
    #expect(child.state == .started)
    try stage.send(.unplug, 3, to: file)
    #expect(
      stage.said()
        == inOrder(
          ["child 3 missing", "function surprise"], LifeTests.down,
          [
            "function io-flush", "child 3 d0-exit", "function io-cleanup", "function cleanup",
            "child 3 cleanup", "function destroy",
          ]))
    #expect(bus.children.isEmpty)
  }

  @Test("Static children come and go the same way")
  func staticChildren() throws {
    let stage = try PnpStage(failures: ["bus": 1])
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    try stage.send(.plug, 2, to: file)
    #expect(bus.children.map(\.state) == [.started, .started])
    _ = stage.said()
    try stage.send(.unplug, 1, to: file)
    #expect(bus.children.count == 1)
    #expect(stage.said().contains("child 1 cleanup"))
    try file.close()
    try bus.remove()
    #expect(stage.isEmpty)
  }

  @Test("A child is known once, however often it is reported")
  func twice() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    try stage.send(.plug, 1, to: file)
    #expect(bus.children.count == 1)
    #expect(stage.said().count { $0 == "bus create 1" } == 1)
  }

  @Test("After a scan those that were not mentioned are gone, and iteration finds the others")
  func scanning() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 5, to: file)
    try stage.send(.rescan, 2, to: file)
    #expect(
      bus.children.compactMap { $0.description?.path }.sorted() == [
        #"WDFBUS\WIDGET\01"#, #"WDFBUS\WIDGET\02"#,
      ])
    #expect(words32(try stage.send(.count, to: file, outputCount: 8)) == [2, 3])
  }

  @Test("A child that its driver cannot make is forgotten")
  func unmakeable() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 99, to: file)
    #expect(bus.children.isEmpty)
    #expect(words32(try stage.send(.count, to: file, outputCount: 8)) == [0, 0])
  }

  @Test("A child is ejected: removed, ejected, and missing", arguments: [0, 1])
  func ejecting(kind: Int) throws {
    let stage = try PnpStage(failures: ["bus": kind])
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 7, to: file)
    _ = stage.said()
    try stage.send(.eject, 7, to: file)
    let said = stage.said()
    #expect(said.first == "function query-remove")
    #expect(said.suffix(3) == ["child 7 eject", "child 7 missing", "child 7 cleanup"])
    #expect(bus.children.isEmpty)
  }

  @Test("A child that is disabled stays on its bus, and starts again as the same device")
  func disabled() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    let child = try #require(bus.children.first)
    try child.remove()
    #expect(child.state == .removed)
    _ = stage.said()
    try child.start()
    #expect(child.state == .started)
    #expect(stage.said().prefix(2) == ["function add", "child 1 d0-entry"])
  }

  @Test("A bus that idles stays in D0 while a child is there, and comes back for the next")
  func idleBus() throws {
    let stage = try PnpStage(failures: ["bus": 2], stopsClock: true)
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    _ = stage.said()
    try stage.advance(milliseconds: 60_000)
    try stage.advance(milliseconds: 60_000)
    try stage.send(.unplug, 1, to: file)
    let said = stage.said()
    #expect(!said.contains { $0.hasPrefix("bus d0") })
    #expect(said.contains("child 1 cleanup"))
    try stage.advance(milliseconds: 1000)
    #expect(try stage.waits(for: "bus d0-exit 4"))
    try stage.send(.plug, 2, to: file)
    #expect(try stage.waits(for: "bus d0-entry 4"))
    #expect(bus.children.map(\.state) == [.started])
  }

  @Test("A child whose function driver says that it failed is made anew by its framework bus")
  func restarted() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    try stage.send(.plug, 1, to: try stage.open(PnpStage.bus))
    let before = try #require(bus.children.first)
    let file = try stage.open(PnpStage.function)
    _ = stage.said()
    // WdfDeviceFailedAttemptRestart.
    try stage.send(.fail, 1, to: file)
    try file.close()
    try stage.kernel.settleDevices()
    #expect(!before.exists)
    #expect(bus.children.map(\.state) == [.started])
    #expect(stage.said().contains("bus create 1"))
  }

  @Test("A child that is plugged in again waits until the one before is gone")
  func pluggedAgain() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    let child = try stage.open(PnpStage.function)
    try stage.send(.unplug, 1, to: file)
    try stage.send(.plug, 1, to: file)
    #expect(stage.said().count { $0 == "bus create 1" } == 1)
    try child.close()
    try stage.kernel.settleDevices()
    #expect(stage.said().contains("bus create 1"))
    #expect(bus.children.map(\.state) == [.started])
  }

  @Test("A bus that goes by surprise takes its children with it, children first")
  func surprise() throws {
    let stage = try PnpStage()
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    try file.close()
    _ = stage.said()
    try bus.surpriseRemove()
    try stage.kernel.settleDevices()
    let said = stage.said()
    #expect(said.first == "function surprise")
    #expect(said.contains("child 1 cleanup"))
    #expect(stage.kernel.devices.isEmpty)
    #expect(stage.isEmpty)
  }

  @Test("Children sleep before their bus and wake after it; a bus arms them")
  func sleeping() throws {
    let stage = try PnpStage(failures: ["function": 101])
    let bus = try stage.addBus()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 1, to: file)
    _ = stage.said()
    try stage.kernel.sleep(.s3)
    #expect(
      stage.said() == [
        "function io-suspend", "function arm", "child 1 enable-wake 4", "function d0-exit-pre",
        "function d0-exit 3", "child 1 d0-exit",
      ])
    try stage.kernel.wake()
    #expect(
      stage.said() == [
        "bus scan", "child 1 d0-entry", "function d0-entry 3", "function d0-entry-post",
        "child 1 disable-wake", "function disarm", "function io-restart",
      ])
    #expect(bus.children.first?.state == .started)
  }
}
