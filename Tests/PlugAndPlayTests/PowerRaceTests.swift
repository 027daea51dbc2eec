import Ring3
import TestSupport
import Testing

/// Power requests that end in other threads.
@Suite struct PowerRaceTests {
  @Test(
    "The next request of the system does not overtake a driver's routine", .timeLimit(.minutes(1)))
  func overtaking() throws {
    let stage = try Stage()
    let driver = try stage.load("power")
    let devices = try (0..<2).map { _ in try stage.kernel.addDevice(stack: [driver]) }
    for _ in 0..<50 {
      try stage.kernel.sleep(.s3)
      #expect(devices.map(\.power) == [.d3, .d3])
      try stage.kernel.wake()
      #expect(devices.map(\.power) == [.d0, .d0])
    }
    #expect(stage.said().isEmpty)
    for device in devices { try device.remove() }
  }
}
