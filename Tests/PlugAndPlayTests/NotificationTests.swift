import Ring3
import TestSupport
import Testing

/// Those who want to know of devices.
@Suite struct NotificationTests {
  private let link = #"\??\ROOT#RING3#0000#"# + Stage.test

  @Test("A driver is told of interfaces that are there and that come, and lets go when it is asked")
  func watching() throws {
    let stage = try Stage()
    let function = try stage.load("func")
    let device = try stage.kernel.addDevice(stack: [function])
    _ = stage.said()
    let watcher = try stage.load("watch")
    #expect(stage.said() == ["there \(link)", "arrival \(link)", "watcher opened 0"])
    try device.remove()
    #expect(
      stage.said() == [
        "watcher asked 1", "function query-remove", "function remove", "watcher: complete",
        "departure \(link)",
      ])
    try stage.kernel.addDevice(stack: [function])
    #expect(stage.said().suffix(2) == ["arrival \(link)", "watcher opened 0"])
    try stage.kernel.devices.first?.remove()
    try watcher.unload()
  }

  @Test("Who watches a device can keep it")
  func holding() throws {
    let stage = try Stage()
    let device = try stage.kernel.addDevice(stack: [stage.load("func")])
    try stage.load("watch")
    let control = try stage.process.open(#"\Device\Watcher"#)
    try stage.send(.refuse, 1, to: control)
    _ = stage.said()
    #expect(stage.status { () throws(KernelError) in try device.remove() } == .unsuccessful)
    #expect(stage.said() == ["watcher asked 1", "watcher: cancelled"])
    #expect(device.state == .started)
  }

  @Test("A device that did not start has no interface, and nobody is told of it")
  func failing() throws {
    let stage = try Stage(
      registry: #"""
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\ROOT\RING3\0000\Device Parameters]
        "FailStart"=dword:00000001
        """#)
    try stage.load("watch")
    try stage.kernel.addDevice(stack: [stage.load("func")])
    #expect(!stage.said().contains { $0.hasPrefix("arrival") || $0.hasPrefix("departure") })
  }
}
