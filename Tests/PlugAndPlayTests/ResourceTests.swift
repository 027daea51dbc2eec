import Ring3
import TestSupport
import Testing

/// What devices are given, and what stands behind it.
@Suite struct ResourceTests {
  @Test("A device gets registers and interrupt of hardware that is plugged, line or message")
  func plugged() throws {
    let stage = try Stage()
    let lined = try stage.kernel.plug(BlockMover())
    let messaging = try stage.kernel.plug(BlockMover(interrupt: .messages(2)))
    let driver = try stage.load("hardware")
    let first = try stage.kernel.addDevice(stack: [driver], resources: lined.resources)
    #expect(first.problem == nil)
    #expect(stage.said() == ["line at \(lined.resources.interrupts[0].irql)"])
    let second = try stage.kernel.addDevice(stack: [driver], resources: messaging.resources)
    #expect(second.problem == nil)
    let irql = messaging.resources.interrupts.map(\.irql).max()
    #expect(stage.said() == ["message at \(try #require(irql))"])
  }

  @Test("While a device is stopped its interrupt is not found")
  func stopped() throws {
    let stage = try Stage()
    let bus = try stage.kernel.plug(BlockMover())
    let device = try stage.kernel.addDevice(
      stack: [stage.load("hardware")], resources: bus.resources)
    let file = try stage.open(Stage.test)
    try device.stop()
    #expect(try stage.send(.pend, 0, to: file) == .notFound)
    _ = stage.said()
    try device.start()
    #expect(stage.said() == ["line at \(bus.resources.interrupts[0].irql)"])
    #expect(try stage.send(.pend, 0, to: file) == .success)
  }

  @Test("A vector that no device has can be connected to by who gets it")
  func quiet() throws {
    let stage = try Stage()
    let device = try stage.kernel.addDevice(
      stack: [stage.load("hardware")],
      resources: [.interrupt(DeviceInterrupt(line: 9, vector: 0x39, irql: 3))])
    #expect(device.problem == nil)
    // What is plugged later gets others.
    for _ in 0..<20 {
      let bus = try stage.kernel.plug(BlockMover())
      #expect(bus.resources.interrupts[0].vector != 0x39)
    }
  }

  @Test("A device without an interrupt has none to connect to")
  func none() throws {
    let stage = try Stage()
    let device = try stage.kernel.addDevice(stack: [stage.load("hardware")])
    #expect(device.problem == .failedStart)
    #expect(device.description?.problemStatus == .notFound)
  }

  @Test("A child gets the line, the message and the ranges that its bus asks for")
  func child() throws {
    let stage = try Stage()
    let bus = try stage.addBus()
    try stage.send(.plug, 9, to: stage.open(Stage.bus))
    let child = try #require(bus.children.first)
    let said = stage.said()
    #expect(said.contains("memory d0001000 1000"))
    let interrupts = said.filter { $0.hasPrefix("interrupt") }
    // The level of a vector is its upper half.
    #expect(interrupts == ["interrupt 5 51", "interrupt 6 61"])
    try child.stop()
    try child.start()
    #expect(stage.said().filter { $0.hasPrefix("interrupt") } == interrupts)
  }
}
