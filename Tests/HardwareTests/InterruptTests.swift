import Hardware
import NTTypes
import Ring3
import TestSupport
import Testing

@Suite("Interrupts")
struct InterruptTests {
  /// Connects a line of the driver: kind 0 IoConnectInterrupt, 1 fully specified, 2 line, 3 messages.
  @discardableResult
  private func connect(
    _ bench: HardwareBench, _ line: UInt64 = 0, kind: UInt64 = 0, hasStatus: Bool = true,
    claims: Bool = false, isShared: Bool = true
  ) throws -> [UInt64] {
    let interrupt = bench.bus.resources.interrupts[0]
    return try bench.control(
      0x80D, line, kind, UInt64(interrupt.vector), UInt64(interrupt.irql), hasStatus ? 1 : 0,
      claims ? 1 : 0, isShared ? 1 : 0)
  }

  @Test(
    "A service routine runs at the level of its vector and its DPC at 2", arguments: [UInt64](0...2)
  )
  func service(kind: UInt64) throws {
    let bench = try HardwareBench()
    try connect(bench, kind: kind)
    let words = try bench.control(0x810, 0)
    #expect(words[..<2] == [1, 1])
    let irql = UInt64(bench.bus.resources.interrupts[0].irql)
    #expect(try bench.control(0x80F, 0)[..<4] == [1, irql, 1, 2])
    try bench.control(0x80E, 0)
    #expect(throws: Never.self) { try bench.driver.unload() }
  }

  @Test(
    "4.2: a service routine that returns at another level is 0xC4/0x111", arguments: [UInt64](1...2)
  )
  func changedLevel(answer: UInt64) throws {
    var configuration = Configuration()
    configuration.verifier = .ddiCompliance
    let bench = try HardwareBench(configuration: configuration)
    let interrupt = bench.bus.resources.interrupts[0]
    let level = UInt64(interrupt.irql)
    try bench.control(0x80D, 0, 0, UInt64(interrupt.vector), level, 0, answer, 1)
    // Without its register the routine cannot quiet the device, which is a storm.
    let isStorm = answer == 1
    let error = #expect(throws: KernelError.self) { try bench.control(0x810, 0) }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.rule?.name == (isStorm ? nil : "InterruptChangedLevel"))
    if !isStorm { #expect(bugCheck.parameters[2...] == [level, 15]) }
  }

  @Test("At DISPATCH_LEVEL the service routine interrupts, and the DPC waits")
  func atDispatch() throws {
    let bench = try HardwareBench()
    try connect(bench)
    let words = try bench.control(0x810, 2)
    #expect(words[..<4] == [1, 0, 1, 1])
  }

  @Test("A line has the fallback routine of a driver that wants messages")
  func fallback() throws {
    let bench = try HardwareBench()
    #expect(try connect(bench, kind: 3)[0] == 2, "CONNECT_LINE_BASED")
    #expect(try bench.control(0x810, 0)[0] == 1)
    try bench.control(0x80E, 0)
  }

  @Test("Messages go to the message routine with their number")
  func messages() throws {
    let bench = try HardwareBench(BlockMover(interrupt: .messages(3)))
    #expect(try connect(bench, kind: 3)[..<2] == [3, 3])
    bench.bus.signal(message: 2)
    #expect(try bench.control(0x80F, 0)[4] == 0b100)
    bench.bus.signal(message: 0)
    #expect(try bench.control(0x80F, 0)[4] == 0b101)
    bench.bus.signal(message: 3)
    try bench.control(0x80E, 0)
    bench.bus.signal(message: 1)
    #expect(try bench.control(0x80F, 0)[4] == 0b101)
  }

  @Test("KeSynchronizeExecution keeps the service routine out", arguments: [UInt64](0...1))
  func synchronized(usesLock: UInt64) throws {
    let bench = try HardwareBench()
    try connect(bench)
    let words = try bench.control(0x811, 0, usesLock)
    let irql = UInt64(bench.bus.resources.interrupts[0].irql)
    // The answer, the level, calls inside, calls after, and the level after.
    #expect(words[..<5] == [1, irql, 0, 1, 0])
  }

  @Test("Routines of a shared line are asked in turn until one claims")
  func shared() throws {
    let bench = try HardwareBench()
    try connect(bench, 1, hasStatus: false, claims: false)
    try connect(bench, 0)
    try connect(bench, 2, hasStatus: false, claims: true)
    try bench.control(0x810, 0)
    #expect(try bench.control(0x80F, 1)[0] == 1)
    #expect(try bench.control(0x80F, 0)[0] == 1)
    #expect(try bench.control(0x80F, 2)[0] == 0)
  }

  @Test("A line that is not shared has one routine")
  func exclusive() throws {
    let bench = try HardwareBench()
    try connect(bench, 0, isShared: false)
    let error = #expect(throws: KernelError.self) { try connect(bench, 1) }
    #expect(error?.status == .invalidParameter)
  }

  @Test("A level that nobody takes back is bug check 0xF2", arguments: [true, false])
  func storm(claims: Bool) throws {
    let bench = try HardwareBench()
    try connect(bench, hasStatus: false, claims: claims)
    let error = #expect(throws: KernelError.self) { try bench.control(0x810, 0) }
    #expect(error?.bugCheck?.code == BugCheckCode(0xF2))
    #expect(error?.bugCheck?.description.contains("HARDWARE_INTERRUPT_STORM") == true)
  }

  @Test("A level that is asserted before a routine is there comes when it is")
  func early() throws {
    let bench = try HardwareBench()
    try bench.control(0x810, 0)
    let vector = bench.bus.resources.interrupts[0].vector
    #expect(bench.kernel.machine.hardware.figures(ofVector: vector)?.isAsserted == true)
    try connect(bench)
    #expect(try bench.control(0x80F, 0)[0] == 1)
    #expect(bench.kernel.machine.hardware.figures(ofVector: vector)?.isAsserted == false)
  }

  @Test("A routine that is inactive is not asked until it is active again")
  func inactive() throws {
    let bench = try HardwareBench()
    try connect(bench, kind: 2)
    try bench.control(0x816, 0, 0)
    try bench.control(0x810, 0)
    #expect(try bench.control(0x80F, 0)[0] == 0)
    try bench.control(0x816, 0, 1)
    #expect(try bench.control(0x80F, 0)[0] == 1)
  }

  @Test("A device interrupts from a thread of its own")
  func outside() throws {
    let bench = try HardwareBench(BlockMover(interrupt: .messages(1)))
    try connect(bench, kind: 3)
    for _ in 0..<100 { bench.bus.signal() }
    #expect(try bench.control(0x80F, 0)[0] == 100)
  }

  @Test("A vector that no device has is refused")
  func unknownVector() throws {
    let bench = try HardwareBench()
    let error = #expect(throws: KernelError.self) {
      try bench.control(0x80D, 0, 0, 0x31, 3, 0, 0, 1)
    }
    #expect(error?.status == .invalidParameter)
  }
}
