import Ring3
import TestSupport
import Testing

/// A kernel with the driver `bench.c`, a program that sends the requests to be tested, and one that
/// tells the driver what to do.
struct Bench {
  /// What the driver does with the next requests.
  enum Action: UInt64 {
    case complete, keep, completeAndPend, markAndSucceed, twice, withCancelRoutine, forget
    case completePending, freePool, markCompletePend, keepUnmarked, freeTwice
  }

  struct Options: OptionSet {
    let rawValue: UInt64
    static let cancelable = Options(rawValue: 1)
    static let fillSystemBuffer = Options(rawValue: 2)
    static let touchUser = Options(rawValue: 4)
    static let invert = Options(rawValue: 8)
  }

  /// What the filter does with each request.
  enum Filter: UInt64 {
    case skip, copy, propagate, forgetPending, hold
  }

  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File
  let tool: File

  init(_ configuration: Configuration = Configuration(), device: String = "Bench") throws {
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.loadTestDriver("bench")
    process = try kernel.makeProcess("subject.exe")
    tool = try kernel.makeProcess("tool.exe").open(#"\Device\Bench"#)
    file = try process.open(#"\Device\"# + device)
  }

  /// A kernel that checks what Driver Verifier checks.
  static func checked(device: String = "Bench") throws -> Bench {
    var configuration = Configuration()
    configuration.verifies = true
    return try Bench(configuration, device: device)
  }

  // MARK: Telling the driver

  static func code(_ function: UInt32, _ method: UInt32 = 0, access: UInt32 = 0) -> IoControlCode {
    IoControlCode(bits: 0x8000_0000 | access << 14 | function << 2 | method)
  }

  /// A code that the driver has no meaning for: a subject.
  static func subject(_ method: UInt32, access: UInt32 = 0) -> IoControlCode {
    code(0x900, method, access: access)
  }

  func plan(
    _ action: Action = .complete, status: NTStatus = .success, information: UInt64 = 0,
    fill: Int = 0, byte: UInt8 = 0xD7, options: Options = []
  ) throws {
    _ = try tool.deviceControl(
      Self.code(0x801),
      input: words(
        action.rawValue, UInt64(status.bits), information, UInt64(fill), UInt64(byte),
        options.rawValue))
  }

  /// Completes the oldest kept request, in the thread of the caller and the tool's process.
  func complete(
    status: NTStatus = .success, information: UInt64 = 0, fill: Int = 0, byte: UInt8 = 0xC3,
    level: UInt64 = 0, options: Options = []
  ) throws {
    _ = try tool.deviceControl(
      Self.code(0x803),
      input: words(
        UInt64(status.bits), information, UInt64(fill), UInt64(byte), level, options.rawValue))
  }

  /// Contents of the buffer of the oldest kept request.
  func peek(_ count: Int) throws -> [UInt8] {
    try tool.deviceControl(Self.code(0x804), outputCount: count)
  }

  func poke(_ bytes: [UInt8]) throws { _ = try tool.deviceControl(Self.code(0x805), input: bytes) }

  /// Puts a filter on the device of `file`.
  func attach(_ filter: Filter, flags: UInt64 = 0, copiesFlags: Bool = true, to file: File) throws {
    _ = try file.deviceControl(
      Self.code(0x806), input: words(filter.rawValue, flags, copiesFlags ? 1 : 0))
  }

  /// Goes on with the request that a holding filter has.
  func releaseHeld(_ file: File) throws { _ = try file.deviceControl(Self.code(0x8FF)) }

  /// What happened, in order: kinds and values.
  var log: [(kind: UInt64, value: UInt64)] {
    get throws {
      numbers(try tool.deviceControl(Self.code(0x807), outputCount: 4096)).map {
        ($0 >> 48, $0 & 0xFFFF_FFFF_FFFF)
      }
    }
  }

  /// Makes a device; gives its first flags, stack size, alignment, and whether its extension was zero.
  @discardableResult
  func makeDevice(
    _ path: String, flags: UInt64 = 4, characteristics: UInt64 = 0, isExclusive: Bool = false,
    isInitialized: Bool = true
  ) throws -> [UInt64] {
    let name = path.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let input = words(flags, characteristics, isExclusive ? 1 : 0, isInitialized ? 1 : 0) + name
    return numbers(
      try tool.deviceControl(Self.code(0x808), input: input, outputCount: max(32, input.count)))
  }

  var seen: Seen {
    get throws {
      Seen(words: numbers(try tool.deviceControl(Self.code(0x802), outputCount: 34 * 8)))
    }
  }

  /// Memory of the program, filled with a pattern.
  func buffer(_ count: Int, filledWith byte: UInt8 = 0x11) throws -> UserBuffer {
    let buffer = try #require(UserBuffer(process, count: count))
    buffer.store([UInt8](repeating: byte, count: count))
    return buffer
  }
}

/// What the last request looked like to the driver.
struct Seen {
  let words: [UInt64]

  /// Requests so far.
  var count: UInt64 { words[0] }
  var major: UInt64 { words[1] }
  var code: UInt64 { words[2] }
  var systemBuffer: UInt64 { words[3] }
  var mdl: UInt64 { words[4] }
  var mdlFlags: UInt64 { words[5] }
  var mdlByteCount: UInt64 { words[6] }
  var userBuffer: UInt64 { words[7] }
  var type3: UInt64 { words[8] }
  /// Of a read or write; of a control request the length of the output.
  var length: UInt64 { words[9] }
  var inputLength: UInt64 { words[10] }
  var flags: UInt64 { words[11] }
  var mode: UInt64 { words[12] }
  var irql: UInt64 { words[13] }
  var thread: UInt64 { words[14] }
  var process: UInt64 { words[15] }
  var irp: UInt64 { words[16] }
  var stackCount: UInt64 { words[17] }
  var location: UInt64 { words[18] }
  var offset: UInt64 { words[20] }
  var file: UInt64 { words[21] }
  var filterBuffer: UInt64 { words[22] }
  var filterUser: UInt64 { words[23] }
  var filterCount: UInt64 { words[24] }
  /// The first 64 bytes of the system buffer, as far as the caller gave them.
  var bytes: [UInt8] {
    words[26...].flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) } }
  }
}

func words(_ values: UInt64...) -> [UInt8] {
  values.flatMap { value in (0..<8).map { UInt8(value >> ($0 * 8) & 0xFF) } }
}

func numbers(_ bytes: [UInt8]) -> [UInt64] {
  stride(from: 0, to: bytes.count - 7, by: 8).map { start in
    (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << ($1 * 8) }
  }
}

/// Runs `body` on a thread of its own and waits for it.
func onOtherThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
  let result = ThreadResult<R>()
  let thread = HostThread { result.value = Result { try body() } }
  thread.join()
  return try #require(result.value).get()
}

final class ThreadResult<R>: @unchecked Sendable {
  var value: Result<R, any Error>?
}
