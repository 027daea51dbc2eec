import CRing3
import CRing3TestSupport
import DriverBuild
import Glibc
import Image
import Machine
import Testing

private let bad: UInt64 = 0x1230

/// What the relay calls, and what it notes.
private struct Relay {
  var function: UInt64
  var argument: UInt64
  var second: UInt64 = 0
  var third: UInt64 = 0
  var depth: UInt64 = 0
  var returned: UInt64 = 0
}

private typealias Export = @convention(c) (UnsafeMutableRawPointer) -> UInt64

private func chainLength() -> UInt64 {
  var length: UInt64 = 0
  var frame = r3_current()?.pointee.frames
  while let next = frame {
    length += 1
    frame = next.pointee.previous
  }
  return length
}

/// An export that calls driver code again.
private let relay: Export = { argument in
  let relay = argument.assumingMemoryBound(to: Relay.self)
  relay.pointee.depth = chainLength()
  guard let function = UnsafeRawPointer(bitPattern: UInt(relay.pointee.function)) else { return 0 }
  let result = r3_call3(
    function, relay.pointee.argument, relay.pointee.second, relay.pointee.third)
  relay.pointee.returned += 1
  return result
}

private let readPointer: Export = { test_read($0.assumingMemoryBound(to: UInt64.self)) }

private let raise: Export = { status in
  Machine.current.raise(status: UInt32(truncatingIfNeeded: UInt(bitPattern: status)))
}

private final class Box: Sendable {
  nonisolated(unsafe) var value = 0

  func modify(_ body: (inout Int) -> Void) { body(&value) }
}

private let abandoned = Box()

/// Calls driver code while an access to a class property is open.
private let relayWithAccess: Export = { argument in
  abandoned.modify { value in
    value += 1
    _ = relay(argument)
  }
  return 0
}

@Suite("Exceptions over the host's frames")
struct CrossingTests {
  private let first: TestImage
  private let second: TestImage
  private let test: TestMachine
  private let stubs = Stubs()

  init() throws {
    first = try TestImage.seh(.speed)
    second = try TestImage.seh(.none)
    test = try TestMachine(first, second)
  }

  private func withRelay(
    to name: String, _ argument: UInt64 = bad, second value: UInt64 = 0, third: UInt64 = 0,
    _ body: (UInt64, UnsafeMutablePointer<Relay>) throws -> Void
  ) throws {
    var relay = Relay(
      function: try second.address(name), argument: argument, second: value, third: third)
    try withUnsafeMutablePointer(to: &relay) {
      try body(UInt64(UInt(bitPattern: $0)), $0)
    }
  }

  @Test("A fault of a lower driver is handled in the upper one")
  func stacked() throws {
    let stub = stubs.make(relay)
    try withRelay(to: "touches") { (argument, state) throws in
      #expect(try test.call("callsOut", stub, argument) == 0xC000_0005)
      #expect(try test.call("callsOutTwice", stub, argument) == 123)
      #expect(state.pointee.depth == 1)
      #expect(state.pointee.returned == 0)
    }
  }

  @Test("Termination handlers between run, through several drivers")
  func terminationBetween() throws {
    let stub = stubs.make(relay)
    var trace: UInt64 = 0
    try withUnsafeMutablePointer(to: &trace) { (trace) throws in
      try withRelay(to: "touches") { (inner, _) throws in
        try withRelay(
          to: "finallyAround", stub, second: inner, third: UInt64(UInt(bitPattern: trace))
        ) { (outer, state) throws in
          #expect(try test.call("callsOut", stub, outer) == 0xC000_0005)
          #expect(state.pointee.returned == 0)
        }
      }
    }
    #expect(trace == 7)
  }

  @Test("A handler in the lower driver leaves the upper one alone")
  func handledBelow() throws {
    let stub = stubs.make(relay)
    try withRelay(to: "constantFilter") { (argument, state) throws in
      #expect(try test.call("callsOut", stub, argument) == 0xC000_0005)
      #expect(state.pointee.returned == 1)
    }
  }

  @Test("A fault of the system's code is one of the driver that gave the pointer")
  func hostFault() throws {
    #expect(try test.call("callsOut", stubs.make(readPointer), bad) == 0xC000_0005)
    #expect(try test.call("callsOutTwice", stubs.make(readPointer), bad) == 123)
  }

  @Test("A status that the system raises is handled in the driver that called")
  func raised() throws {
    #expect(try test.call("callsOut", stubs.make(raise), 0xC000_009A) == 0xC000_009A)
    #expect(try test.call("callsOutTwice", stubs.make(raise), 0xC000_009A) == 123)
  }

  @Test("An access that was open in an abandoned frame is closed, one in a living frame stays")
  func accesses() throws {
    let stub = stubs.make(relayWithAccess)
    let living = Box()
    let address = try first.address("callsOut")
    try withRelay(to: "touches") { (argument, _) throws in
      for _ in 0..<100 {
        let result = try test.machine.inside(try test.system()) {
          var result: UInt64 = 0
          living.modify { value in
            value += 1
            if let function = UnsafeRawPointer(bitPattern: UInt(address)) {
              result = r3_call2(function, stub, argument)
            }
          }
          return result
        }
        #expect(result == 0xC000_0005)
        abandoned.value += 1
      }
    }
    #expect(living.value == 100)
    #expect(abandoned.value == 200)
  }
}

/// Import stubs that live as long as the process.
private struct Stubs {
  func make(_ function: Export) -> UInt64 {
    guard
      let page = mmap(
        nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      page != MAP_FAILED
    else { fatalError("no memory for a stub") }
    r3_make_stub(
      page.assumingMemoryBound(to: UInt8.self), unsafeBitCast(function, to: UnsafeRawPointer.self),
      1, 0)
    return UInt64(UInt(bitPattern: page))
  }
}
