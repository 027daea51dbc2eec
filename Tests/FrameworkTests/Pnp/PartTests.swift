import Hardware
import Ring3
import TestSupport
import Testing

/// Parts of framework devices: requirements that are filtered, properties by key, and what stays.
@Suite("Parts of framework devices") struct PartTests {
  private func makeStage() throws -> PnpStage {
    let stage = try PnpStage()
    try stage.kernel.match(#"WDFBUS\Widget"#, to: [stage.load("parts")])
    _ = try stage.kernel.addDevice(stack: [stage.load("bus")])
    try stage.send(.plug, 2, to: try stage.open(PnpStage.bus))
    return stage
  }

  @Test("A driver adds to what its bus asks for, takes away, and gets the rest")
  func requirements() throws {
    // The bus asks for ports from 0x310 on.
    #expect(
      try makeStage().said().filter { $0.hasPrefix("filter") || $0.hasPrefix("resource") } == [
        "filter add 1", "filter remove 2", "resource 500",
      ])
  }

  @Test("Properties by key are kept with their type, also for the next device object")
  func properties() throws {
    let stage = try makeStage()
    let notFound = "c0000034"
    #expect(stage.said().contains("early \(notFound) 0 0 0"))
    let file = try stage.open(PnpStage.function)
    try stage.send(.property, to: file)
    // DEVPROP_TYPE_UINT32 is 7; STATUS_BUFFER_TOO_SMALL, STATUS_INFO_LENGTH_MISMATCH.
    #expect(
      stage.said() == [
        "assign 0", "query 0 4711 4 7", "size c0000023 4", "memory 4711 4 7", "wrong size c0000004",
      ])
    try file.close()
    let child = try #require(stage.kernel.devices.flatMap(\.children).first)
    try child.remove()
    try child.start()
    #expect(
      stage.said().filter { $0.hasPrefix("early") } == ["early 0 4711 4 7", "early memory 4711"])
  }

  @Test(
    "OBJ-19: devices, interrupts, child lists, WMI providers and resource lists are not deleted by drivers"
  )
  func undeletable() throws {
    let stage = try makeStage()
    _ = stage.said()
    let file = try stage.open(PnpStage.function)
    try stage.send(.fail, to: file)
    let said = stage.said()
    #expect(said.count { $0.contains("is deleted by the framework only") } == 5)
    #expect(said.last == "still 1 1 1 1 1")
  }

  @Test(
    "TGT-37: removal cancels what the target to the lower driver has; completions come before its end"
  )
  func localTarget() throws {
    let stage = try PnpStage()
    let device = try stage.kernel.addDevice(stack: [stage.load("function"), stage.load("sender")])
    let file = try stage.open(PnpStage.function)
    _ = try file.deviceControl(PnpStage.Code.ping.code)
    try file.close()
    _ = stage.said()
    try device.surpriseRemove()
    try stage.kernel.settleDevices()
    let said = stage.said().filter { $0.hasPrefix("sender") }
    #expect(
      said == [String](repeating: "sender completed c0000120", count: 5) + [
        "sender target cleanup", "sender target destroy",
      ])
    #expect(stage.isEmpty)
  }

  @Test("A write becomes a DMA transaction, each transfer an interrupt and a DPC, and is completed")
  func movement() throws {
    let stage = try PnpStage()
    let mover = BlockMover()
    let bus = try stage.kernel.plug(mover)
    let device = try stage.kernel.addDevice(
      stack: [stage.load("mover")], resources: bus.resources)
    #expect(device.state == .started)
    let file = try stage.open(PnpStage.function)
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }
    #expect(try file.write(bytes) == bytes.count)
    #expect(Array(mover.memory[..<bytes.count]) == bytes)
    let counts = words32(try stage.send(.count, to: file, outputCount: 12))
    // A page at most in each transfer.
    #expect(counts == [3, 3, 3])
    mover.memory.replaceSubrange(0..<5000, with: [UInt8](repeating: 9, count: 5000))
    #expect(try file.read(count: 5000) == [UInt8](repeating: 9, count: 5000))
    try file.close()
    try device.remove()
    #expect(stage.isEmpty)
  }
}
