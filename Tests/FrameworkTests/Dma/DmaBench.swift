import Hardware
import Machine
import Ring3
import TestSupport
import Testing

@testable import Framework

/// A kernel with the driver `wdf-dma.c`, its device and a block mover.
struct DmaBench {
  let kernel: Kernel
  let process: UserProcess
  let file: File
  let mover: BlockMover
  let root: Device
  /// Handle of the WDFDEVICE that has the enablers.
  let device: UInt64

  init(
    _ mover: BlockMover = BlockMover(), configuration: Configuration = Configuration(),
    registers: Int? = nil
  ) throws {
    self.mover = mover
    kernel = try Kernel(configuration: configuration)
    if let registers { kernel.machine.hardware.limitMapRegisters(to: registers) }
    let bus = try kernel.plug(mover)
    root = try kernel.addDevice(stack: [kernel.loadTestDriver("wdf-dma")])
    process = try kernel.makeProcess("bench.exe")
    file = try process.open(#"\\.\WdfDma"#)
    device = try Self.control(file, 0x801)[0]
    guard case .memory(let start, let byteCount) = bus.resources.list[0] else { return }
    try control(0x800, start, UInt64(byteCount))
  }

  /// A machine whose nonpaged pool lies above 4 GiB.
  static var large: Configuration {
    var configuration = Configuration()
    configuration.memoryByteCount = 6 << 30
    return configuration
  }

  private static func control(_ file: File, _ function: UInt32, _ input: [UInt64] = []) throws
    -> [UInt64]
  {
    let words = input + [UInt64](repeating: 0, count: 32 - input.count)
    let bytes = words.flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) } }
    let code = IoControlCode(bits: 0x22_0000 | function << 2)
    let output = try file.deviceControl(code, input: bytes, outputCount: 256)
    return (0..<32).map { index in
      (0..<8).reduce(0) { $0 | UInt64(output[index * 8 + $1]) << UInt64($1 * 8) }
    }
  }

  @discardableResult
  func control(_ function: UInt32, _ input: UInt64...) throws -> [UInt64] {
    try Self.control(file, function, input)
  }

  /// What the driver fills its pool with.
  static func pattern(_ count: Int, _ seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) + seed) }
  }

  /// Puts bytes at the beginning of the mover's memory.
  func setMemory(_ bytes: [UInt8]) {
    var memory = mover.memory
    memory.replaceSubrange(0..<bytes.count, with: bytes)
    mover.memory = memory
  }

  func memory(_ count: Int) -> [UInt8] { Array(mover.memory[..<count]) }

  /// The callbacks of enablers since the last call, a letter each: see the driver.
  func events() throws -> String {
    let bytes = try control(0x81C).flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) }
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  func status(_ word: UInt64) -> NTStatus { NTStatus(bits: UInt32(truncatingIfNeeded: word)) }

  /// The bug check that a call ends the kernel with; nil for none.
  func bugCheck(_ body: () throws -> Void) -> BugCheck? {
    let error = #expect(throws: KernelError.self) { try body() }
    return error?.bugCheck
  }

  /// Whether a call ends the kernel with WDF_VIOLATION for a wrong state of DMA.
  func isRefused(_ body: () throws -> Void) -> Bool {
    let bugCheck = bugCheck(body)
    return bugCheck?.code.rawValue == 0x10D && bugCheck?.parameter1 == 8
  }
}

/// `WDF_DMA_PROFILE`, `WDF_DMA_DIRECTION`, and what a run of the driver does.
enum Dma {
  static let packet: UInt64 = 1
  static let scatterGather: UInt64 = 2
  static let packet64: UInt64 = 3
  static let scatterGather64: UInt64 = 4
  static let scatterGather64Duplex: UInt64 = 6
  static let read: UInt64 = 0
  static let write: UInt64 = 1

  struct Flags: OptionSet {
    let rawValue: UInt64
    static let moves = Flags(rawValue: 1)
    static let completes = Flags(rawValue: 2)
    static let completesRequest = Flags(rawValue: 4)
    static let releases = Flags(rawValue: 8)
    static let denies = Flags(rawValue: 16)
    static let whole: Flags = [.moves, .completes]
  }

  /// How the driver completes transfers.
  enum Form: UInt64 {
    case full, halves, finalAt, zeroFirst
  }

  static let success = NTStatus.success
  static let infoLengthMismatch = NTStatus(bits: 0xC000_0004)
  static let invalidParameter = NTStatus(bits: 0xC000_000D)
  static let invalidDeviceRequest = NTStatus(bits: 0xC000_0010)
  static let insufficientResources = NTStatus(bits: 0xC000_009A)
  static let busy = NTStatus(bits: 0xC020_0204)
  static let objectAttributesInvalid = NTStatus(bits: 0xC020_0209)
  static let tooFragmented = NTStatus(bits: 0xC020_020A)
  static let parentAssignmentNotAllowed = NTStatus(bits: 0xC020_020F)
  static let tooManyTransfers = NTStatus(bits: 0xC020_0213)
  static let notEnoughMapRegisters = NTStatus(bits: 0xC020_0214)
}

// Enablers and transactions.
extension DmaBench {
  func tryEnabler(
    _ profile: UInt64, _ length: UInt64 = 1 << 16, size: UInt64 = 0, width: UInt64 = 0,
    version: UInt64 = 0, flags: UInt64 = 0, parent: UInt64 = 0, hasEvents: Bool = false
  ) throws -> (status: NTStatus, handle: UInt64) {
    let words = try control(
      0x802, profile, length, size, width, version, flags, parent, hasEvents ? 1 : 0)
    return (status(words[0]), words[1])
  }

