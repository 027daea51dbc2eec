import Machine
import Memory
import Testing

/// A small machine with one user process.
final class TestMachine {
  /// A tag for blocks: `Test`.
  static let tag: UInt32 = 0x7473_6554

  let machine: Machine
  let process: Process
  private var isDestroyed = false

  init(verifies: Bool = false) throws {
    var configuration = MachineConfiguration()
    configuration.memoryByteCount = 64 << 20
    configuration.nonpagedPoolByteCount = 4 << 20
    configuration.executablePoolByteCount = 1 << 20
    configuration.pagedPoolByteCount = 4 << 20
    configuration.verifies = verifies
    let machine = try Machine.make(configuration)
    let process: Process
    do {
      try Memory.install(in: machine)
      process = try machine.makeProcess("test")
    } catch {
      machine.destroy()
      throw error
    }
    self.machine = machine
    self.process = process
  }

  deinit { if !isDestroyed { machine.destroy() } }

  /// Runs `body` in the kernel.
  func inside<R>(_ body: @escaping () throws -> R) throws -> R {
    try machine.inside(process) { Result { try body() } }.get()
  }

  /// Runs `body`, which has to end in a bug check; gives its code and parameters, and ends the machine.
  func bugCheck(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping () throws -> Void
  ) throws -> [UInt64] {
    do {
      _ = try machine.inside(process) { try? body() }
      Issue.record("no bug check", sourceLocation: sourceLocation)
      return [0, 0, 0, 0, 0]
    } catch {
      let record = try #require(machine.recordedBugCheck, sourceLocation: sourceLocation)
      let p = record.parameters
      // The abandoned closure may keep this object for ever.
      machine.destroy()
      isDestroyed = true
      return [UInt64(record.code), p.0, p.1, p.2, p.3]
    }
  }

  /// Commits user pages; they are not resident yet.
  func commit(_ pages: Int, _ protection: PageProtection = .readWrite) throws -> UInt {
    try #require(process.commit(pages << 12, protection))
  }

  /// Fills user memory with a pattern that depends on the address.
  func fill(_ address: UInt, _ count: Int, seed: UInt8 = 7) -> [UInt8] {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) &+ seed }
    let isDone = bytes.withUnsafeBytes {
      process.copyOut(to: address, count, from: $0.baseAddress.unsafelyUnwrapped)
    }
    #expect(isDone)
    return bytes
  }

  /// The bytes of user memory.
  func bytes(_ address: UInt, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let isDone = bytes.withUnsafeMutableBytes {
      process.copyIn(from: address, count, to: $0.baseAddress.unsafelyUnwrapped)
    }
    #expect(isDone)
    return bytes
  }
}
