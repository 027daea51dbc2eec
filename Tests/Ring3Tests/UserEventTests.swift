import Ring3
import TestSupport
import Testing

/// Events whose handles programs give to drivers.
@Suite struct UserEventTests {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File

  init() throws {
    kernel = try Kernel()
    driver = try kernel.loadTestDriver("userevent")
    process = try kernel.makeProcess()
    file = try process.open(#"\\.\UserEvent"#)
  }

  private func set(_ handle: UInt, kind: UInt8) throws {
    let input = [kind, 0, 0, 0, 0, 0, 0, 0] + (0..<8).map { UInt8(handle >> ($0 * 8) & 0xFF) }
    _ = try file.deviceControl(IoControlCode(bits: 0x22_2000), input: input)
  }

  @Test("a driver sets the event of a program, at once or in a timer's DPC", arguments: [1, 2])
  func setting(kind: UInt8) throws {
    let event = try process.makeEvent()
    #expect(!event.isSet)
    try set(event.handle, kind: kind)
    #expect(try event.wait(seconds: 10))
    #expect(event.isSet)
    try event.reset()
    #expect(try !event.wait(seconds: 0))
  }

  @Test("an event that resets itself ends one wait")
  func resetting() throws {
    let event = try process.makeEvent(resetsItself: true, isSet: true)
    #expect(try event.wait(seconds: 0))
    #expect(try !event.wait(seconds: 0))
    try event.set()
    #expect(event.isSet)
    #expect(try event.wait(seconds: 0))
    #expect(!event.isSet)
  }

  @Test("a handle that is closed, or no event's, is refused")
  func refused() throws {
    let event = try process.makeEvent()
    try event.close()
    #expect(throws: KernelError.self) { try set(event.handle, kind: 1) }
    #expect(!event.isSet)
    let other = try kernel.makeProcess()
    let foreign = try (0..<8).map { _ in try other.makeEvent() }
    // A handle counts in its own process only.
    #expect(throws: KernelError.self) { try set(try #require(foreign.last).handle, kind: 1) }
    #expect(foreign.allSatisfy { !$0.isSet })
  }

  @Test("no event is left when its program has let it go")
  func gone() throws {
    // The system has events of its own.
    let before = eventCount
    do {
      let event = try process.makeEvent()
      try set(event.handle, kind: 1)
      #expect(eventCount == before + 1)
      #expect(event.isSet)
    }
    #expect(eventCount == before)
  }

  private var eventCount: Int { kernel.objects.count { $0.type == "Event" } }
}
