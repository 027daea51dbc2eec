import Foundation
import Ring3
import TestSupport
import Testing

/// Orders of threads that are drawn from a seed.
@Suite struct ScheduleTests {
  /// A driver and what a program does with it.
  struct Scene: Sendable, CustomTestStringConvertible {
    let source: String
    let testDescription: String
    var isConcurrent = false
    let script: @Sendable (UserProcess) throws -> Void

    /// The same with a thread for each request.
    var concurrent: Scene {
      Scene(
        source: source, testDescription: testDescription + ", with threads", isConcurrent: true,
        script: script)
    }

    /// How a run ended.
    struct End {
      var bugCheck: BugCheck?
      var order: ScheduleReport?
      /// The requests' points, without times and addresses.
      var trace: [String] = []
    }

    /// Loads the driver in a kernel of its own, does the script, and unloads it.
    func run(seed: UInt64?, isRepaired: Bool = true) throws -> End {
      var configuration = Configuration()
      configuration.verifier = .standard
      configuration.schedule = seed
      configuration.sendsConcurrently = isConcurrent
      let kernel = try Kernel(configuration: configuration)
      kernel.startTrace()
      do {
        let driver = try kernel.load(
          path: TestDrivers.build(source, defines: isRepaired ? ["REPAIRED"] : []))
        if driver.isPlugAndPlay {
          let device = try kernel.addDevice(stack: [driver], hardwareIDs: [#"ROOT\TEST"#])
          #expect(device.state == .started)
        }
        let process = try kernel.makeProcess()
        try script(process)
        try process.end()
        try driver.unload()
      } catch let error as KernelError where error.bugCheck != nil {}
      return End(
        bugCheck: kernel.bugCheck, order: kernel.schedule,
        trace: kernel.trace.map { "\($0.step) \($0.irql) \($0.thread) \($0.count) \($0.status)" })
    }
  }

  static let cancelRace = Scene(
    source: "Tests/Drivers/Schedules/CancelRace.c", testDescription: "cancel and completion"
  ) { process in
    let file = try process.open(#"\\.\Defect"#)
    let buffer = UserBuffer(process, count: 16)
    let request = try file.startRead(into: buffer)
    request.cancel()
    _ = try request.wait(seconds: 30)
    try file.close()
  }

  static let freeRace = Scene(
    source: "Tests/Drivers/Schedules/FreeRace.c", testDescription: "release and DPC"
  ) { process in
    let file = try process.open(#"\\.\Defect"#)
    let buffer = try #require(UserBuffer(process, count: 16))
    _ = try file.write(at: buffer.address, count: 16)
    _ = try file.read(at: buffer.address, count: 16)
    try file.close()
  }

  static let lostWakeup = Scene(
    source: "Tests/Drivers/Schedules/LostWakeup.c", testDescription: "two threads and two events"
  ) { process in
    let file = try process.open(#"\\.\Defect"#)
    let buffer = try #require(UserBuffer(process, count: 16))
    for _ in 0..<4 { _ = try file.write(at: buffer.address, count: 16) }
    try file.close()
  }

  static let twiceMade = Scene(
    source: "Tests/Drivers/Schedules/TwiceMade.c", testDescription: "two writes at once",
    isConcurrent: true
  ) { process in
    let files = try (0..<2).map { _ in try process.open(#"\\.\Defect"#) }
    let buffer = UserBuffer(process, count: 16)
    let requests = try files.map { try $0.startWrite(from: buffer) }
    for request in requests { _ = try request.wait(seconds: 30) }
    for file in files { try file.close() }
  }

  static let echo = Scene(source: "Samples/Echo/echo.c", testDescription: "echo") { process in
    try exchange(process, #"\\.\Echo"#)
  }

  static let frameworkEcho = Scene(
    source: "Samples/Echo/wdfecho.c", testDescription: "echo of the framework"
  ) { process in
    let links = process.kernel.objects.filter { $0.type == "SymbolicLink" }.map(\.path)
    let link = try #require(links.first { $0.hasPrefix(#"\GLOBAL??\"#) })
    try exchange(process, #"\\.\"# + link.dropFirst(#"\GLOBAL??\"#.count))
  }

  private static func exchange(_ process: UserProcess, _ path: String) throws {
    let file = try process.open(path)
    let buffer = try #require(UserBuffer(process, count: 64))
    let first = try file.startWrite(from: buffer)
    let second = try file.startRead(into: buffer)
    _ = try first.wait(seconds: 30)
    if try second.wait(seconds: 1) == nil {
      second.cancel()
      _ = try second.wait(seconds: 30)
    }
    try file.close()
  }

  static let races = [
    cancelRace, cancelRace.concurrent, freeRace, lostWakeup, lostWakeup.concurrent, twiceMade,
  ]
  static let samples = [echo, echo.concurrent, frameworkEcho, frameworkEcho.concurrent]

  @Test(arguments: races + samples)
  func `a seed gives the same order each time`(scene: Scene) throws {
    for seed in UInt64(1)...5 {
      let first = try scene.run(seed: seed)
      let second = try scene.run(seed: seed)
      #expect(first.order == second.order)
      #expect(first.trace == second.trace)
      #expect((first.order?.pointCount ?? 0) > 10)
    }
  }

  @Test(arguments: races)
  func `other seeds give other orders`(scene: Scene) throws {
    let digests = try (UInt64(1)...10).map { try scene.run(seed: $0).order?.digest }
    #expect(Set(digests).count > 3)
  }

  @Test(arguments: races)
  func `a race is found in one of 200 orders, and its seed shows it again`(scene: Scene) throws {
    var found: (seed: UInt64, end: Scene.End)?
    for seed in UInt64(1)...200 where found == nil {
      let end = try scene.run(seed: seed, isRepaired: false)
      if end.bugCheck != nil { found = (seed, end) }
    }
    let (seed, end) = try #require(found)
    let again = try scene.run(seed: seed, isRepaired: false)
    #expect(again.bugCheck?.code == end.bugCheck?.code)
    #expect(again.bugCheck?.rule == end.bugCheck?.rule)
    #expect(again.order == end.order)
  }

  @Test(arguments: races)
  func `the repaired driver is clean in 200 orders`(scene: Scene) throws {
    for seed in UInt64(1)...200 {
      let end = try scene.run(seed: seed)
      #expect(end.bugCheck == nil, "seed \(seed): \(end.bugCheck?.message ?? "")")
    }
  }

  @Test(arguments: samples)
  func `a sample is clean in 50 orders`(scene: Scene) throws {
    for seed in UInt64(1)...50 {
      let end = try scene.run(seed: seed)
      #expect(end.bugCheck == nil, "seed \(seed): \(end.bugCheck?.message ?? "")")
    }
  }

  @Test func `threads that wait for one another are a verdict that names what for`() throws {
    var verdict: BugCheck?
    for seed in UInt64(1)...200 where verdict == nil {
      verdict = try Self.lostWakeup.run(seed: seed, isRepaired: false).bugCheck
    }
    #expect(verdict?.code.rawValue == 0x5233_0005)
    #expect(verdict?.rule?.name == "ScheduleDeadlock")
    #expect(verdict?.context.subject?.contains("waits for an event") == true)
    #expect(verdict?.context.causes.isEmpty == false)
  }

  @Test func `waiting without end for an answer that nobody gives is a verdict`() throws {
    var configuration = Configuration()
    configuration.schedule = 1
    let kernel = try Kernel(configuration: configuration)
    try kernel.loadTestDriver("losing")
    let file = try kernel.makeProcess().open(#"\\.\Losing"#)
    let request = try file.startControl(IoControlCode(bits: 0x22_201C))
    #expect(try request.wait(seconds: 3600) == nil)
    let error = #expect(throws: KernelError.self) { _ = try request.wait() }
    #expect(error?.bugCheck?.code.rawValue == 0x5233_0005)
    #expect(error?.bugCheck?.context.subject?.contains("the answer to a request") == true)
  }
}
