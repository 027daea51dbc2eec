import CDriverKit
import CRing3
import Glibc
import Machine
import MachineTestSupport
import Testing

/// A machine for one test, and memory as a driver has it.
final class TestMachine: @unchecked Sendable {
  let machine: Machine
  private var memory: [UnsafeMutableRawPointer] = []

  init(_ change: (inout MachineConfiguration) -> Void = { _ in }) throws {
    var configuration = MachineConfiguration()
    configuration.memoryByteCount = 32 << 20
    configuration.nonpagedPoolByteCount = 4 << 20
    configuration.executablePoolByteCount = 1 << 20
    configuration.pagedPoolByteCount = 4 << 20
    configuration.raisedLevelSeconds = 60
    change(&configuration)
    machine = try Machine.make(configuration)
    machine.state.pointee.hooks.isDriverAddress = { test_is_driver($0) }
  }

  deinit {
    machine.destroy()
    for block in memory { free(block) }
  }

  /// Zeroed memory of a type of the driver kit, for as long as the machine.
  func make<T>(_ type: T.Type = T.self, count: Int = 1) -> UnsafeMutablePointer<T> {
    let block = calloc(count, MemoryLayout<T>.stride)!
    memory.append(block)
    return block.bindMemory(to: T.self, capacity: count)
  }

  func makeLog() -> UnsafeMutablePointer<TestLog> { make(TestLog.self) }

  func makeEvent(_ kind: Event.Kind, isSet: Bool = false) -> Event {
    let event = Event(make(KEVENT.self))
    event.initialize(kind, isSet: isSet)
    return event
  }

  /// Runs `body` in the kernel, in the system process.
  func run<R>(_ body: () -> R) throws -> R { try machine.inside(machine.systemProcess, body) }

  /// Runs `body`, which is to end the machine, and returns the bug check.
  func bugCheck(_ body: () -> Void) throws -> BugCheckRecord {
    #expect(throws: MachineHalted.self) { try machine.inside(machine.systemProcess, body) }
    return try #require(machine.recordedBugCheck)
  }

  /// Starts a host thread that runs `body` in the kernel.
  func start(_ body: @escaping () -> Void) -> HostTask {
    HostTask { [machine] in _ = try? machine.inside(machine.systemProcess, body) }
  }
}

/// A host thread of a test.
final class HostTask: @unchecked Sendable {
  private var handle: pthread_t = 0
  private var isJoined = false

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  init(_ body: @escaping () -> Void) {
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    let code = pthread_create(
      &handle, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, argument)
    precondition(code == 0)
  }

  func join() {
    pthread_join(handle, nil)
    isJoined = true
  }
}

extension UnsafeMutablePointer where Pointee == TestLog {
  var count: Int { Int(r3_load32(self)) }

  var entries: [UInt64] {
    withUnsafeBytes(of: &pointee.entries) { bytes in
      Array(bytes.bindMemory(to: UInt64.self).prefix(count))
    }
  }

  func add(_ value: UInt64) { test_log_add(self, value) }
}

/// Looks again and again until `condition` holds; for what another host thread is about to do.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<20_000 {
    if condition() { return true }
    usleep(500)
  }
  return false
}

func routine(_ address: UnsafeRawPointer) -> UnsafeMutableRawPointer {
  UnsafeMutableRawPointer(mutating: address)
}
