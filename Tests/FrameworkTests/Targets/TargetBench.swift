import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Ring3
import Synchronization
import TestSupport
import Testing

/// A kernel with `wdf-targets.c`, which sends, and `bench.c`, which receives, each told what to do.
struct TargetBench {
  /// A call that the sending driver makes.
  enum Call: UInt32 {
    case targetCreate = 1, targetOpen, targetOpenExisting, targetClose, targetCloseForQuery
    case targetStart, targetStop, targetPurge, targetState, targetDelete, targetInfo
    case targetReopen, targetProperty, targetLocal, targetSelf, targetOpenType, targetInterface
    case memoryCreate = 20
    case memoryWrite, memoryRead, memoryDelete, memoryReference, memoryDereference
    case requestCreate = 30
    case formatTransfer, formatControl, send, setCompletion, reuse
    case changeTarget, requestDelete, cancelSent, status, params, allocateTimer, complete
    case fromIrp, formatCurrent, formatLocation, formatOthers, setMode, requestReference
    case requestDereference, setInformation, newIrp
    case syncTransfer = 60
    case syncControl, syncOthers
    case log = 70
    case deviceDelete, deviceMake, soak, raise, mustComplete
  }

  /// What happened in the sending driver.
  enum Event: UInt64 {
    case completed = 1
    case memoryCleanup, memoryDestroy, requestCleanup, requestDestroy
    case targetCleanup, targetDestroy, queryRemove, removeCanceled, removeComplete, params
    case irql, selfQueue
  }

  struct Entry: Equatable {
    let event: Event
    let slot: UInt64
    let value: UInt64

    var status: NTStatus { NTStatus(bits: UInt32(truncatingIfNeeded: value)) }
  }

  /// What the completion routine does.
  enum Done: Int { case log, reuse, delete, completeSubject, reuseComplete, completeOwn }
  /// What becomes of a request that comes to a device of the driver.
  enum Mode: Int { case keep, forget, currentForget, current, currentSync, own, queue }
  /// What the receiving driver does.
  enum Action: UInt64 { case complete, keep }

  static let none = -1
  /// The slot of the request that came to the driver, and of its memory.
  static let subject = 15
  static let driverTag: UInt32 = 0x676E_7246

  let kernel: Kernel
  let lowerDriver: Driver
  let driver: Driver
  let process: UserProcess
  let file: File
  let lower: File