  func makeEnabler(
    _ profile: UInt64, _ length: UInt64 = 1 << 16, width: UInt64 = 0, version: UInt64 = 0,
    flags: UInt64 = 0, parent: UInt64 = 0, hasEvents: Bool = false
  ) throws -> UInt64 {
    let (status, handle) = try tryEnabler(
      profile, length, width: width, version: version, flags: flags, parent: parent,
      hasEvents: hasEvents)
    try #require(status == Dma.success)
    return handle
  }

  func makeTransaction(_ enabler: UInt64) throws -> UInt64 {
    let words = try control(0x805, enabler)
    try #require(status(words[0]) == Dma.success)
    return words[1]
  }

  /// Makes the driver's buffer of pool, filled with a pattern.
  func makePool(_ count: Int, index: UInt64 = 0, seed: UInt64 = 0) throws {
    try control(0x810, index, UInt64(count), seed)
  }

  func initialize(
    _ transaction: UInt64, direction: UInt64 = Dma.write, offset: Int = 0, _ length: Int,
    pool: UInt64 = 0, form: UInt64 = 0, chained: UInt64? = nil
  ) throws -> NTStatus {
    let words = try control(
      0x806, transaction, direction, pool, UInt64(bitPattern: Int64(offset)), UInt64(length),
      form, chained.map { $0 + 1 } ?? 0)
    return status(words[0])
  }

  func setRun(
    run index: UInt64 = 0, local: UInt64 = 0, _ flags: Dma.Flags = .whole, _ form: Dma.Form = .full,
    finalAt: UInt64 = 0, finalLength: UInt64 = 0
  ) throws {
    try control(0x80D, index, local, flags.rawValue, form.rawValue, finalAt, finalLength)
  }

  func execute(_ transaction: UInt64, run: UInt64 = 0, level: UInt64 = 0) throws -> NTStatus {
    status(try control(0x807, transaction, run, level)[0])
  }

  func release(_ transaction: UInt64) throws -> NTStatus {
    status(try control(0x809, transaction)[0])
  }

  func complete(_ transaction: UInt64, form: UInt64 = 0, _ length: Int = 0) throws
    -> (isDone: Bool, status: NTStatus)
  {
    let words = try control(0x808, transaction, form, UInt64(length))
    return (words[0] & 0xFF != 0, status(words[1]))
  }

  func delete(_ object: UInt64, level: UInt64 = 0) throws { try control(0x80C, object, level) }

  func query(_ transaction: UInt64) throws -> TransactionFigures {
    TransactionFigures(try control(0x80A, transaction))
  }

  func run(_ index: UInt64 = 0) throws -> RunFigures {
    RunFigures(
      try control(0x80E, index), lengths: try control(0x80E, index, 1),
      lists: try control(0x80E, index, 2))
  }

  /// Moves a part of the pool from the beginning to the end; gives what the driver saw.
  func move(
    _ transaction: UInt64, direction: UInt64 = Dma.write, offset: Int = 0, _ length: Int,
    _ flags: Dma.Flags = .whole, _ form: Dma.Form = .full, finalAt: UInt64 = 0,
    finalLength: UInt64 = 0
  ) throws -> RunFigures {
    try setRun(flags, form, finalAt: finalAt, finalLength: finalLength)
    try #require(
      try initialize(transaction, direction: direction, offset: offset, length) == Dma.success)
    try #require(try execute(transaction) == Dma.success)
    let figures = try run()
    try #require(try release(transaction) == Dma.success)
    return figures
  }

  /// Says what requests to the driver are for.
  func useForRequests(
    _ transaction: UInt64, _ direction: UInt64, run: UInt64 = 0, onlyInitializes: Bool = false
  ) throws {
    try control(0x819, transaction, run, direction, onlyInitializes ? 1 : 0)
  }
}

struct TransactionFigures {
  let transferred: UInt64
  let current: UInt64
  let request: UInt64
  let device: UInt64
  let transferContext: UInt64

  init(_ words: [UInt64]) {
    transferred = words[0]
    current = words[1]
    request = words[2]
    device = words[3]
    transferContext = words[4]
  }
}

/// What the driver's EvtProgramDma saw, and how the transaction ended.
struct RunFigures {
  let calls: Int
  let level: UInt64
  let errors: UInt64
  let elements: Int
  let mostElements: Int
  let bytes: Int
  let highest: UInt64
  let falses: Int
  let trues: Int
  let more: Int
  let status: NTStatus
  let transferred: Int
  let destroyedBefore: UInt64
  /// Bytes and elements of the first transfers.
  let lengths: [Int]
  let lists: [Int]

  init(_ words: [UInt64], lengths: [UInt64], lists: [UInt64]) {
    calls = Int(words[5])
    level = words[6]
    errors = words[7] + words[8]
    elements = Int(words[9])
    mostElements = Int(words[10])
    bytes = Int(words[11])
    highest = words[12]
    falses = Int(words[13])
    trues = Int(words[14])
    more = Int(words[15])
    status = NTStatus(bits: UInt32(truncatingIfNeeded: words[16]))
    transferred = Int(words[17])
    destroyedBefore = words[18]
    self.lengths = lengths.prefix(min(calls, 24)).map { Int($0) }
    self.lists = lists.prefix(min(calls, 24)).map { Int($0) }
  }
}
