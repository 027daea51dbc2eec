import Ring3
import TestSupport
import Testing

/// Framework devices over the device objects of a driver whose dispatch table is its own.
@Suite("Miniport devices") struct MiniportTests {
  /// The scenarios of `Tests/Drivers/wdf-miniport.c`, in its order.
  private enum Scenario {
    static let plain: UInt32 = 0
    static let target: UInt32 = 1
    static let children: UInt32 = 2
    static let keep: UInt32 = 3
    static let halfStack: UInt32 = 4
    static let queue: UInt32 = 5
  }

  private static let mark: UInt64 = 0x1122_3344_5566_7788

  private func makeBench() throws -> ScenarioBench {
    try ScenarioBench("wdf-miniport", "WdfMiniport", verifies: true)
  }

  @Test(
    "A device over the driver's own device object answers for it, and leaves its extension alone")
  func plain() throws {
    let answer = try makeBench().run(Scenario.plain)
    #expect(answer.prefix(10) == [0, 1, 0, 0, 0, 0, Self.mark, 1, 1, Self.mark])
  }

  @Test("The target of such a device leads to the device that it is attached to")
  func target() throws {
    #expect(try makeBench().run(Scenario.target).prefix(8) == [0, 1, 1, 1, 0, 42, 8, 1])
  }

  @Test("Timers, work items and memory live below the device and are cleaned up with it, before it")
  func children() throws {
    let answer = try makeBench().run(Scenario.children)
    #expect(answer[0] == 0)
    let events = Array(answer.dropFirst(2).prefix(Int(answer[1])))
    #expect(events.prefix(2) == [50, 60])
    #expect(Set(events.dropFirst(2).prefix(3)) == [2, 3, 4])
    #expect(events[5] == 1)
  }

  @Test(
    "The driver unloads its part of the framework itself, and nothing is left", arguments: [0, 1])
  func unloading(keeps: Int) throws {
    let bench = try makeBench()
    if keeps == 1 { #expect(try bench.run(Scenario.keep)[0] == 0) }
    try bench.file.close()
    try bench.driver.unload()
    #expect(bench.kernel.leaks.isEmpty)
    #expect(bench.kernel.objects.allSatisfy { $0.type != "Device" })
  }

  @Test("An attached device without a physical one is bug check 0x10D")
  func halfStack() throws {
    let bugCheck = try #require(try makeBench().bugCheck(Scenario.halfStack))
    #expect(bugCheck.code == BugCheckCode(0x10D))
    #expect(bugCheck.parameter1 == 4)
  }

  @Test("The device has no queues: its handle is refused where one is needed that has")
  func queue() throws {
    let bugCheck = try #require(try makeBench().bugCheck(Scenario.queue))
    #expect(bugCheck.code == BugCheckCode(0x10D))
    #expect(bugCheck.parameter1 == 5)
  }
}
