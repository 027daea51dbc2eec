import Ring3
import TestSupport
import Testing

/// Children without a driver of their own, whose bus has to do with their requests.
@Suite("Raw children of a framework bus") struct RawChildTests {
  /// A bus with one child, number 3 in slot 8.
  private func makeStage() throws -> (PnpStage, Device) {
    let stage = try PnpStage()
    let bus = try stage.kernel.addDevice(stack: [stage.load("parent")])
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 8 << 16 | 3, to: file)
    return (stage, bus)
  }

  @Test("A child is made with the address that it was reported with")
  func address() throws {
    let (stage, bus) = try makeStage()
    #expect(stage.said() == ["create 3 at 8"])
    #expect(bus.children.first?.state == .started)
    let child = try stage.open(PnpStage.function)
    #expect(words32(try stage.send(.states, to: child, outputCount: 8)) == [3, 8])
  }

  @Test("A later report changes the address, and makes no other child")
  func newAddress() throws {
    let (stage, bus) = try makeStage()
    let file = try stage.open(PnpStage.bus)
    try stage.send(.plug, 9 << 16 | 3, to: file)
    #expect(bus.children.count == 1)
    #expect(stage.said() == ["create 3 at 8"])
    #expect(words32(try stage.send(.count, 3, to: file, outputCount: 12)).first == 9)
  }

  @Test("A child that failed is found again, with a new address from its driver")
  func reenumerated() throws {
    let (stage, bus) = try makeStage()
    _ = stage.said()
    let child = try stage.open(PnpStage.function)
    try stage.send(.fail, to: child)
    try child.close()
    try stage.kernel.settleDevices()
    #expect(stage.said() == ["found again 3, was at 8", "create 3 at 9"])
    #expect(bus.children.map(\.state) == [.started])
    let again = try stage.open(PnpStage.function)
    #expect(words32(try stage.send(.states, to: again, outputCount: 8)) == [3, 9])
  }

  @Test("A request of a child is forwarded to a queue of its bus, and completed there")
  func forwarding() throws {
    let (stage, bus) = try makeStage()
    _ = stage.said()
    let child = try stage.open(PnpStage.function)
    for _ in 0..<3 { try stage.send(.ping, to: child) }
    #expect(stage.said() == [String](repeating: "parent has it: 1", count: 3))
    try child.close()
    try bus.remove()
    #expect(stage.isEmpty)
  }

  @Test("A driver asks its stack for an interface, and gets it with a reference")
  func interface() throws {
    let (stage, _) = try makeStage()
    _ = stage.said()
    let file = try stage.open(PnpStage.bus)
    // What is offered; another interface is not there.
    #expect(
      words32(try stage.send(.property, to: file, outputCount: 12)) == [77, 3, 0xC000_00BB])
    #expect(stage.said() == ["offer referenced"])
  }
}