  init(_ configuration: Configuration = Configuration()) throws {
    kernel = try Kernel(configuration: configuration)
    lowerDriver = try kernel.loadTestDriver("bench")
    driver = try kernel.loadTestDriver("wdf-targets")
    process = try kernel.makeProcess("subject.exe")
    file = try process.open(#"\Device\Targets"#)
    lower = try kernel.makeProcess("tool.exe").open(#"\Device\Bench"#)
    // What is asked of a new device behind its back would count in figures of pool.
    try kernel.settleDevices()
  }

  /// With target 0 open on a device of the receiving driver.
  init(opening device: String, _ configuration: Configuration = Configuration()) throws {
    try self.init(configuration)
    try open(0, device)
  }

  /// A clock that stands still but for ``advance(milliseconds:)``.
  static func manual(opening device: String = "Bench") throws -> TargetBench {
    var configuration = Configuration()
    configuration.usesManualClock = true
    return try TargetBench(opening: device, configuration)
  }

  /// The framework's verifier looks.
  static func checked(opening device: String = "Bench") throws -> TargetBench {
    var configuration = Configuration()
    configuration.verifies = true
    configuration.keepsGoing = true
    return try TargetBench(opening: device, configuration)
  }

  func advance(milliseconds: UInt64) throws {
    try kernel.machine.advanceTime(by: milliseconds * 10_000)
  }

  // MARK: The sending driver

  private static func code(_ call: Call) -> IoControlCode {
    IoControlCode(bits: 0x22_0000 | call.rawValue << 2)
  }

  /// Has the driver make a call; gives what it returned and what else came out.
  @discardableResult
  func raw(_ call: Call, _ words: [UInt64], tail: [UInt8] = []) throws -> [UInt64] {
    let input = words.flatMap(bytes) + tail
    let answer = try file.deviceControl(Self.code(call), input: input, outputCount: 256)
    return numbers(answer)
  }

  @discardableResult
  func call(_ call: Call, _ arguments: Int...) throws -> NTStatus {
    status(try raw(call, arguments.map { UInt64(bitPattern: Int64($0)) }))
  }

  /// The words behind the status.
  @discardableResult
  func ask(_ call: Call, _ arguments: Int...) throws -> [UInt64] {
    Array(try raw(call, arguments.map { UInt64(bitPattern: Int64($0)) }).dropFirst())
  }

  func status(_ words: [UInt64]) -> NTStatus {
    NTStatus(bits: UInt32(truncatingIfNeeded: words.first ?? 0xFFFF_FFFF))
  }

  /// Creates target `slot` and opens it on a device of the receiving driver.
  func open(_ slot: Int, _ device: String) throws {
    #expect(try call(.targetCreate, slot) == .success)
    #expect(try openByName(slot, #"\Device\"# + device) == .success)
  }

  @discardableResult
  func openByName(_ slot: Int, _ path: String, callbacks: Bool = false, size: Int = 0) throws
    -> NTStatus
  {
    let name = path.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let words = [UInt64(slot), callbacks ? 1 : 0, UInt64(size), UInt64(name.count)]
    return status(try raw(.targetOpen, words, tail: name))
  }

  /// What happened since the last time.
  var log: [Entry] {
    get throws {
      numbers(try file.deviceControl(Self.code(.log), outputCount: 8192)).compactMap { word in
        Event(rawValue: word >> 56).map {
          Entry(event: $0, slot: word >> 48 & 0xFF, value: word & 0xFFFF_FFFF_FFFF)
        }
      }
    }
  }

  /// Statuses with which completion routines were called since the last time, by slot.
  var completions: [(slot: UInt64, status: NTStatus)] {
    get throws { try log.filter { $0.event == .completed }.map { ($0.slot, $0.status) } }
  }

  @discardableResult
  func memory(_ slot: Int, _ contents: [UInt8], preallocated: Bool = false) throws -> UInt64 {
    let made = try raw(
      .memoryCreate, [UInt64(slot), UInt64(contents.count), preallocated ? 1 : 0])
    #expect(status(made) == .success)
    var start = 0
    while start < contents.count {
      let part = Array(contents[start..<min(start + 256, contents.count)])
      let words = [UInt64(slot), UInt64(start), UInt64(part.count)]
      #expect(status(try raw(.memoryWrite, words, tail: part)) == .success)
      start += part.count
    }
    return made[1]
  }

  func contents(_ slot: Int, _ count: Int, at offset: Int = 0) throws -> [UInt8] {
    Array(
      try ask(.memoryRead, slot, offset, count).flatMap(bytes).first(count))
  }

  @discardableResult
  func formatRead(
    _ request: Int, _ memory: Int, offset: Int = none, length: Int = 0, at: Int = none
  )
    throws -> NTStatus
  {
    try call(.formatTransfer, request, 0, 0, memory, offset, length, at)
  }

  @discardableResult
  func formatWrite(
    _ request: Int, _ memory: Int, offset: Int = none, length: Int = 0, at: Int = none
  ) throws -> NTStatus {
    try call(.formatTransfer, request, 0, 1, memory, offset, length, at)
  }

  @discardableResult
  func formatControl(
    _ request: Int, method: Int, input: Int, output: Int, isInternal: Bool = false
  ) throws -> NTStatus {
    try call(
      .formatControl, request, 0, Self.control(method), isInternal ? 1 : 0, input, Self.none, 0,
      output, Self.none, 0)
  }

  /// A control code of a subject, with a transfer method.
  static func control(_ method: Int) -> Int { 0x8000_0000 | 0x900 << 2 | method }

  /// Sends; gives what WdfRequestSend returned and the status of a request that was not sent, or
  /// was waited for.
  @discardableResult
  func send(
    _ request: Int, to target: Int = 0, flags: Int = none, timeout: Int = 0, size: Int = 0
  ) throws -> (wasSent: Bool, status: NTStatus) {
    let answer = try ask(.send, request, target, flags, timeout, size)
    return (answer[0] != 0, NTStatus(bits: UInt32(truncatingIfNeeded: answer[1])))
  }

  /// A request for target 0 with a completion routine that is told what to do.
  func request(_ slot: Int, _ done: Done = .log) throws {
    #expect(try call(.requestCreate, slot, 0) == .success)
    try call(.setCompletion, slot, done.rawValue)
  }

  @discardableResult
  func reuse(_ slot: Int, _ status: NTStatus = .success) throws -> NTStatus {
    try call(.reuse, slot, 0, Int(status.bits))
  }

  func state(_ target: Int = 0) throws -> UInt64 { try ask(.targetState, target)[0] }

  // MARK: The receiving driver

  static func plain(_ function: UInt32) -> IoControlCode {
    IoControlCode(bits: 0x8000_0000 | function << 2)
  }

  /// What it does with the next requests.
  func plan(
    _ action: Action = .complete, status: NTStatus = .success, information: Int = 0, fill: Int = 0,
    byte: UInt8 = 0xD7, cancelable: Bool = false
  ) throws {
    let words = [
      action.rawValue, UInt64(status.bits), UInt64(information), UInt64(fill), UInt64(byte),
      cancelable ? 1 : 0,
    ]
    _ = try lower.deviceControl(Self.plain(0x801), input: words.flatMap(bytes))
  }

  /// Completes the oldest request that it kept.
  func finish(
    status: NTStatus = .success, information: Int = 0, fill: Int = 0, byte: UInt8 = 0xC3,
    level: Int = 0
  ) throws(KernelError) {
    let words = [
      UInt64(status.bits), UInt64(information), UInt64(fill), UInt64(byte), UInt64(level), 0,
    ]
    _ = try lower.deviceControl(Self.plain(0x803), input: words.flatMap(bytes))
  }

  /// Contents of the buffer of the oldest request that it kept.
  func peek(_ count: Int) throws -> [UInt8] {
    try lower.deviceControl(Self.plain(0x804), outputCount: count)
  }

  /// What the last request looked like to it.
  var seen: SeenRequest {
    get throws {
      SeenRequest(words: numbers(try lower.deviceControl(Self.plain(0x802), outputCount: 34 * 8)))
    }
  }

}

/// What a request looked like to the receiving driver.
struct SeenRequest {
  let words: [UInt64]

  var count: UInt64 { words[0] }
  var major: UInt64 { words[1] }
  var code: UInt64 { words[2] }
  var systemBuffer: UInt64 { words[3] }
  var mdl: UInt64 { words[4] }
  var mdlFlags: UInt64 { words[5] }
  var mdlByteCount: UInt64 { words[6] }
  var userBuffer: UInt64 { words[7] }
  var type3: UInt64 { words[8] }
  var length: UInt64 { words[9] }
  var inputLength: UInt64 { words[10] }
  var irp: UInt64 { words[16] }
  var offset: UInt64 { words[20] }
  var file: UInt64 { words[21] }
  var filterCount: UInt64 { words[24] }
  var bytes: [UInt8] { words[26...].flatMap(FrameworkTests.bytes) }
}

func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(value >> ($0 * 8) & 0xFF) } }

