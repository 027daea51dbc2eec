import Ring3
import TestSupport
import Testing

/// A kernel with the driver `wdf-queues.c`, whose devices, queues and requests do what a test says.
final class QueueBench: Sendable {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let control: File

  init(verifies: Bool = false) throws {
    var configuration = Configuration()
    configuration.verifies = verifies
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.loadTestDriver("wdf-queues")
    process = try kernel.makeProcess()
    control = try process.open(#"\\.\WdfBenchControl"#)
  }

  /// What a device is made with; the numbers are those of the driver.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt64
    static let zeroLength = Flags(rawValue: 1 << 0)
    static let canceledOnQueue = Flags(rawValue: 1 << 1)
    static let inCallerContext = Flags(rawValue: 1 << 2)
    static let files = Flags(rawValue: 1 << 3)
    static let scopeQueue = Flags(rawValue: 1 << 5)
    static let scopeDevice = Flags(rawValue: 1 << 6)
    static let passive = Flags(rawValue: 1 << 7)
    static let exclusive = Flags(rawValue: 1 << 8)
    static let shutdown = Flags(rawValue: 1 << 9)
    static let noQueue = Flags(rawValue: 1 << 10)
    static let createQueue = Flags(rawValue: 1 << 11)
    static let readQueue = Flags(rawValue: 1 << 12)
    static let requestContext = Flags(rawValue: 1 << 13)
    static let defaultHandler = Flags(rawValue: 1 << 14)
    static let dispatch = Flags(rawValue: 1 << 15)
    static let preprocess = Flags(rawValue: 1 << 16)
  }

  enum Plan: UInt64 {
    case complete, keep, keepCancelable, forward, probe, completeTwice, holdMemory, reference
    case unsafe, completeNext, keepReferenced, purgeAndMark
  }

  /// What the driver logs.
  enum Kind: UInt64 {
    case read = 1, write, control, byDefault, byInternal, cancel, canceledOnQueue, stopped, purged
    case ready, create, cleanup, close, requestCleanup, requestDestroy, inCaller, stop, resume
    case shutdown, value, dispatch, preprocess, fileCleanup
  }

  struct Event: Equatable, Sendable, CustomStringConvertible {
    let kind: Kind
    let value: UInt64
    var description: String { "\(kind)(\(value))" }
  }

  enum QueueOperation: UInt64 {
    case start, stop, stopThen, stopAndWait, purge, purgeThen, purgeAndWait, drain, drainThen
    case drainAndWait, stopAndPurge, stopAndPurgeThen, stopAndPurgeAndWait, state, notify
    case notifyNobody, delete, notifyFetching
  }

  enum KeptOperation: UInt64 {
    case complete, unmark, mark, markEx, isCanceled, requeue, forwardToManual, forwardToDefault
    case endUnlessCancelled, forget, completeSet, completeBoosted, completeAtDispatch, fill
    case forwardAtDispatch
  }

  func command(_ number: UInt32, _ arguments: [UInt64]) throws -> [UInt64] {
    let code = IoControlCode(bits: 0x8000_0000 | number << 2)
    var bytes: [UInt8] = []
    for index in 0..<8 {
      let word = index < arguments.count ? arguments[index] : 0
      withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
    return Self.words(try control.deviceControl(code, input: bytes, outputCount: 64))
  }

  static func words(_ bytes: [UInt8]) -> [UInt64] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
    }
  }

  /// A device of the driver: its number, its flags as a device object, and an open file.
  func make(
    io: UInt64 = 2, dispatch: UInt64 = 1, limit: UInt64 = 0, _ flags: Flags = []
  ) throws -> BenchDevice {
    let answer = try command(0x800, [io, dispatch, limit, flags.rawValue])
    return BenchDevice(bench: self, number: answer[0], wdmFlags: answer[1])
  }

  /// What happened since the last look.
  func log() throws -> [Event] {
    let code = IoControlCode(bits: 0x8000_0000 | 0x805 << 2)
    let words = Self.words(try control.deviceControl(code, outputCount: 8192))
    return stride(from: 0, to: words.count - 1, by: 2).compactMap { index in
      Kind(rawValue: words[index]).map { Event(kind: $0, value: words[index + 1]) }
    }
  }

  func log(_ kind: Kind) throws -> [UInt64] { try log().filter { $0.kind == kind }.map(\.value) }
}

/// One device of a ``QueueBench``.
struct BenchDevice: Sendable {
  let bench: QueueBench
  let number: UInt64
  let wdmFlags: UInt64

  func open() throws -> File { try bench.process.open(#"\\.\WdfBench\#(number)"#) }

  func plan(
    _ plan: QueueBench.Plan, status: UInt32 = 0, information: UInt64 = 0, extra: UInt64 = 0
  ) throws {
    _ = try bench.command(0x801, [number, plan.rawValue, UInt64(status), information, extra])
  }

  struct QueueAnswer {
    let state: UInt64
    let waiting: UInt64
    let presented: UInt64
    let status: UInt64
    let mostRunning: UInt64
    let completed: UInt64
    let handle: UInt64
  }

  @discardableResult
  func queue(_ operation: QueueBench.QueueOperation, _ which: UInt64 = 0, context: UInt64 = 0)
    throws -> QueueAnswer
  {
    let words = try bench.command(0x802, [number, operation.rawValue, which, context])
    return QueueAnswer(
      state: words[0], waiting: words[1], presented: words[2], status: words[3],
      mostRunning: words[4], completed: words[5], handle: words[6])
  }

  /// Fetches: the next, by the file of a kept request, or the one behind `argument` others.
  func fetch(_ way: UInt64 = 0, _ which: UInt64 = 0, _ argument: UInt64 = 0) throws -> [UInt64] {
    try bench.command(0x803, [number, way, which, argument])
  }

  @discardableResult
  func kept(
    _ index: UInt64, _ operation: QueueBench.KeptOperation, _ first: UInt64 = 0,
    _ second: UInt64 = 0
  ) throws -> [UInt64] {
    try bench.command(0x804, [number, index, operation.rawValue, first, second])
  }

  func delete() throws { _ = try bench.command(0x806, [number]) }

  /// Sends a control request of the driver's own: status, and where its buffers lie.
  func send(_ code: UInt32, isInternal: Bool = false) throws -> [UInt64] {
    try bench.command(0x808, [number, UInt64(code), isInternal ? 1 : 0])
  }

  func configure(_ test: UInt64) throws -> UInt64 {
    try bench.command(0x807, [number, test])[0]
  }
}
