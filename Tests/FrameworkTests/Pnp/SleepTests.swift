import Ring3
import TestSupport
import Testing

/// Sleep and wake of the system as framework drivers see it.
@Suite struct SleepTests {
  @Test("The owner of the power policy sends its device to D3 and back")
  func sleeping() throws {
    let stage = try PnpStage()
    let device = try stage.addFunction()
    _ = stage.said()
    try stage.kernel.sleep(.s3)
    #expect(stage.said() == ["function io-suspend", "function d0-exit-pre", "function d0-exit 4"])
    #expect(device.power == .d3)
    try stage.kernel.wake()
    #expect(
      stage.said() == ["function d0-entry 4", "function d0-entry-post", "function io-restart"])
    #expect(device.power == .d0)
  }

  @Test("A request that comes while the device sleeps is presented when it is back")
  func held() throws {
    let stage = try PnpStage()
    _ = try stage.addFunction()
    let file = try stage.open(PnpStage.function)
    try stage.kernel.sleep(.s3)
    _ = stage.said()
    let pending = try file.startControl(PnpStage.Code.ping.code, input: nil, output: nil)
    #expect(stage.said() == [])
    try stage.kernel.wake()
    #expect(try pending.wait(seconds: 10)?.status == .success)
    #expect(stage.said().contains("function ping"))
  }

  @Test("A device that is armed wakes the system, and is told so")
  func waking() throws {
    let stage = try PnpStage(failures: ["function": 101])
    let device = try stage.addFunction()
    _ = stage.said()
    try stage.kernel.sleep(.s3)
    #expect(
      stage.said() == [
        "function io-suspend", "function arm", "function d0-exit-pre", "function d0-exit 3",
      ])
    #expect(device.power == .d2)
    #expect(try device.signalWake())
    try stage.kernel.wake()
    #expect(
      stage.said() == [
        "function d0-entry 3", "function d0-entry-post", "function woken", "function disarm",
        "function io-restart",
      ])
  }

  @Test("A device that is armed and does not wake the system is only disarmed")
  func disarming() throws {
    let stage = try PnpStage(failures: ["function": 101])
    _ = try stage.addFunction()
    try stage.kernel.sleep(.s3)
    _ = stage.said()
    try stage.kernel.wake()
    #expect(stage.said().suffix(2) == ["function disarm", "function io-restart"])
  }

  @Test("A device in D0 is kept from idling at once; one that sleeps is on its way")
  func idle() throws {
    let stage = try PnpStage()
    _ = try stage.addFunction()
    let file = try stage.open(PnpStage.function)
    #expect(throws: Never.self) { try stage.send(.idle, to: file) }
  }
}
