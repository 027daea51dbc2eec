import Glibc
import Ring3
import Testing

/// Timers, work items, DPCs and threads of a Swift driver.
struct DeferredTests {
  typealias Order = DeferredDriver.Order

  let stage: JournalStage
  let device: Device
  let file: File

  init() throws {
    stage = try JournalStage(DeferredDriver.self) { $0.usesManualClock = true }
    device = try stage.kernel.addDevice(stack: [stage.driver])
    file = try stage.process.open(try #require(device.interfaces.first))
  }

  @discardableResult
  private func ask(_ order: Order, _ number: UInt32 = 0) throws -> UInt32 {
    let input = withUnsafeBytes(of: number) { Array($0) }
    let output = try file.deviceControl(order.code, input: input, outputCount: 4)
    return output.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
  }

  /// What the driver says, once there are `count` lines.
  private func said(_ count: Int) throws -> [String] {
    var lines: [String] = []
    while lines.count < count {
      lines += try stage.said()
      sched_yield()
    }
    return lines
  }

  // MARK: Timers

  @Test func `a timer expires once, at DISPATCH_LEVEL, when it is due`() throws {
    #expect(try ask(.startOnce, 10) == 0)
    #expect(try ask(.startOnce, 20) == 1)
    try stage.kernel.advanceTime(by: .milliseconds(19))
    #expect(try stage.said() == [])
    try stage.kernel.advanceTime(by: .milliseconds(1))
    #expect(try stage.said() == ["once DISPATCH_LEVEL"])
    try stage.kernel.advanceTime(by: .milliseconds(100))
    #expect(try stage.said() == [])
  }

  @Test func `a timer without delay expires at once`() throws {
    try ask(.startOnce, 0)
    #expect(try said(1) == ["once DISPATCH_LEVEL"])
  }

  @Test func `a passive timer calls at PASSIVE_LEVEL`() throws {
    try ask(.startPassive, 5)
    try stage.kernel.advanceTime(by: .milliseconds(5))
    #expect(try said(1) == ["passive PASSIVE_LEVEL"])
  }

  @Test func `a periodic timer goes on until it is stopped`() throws {
    try ask(.startPeriodic, 10)
    for _ in 0..<3 { try stage.kernel.advanceTime(by: .milliseconds(10)) }
    #expect(try stage.said() == ["tick", "tick", "tick"])
    #expect(try ask(.stopPeriodic) == 1)
    try stage.kernel.advanceTime(by: .milliseconds(100))
    #expect(try stage.said() == [])
  }

  @Test func `periods and parents are checked`() throws { #expect(try ask(.refusals) == 4) }

  @Test func `a timer that runs ends with its device`() throws {
    try ask(.startPeriodic, 10)
    try file.close()
    try device.remove()
    try stage.kernel.advanceTime(by: .milliseconds(100))
    #expect(try stage.said() == [])
    try stage.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }

  // MARK: Work items and DPCs

  @Test func `a work item runs at PASSIVE_LEVEL`() throws {
    try ask(.work)
    #expect(try stage.said() == ["work PASSIVE_LEVEL"])
  }

  @Test func `a DPC runs at DISPATCH_LEVEL`() throws {
    #expect(try ask(.dpc) == 1)
    #expect(try said(1) == ["dpc DISPATCH_LEVEL"])
    #expect(try ask(.cancelDpc) == 0)
  }

  // MARK: Threads

  /// A pipe whose reading end the driver's thread gets.
  private func watch() throws -> Int32 {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    try ask(.watch, UInt32(ends[0]))
    return ends[1]
  }

  @Test func `a thread blocks in the host and is woken by what comes`() throws {
    let pipe = try watch()
    defer { close(pipe) }
    #expect(try said(1) == ["begins PASSIVE_LEVEL"])
    var byte: UInt8 = 7
    #expect(write(pipe, &byte, 1) == 1)
    #expect(try said(1) == ["byte 7"])
    try ask(.wakeWatcher)
    #expect(try said(1) == ["woken"])
    try ask(.stopWatcher)
    #expect(try stage.said() == ["stops"])
  }

  @Test func `a thread ends with its device`() throws {
    let pipe = try watch()
    defer { close(pipe) }
    #expect(try said(1) == ["begins PASSIVE_LEVEL"])
    try file.close()
    try device.remove()
    #expect(try stage.said() == ["stops"])
    try stage.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }

  @Test func `a kernel ends while a thread blocks in the host`() throws {
    let pipe = try watch()
    defer { close(pipe) }
    #expect(try said(1) == ["begins PASSIVE_LEVEL"])
  }

  @Test func `a thread that blocks in the host leaves after a bug check`() throws {
    let pipe = try watch()
    defer { close(pipe) }
    #expect(try said(1) == ["begins PASSIVE_LEVEL"])
    let error = #expect(throws: KernelError.self) { try ask(.crash) }
    #expect(error?.bugCheck != nil)
  }
}