func numbers(_ bytes: [UInt8]) -> [UInt64] {
  stride(from: 0, to: bytes.count - 7, by: 8).map { start in
    (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << ($1 * 8) }
  }
}

extension Array {
  /// The first elements, as an array.
  func first(_ count: Int) -> [Element] { Array(self[..<Swift.min(count, self.count)]) }
}

func fill(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

func pattern(_ count: Int, from start: UInt8 = 1) -> [UInt8] {
  (0..<count).map { start &+ UInt8(truncatingIfNeeded: $0) }
}

/// Checks that `body` ends the kernel with WDF_VIOLATION and these first parameters.
func expectViolation(
  _ parameters: UInt64..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) throws {
  let error = #expect(throws: KernelError.self, sourceLocation: sourceLocation) { try body() }
  let bugCheck = try #require(error?.bugCheck, sourceLocation: sourceLocation)
  #expect(bugCheck.code.rawValue == 0x10D, sourceLocation: sourceLocation)
  #expect(
    Array(bugCheck.parameters.first(parameters.count)) == parameters,
    sourceLocation: sourceLocation)
}

/// A thread of the host's own, to be joined.
final class HostTask: @unchecked Sendable {
  private var handle = pthread_t()
  private let body: () -> Void

  init(_ body: @escaping () -> Void) {
    self.body = body
    let argument = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<HostTask>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, argument)
  }

  func join() { pthread_join(handle, nil) }
}

/// A call of the sending driver that waits, on a thread of its own.
final class WaitingCall: @unchecked Sendable {
  private let done = Atomic<Bool>(false)
  private var answer: [UInt64] = []
  private var task: HostTask?

  init(_ bench: TargetBench, _ call: TargetBench.Call, _ arguments: [Int]) {
    let words = arguments.map { UInt64(bitPattern: Int64($0)) }
    task = HostTask { [self] in
      answer = (try? bench.raw(call, words)) ?? []
      done.store(true, ordering: .releasing)
    }
  }

  var isFinished: Bool { done.load(ordering: .acquiring) }

  /// What the call gave, once it is back.
  func wait() -> [UInt64] {
    task?.join()
    task = nil
    return answer
  }
}
