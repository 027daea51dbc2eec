import CRing3
import Machine
import Memory
import Testing

/// A machine with its memory layer, for one test.
///
/// The pools are small, so that they can be filled; the machine goes with the instance.
final class PoolMachine {
  let machine: Machine

  init(_ change: (inout MachineConfiguration) -> Void = { _ in }) throws {
    var configuration = MachineConfiguration()
    configuration.memoryByteCount = 32 << 20
    configuration.nonpagedPoolByteCount = 8 << 20
    configuration.executablePoolByteCount = 1 << 20
    configuration.pagedPoolByteCount = 4 << 20
    change(&configuration)
    machine = try Machine.make(configuration)
    try Memory.install(in: machine)
  }

  deinit { machine.destroy() }

  var pool: Pool { machine.pool }

  /// Runs `body` in the kernel, in the system process.
  func run<R>(_ body: @escaping () throws -> R) throws -> R {
    try machine.inside(machine.systemProcess) { Result { try body() } }.get()
  }

  /// Runs `body` in the kernel, and expects the bug check that it leads to.
  func expectBugCheck(
    _ code: UInt32, _ p1: UInt64, in process: Process? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping () -> Void
  ) -> BugCheckRecord? {
    #expect(throws: MachineHalted.self, sourceLocation: sourceLocation) {
      try machine.inside(process ?? machine.systemProcess) { body() }
    }
    let record = machine.recordedBugCheck
    #expect(record?.code == code, sourceLocation: sourceLocation)
    #expect(record?.parameters.0 == p1, sourceLocation: sourceLocation)
    return record
  }
}

/// The address as a number.
func number(_ pointer: UnsafeMutableRawPointer?) -> UInt { UInt(bitPattern: pointer) }

/// The tag "Test".
let testTag: UInt32 = 0x7473_6554
