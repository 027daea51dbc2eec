import CRing3
import Glibc
import Machine
import NTTypes
import Testing

@testable import Memory

/// A machine with its memory layer, for one test.
///
/// The pools are small, so that they can be filled; the machine goes with the instance. A body that
/// a bug check abandons must not capture the instance, which would never go then.
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

  /// Runs `body` in the kernel, in the system process or another.
  func run<R>(in process: Process? = nil, _ body: @escaping () throws -> R) throws -> R {
    try machine.inside(process ?? machine.systemProcess) { Result { try body() } }.get()
  }

  /// Runs `body` in the kernel, and expects the bug check that it leads to, with that first parameter
  /// where it is to be exact.
  @discardableResult
  func expectBugCheck(
    _ code: UInt32, _ p1: UInt64, in process: Process? = nil, isExact: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping () -> Void
  ) -> BugCheckRecord? {
    #expect(throws: MachineHalted.self, sourceLocation: sourceLocation) {
      try machine.inside(process ?? machine.systemProcess) { body() }
    }
    let record = machine.recordedBugCheck
    #expect(record?.code == code, sourceLocation: sourceLocation)
    if isExact { #expect(record?.parameters.0 == p1, sourceLocation: sourceLocation) }
    return record
  }

  /// What an export raises without a driver to catch it: bug check 0x1E with the status.
  func expectRaise(
    _ status: UInt32, in process: Process? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping () -> Void
  ) {
    expectBugCheck(0x1E, UInt64(status), in: process, sourceLocation: sourceLocation, body)
  }
}

/// The address as a number.
func number(_ pointer: UnsafeMutableRawPointer?) -> UInt { UInt(bitPattern: pointer) }

/// The tag "Test".
let testTag: UInt32 = 0x7473_6554

let insufficientResources: UInt32 = 0xC000_009A
let quotaExceeded: UInt32 = 0xC000_0044

/// A small random number generator that gives the same values each time.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// Runs `body` on `count` host threads at once, with the number of each, and waits for them.
func onThreads(_ count: Int, _ body: @escaping (Int) -> Void) {
  final class Start {
    let number: Int
    let body: (Int) -> Void
    init(_ number: Int, _ body: @escaping (Int) -> Void) {
      self.number = number
      self.body = body
    }
  }
  let threads = (0..<count).map { number in
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(number, body)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.body(start.number)
        return nil
      }, start)
    #expect(status == 0)
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}

/// What `/proc/self/maps` says about an address, as in "rw-s".
func protection(at address: UInt) -> String {
  guard let file = fopen("/proc/self/maps", "r") else { return "" }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 512)
  while fgets(&line, 512, file) != nil {
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let parts = text.split(separator: " ")
    let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    if ends.count == 2, ends[0] <= address, address < ends[1] { return String(parts[1]) }
  }
  return ""
}

extension VerifierClasses {
  /// The standard classes over ordinary pool, without guarded pages.
  static let ordinaryPool = VerifierClasses.unguarded
}
