import Ring3
import TestSupport
import Testing

/// A callback that fails as a device starts: what was done is undone.
@Suite struct StartFailureTests {
  /// What the drivers say when a point fails, and the status of the start.
  struct Scenario: CustomTestStringConvertible {
    let point: Int
    let said: [String]
    let status: String
    var testDescription: String { "point \(point)" }
  }

  static let power = "STATUS_DEVICE_POWER_FAILURE"

  @Test(
    "What a failing start has done is undone, in the reverse order",
    arguments: [
      Scenario(
        point: 1, said: ["function prepare 0", "function release 0"],
        status: "STATUS_UNSUCCESSFUL"),
      Scenario(
        point: 2, said: ["function prepare 0", "function d0-entry 5", "function release 0"],
        status: power),
      Scenario(
        point: 3,
        said: [
          "function prepare 0", "function d0-entry 5", "function d0-entry-post",
          "function d0-exit 5", "function release 0",
        ], status: power),
      Scenario(
        point: 4,
        said: [
          "function prepare 0", "function d0-entry 5", "function d0-entry-post",
          "function io-init", "function d0-exit-pre", "function d0-exit 5", "function release 0",
          "function io-flush", "function io-cleanup",
        ], status: power),
    ])
  func failing(_ scenario: Scenario) throws {
    let stage = try PnpStage(failures: ["function": scenario.point])
    let device = try stage.addFunction()
    #expect(
      stage.said()
        == inOrder(["function add"], scenario.said, ["function cleanup", "function destroy"]))
    #expect(device.problem == .failedStart)
    #expect(device.description?.problemStatus?.name == scenario.status)
    #expect(try stage.links(PnpStage.function).isEmpty)
  }

  @Test("A driver that does not want a device gets nothing of it")
  func refusedDevice() throws {
    let stage = try PnpStage(failures: ["function": 5])
    let device = try stage.addFunction()
    #expect(stage.said() == ["function add"])
    #expect(device.problem == .failedAdd)
  }

  @Test("A device that cannot be powered up again after sleep fails")
  func failingWake() throws {
    let stage = try PnpStage(failures: ["function": 7])
    let device = try stage.addFunction()
    try stage.kernel.sleep(.s3)
    _ = stage.said()
    try stage.kernel.wake()
    try stage.kernel.settleDevices()
    #expect(
      stage.said() == [
        "function d0-entry 4", "function surprise", "function release 0", "function io-flush",
        "function io-cleanup", "function cleanup", "function destroy",
      ])
    #expect(device.problem == .failedPostStart)
  }
}
