import Ring3
import Synchronization
import TestSupport
import Testing

/// A device with one register: not 0 while it rings, and written to silence it.
private final class Bell: SimulatedDevice {
  let configuration = DeviceConfiguration(regions: [.registers(byteCount: 4096)])
  private let state = Mutex<(bus: DeviceBus?, isRinging: Bool)>((nil, false))

  func plugged(into bus: DeviceBus) { state.withLock { $0.bus = bus } }

  func read(region: Int, offset: Int, byteCount: Int) -> UInt64 {
    state.withLock { $0.isRinging ? 1 : 0 }
  }

  func write(region: Int, offset: Int, byteCount: Int, value: UInt64) {
    set(isRinging: value != 0)
  }

  func ring() { set(isRinging: true) }

  private func set(isRinging: Bool) {
    let bus = state.withLock { state in
      state.isRinging = isRinging
      return state.bus
    }
    bus?.setInterrupt(isRinging)
  }
}

/// Interrupts of framework drivers on simulated lines.
@Suite("Interrupts of framework drivers") struct FrameworkInterruptTests {
  @Test(
    "An interrupt leads to a completed request, by DPC or work item, at DIRQL or PASSIVE_LEVEL",
    arguments: [
      (0, ["isr at 3", "dpc at 2"]), (2, ["isr at 3", "work at 0"]),
      (3, ["isr at 0", "work at 0"]),
      (1, ["isr at 0", "dpc at 2"]),
    ] as [(Int, [String])])
  func ringing(kind: Int, said: [String]) throws {
    let stage = try PnpStage(failures: ["interrupt": kind])
    let bell = Bell()
    let bus = try stage.kernel.plug(bell)
    let device = try stage.kernel.addDevice(
      stack: [stage.load("interrupt")], resources: bus.resources)
    #expect(device.state == .started)
    #expect(stage.said() == ["enable"])
    let file = try stage.open(PnpStage.function)
    let pending = try file.startControl(PnpStage.Code.pend.code, input: nil, output: nil)
    bell.ring()
    let completion = try #require(try pending.wait(seconds: 10))
    #expect(completion.status == .success)
    #expect(completion.information == 1)
    #expect(stage.said() == said)
    let interrupt = bus.resources.interrupts[0]
    #expect(
      words32(try stage.send(.states, to: file, outputCount: 12)) == [
        1, interrupt.vector, UInt32(interrupt.irql),
      ])
  }

  @Test("An interrupt is connected while its device is in D0 only")
  func powered() throws {
    let stage = try PnpStage()
    let bell = Bell()
    let bus = try stage.kernel.plug(bell)
    let device = try stage.kernel.addDevice(
      stack: [stage.load("interrupt")], resources: bus.resources)
    _ = stage.said()
    try stage.kernel.sleep(.s3)
    #expect(stage.said() == ["disable"])
    bell.ring()
    #expect(stage.said() == [])
    try stage.kernel.wake()
    // The level is still there: it interrupts as soon as the routine is connected.
    #expect(stage.said().sorted() == ["dpc at 2", "enable", "isr at 3"])
    try device.remove()
    #expect(stage.isEmpty)
  }
}
