// A serial port at work: its tty, what was received, and the requests that wait.
import Ring3

/// What a port knows; behind a lock.
struct SerialState: ~Copyable {
  var settings = SerialSettings()
  var decoder = InputDecoder()
  var input = InputQueue()
  /// Bytes that the input holds before the tty has to.
  var queueSize = 4096
  /// The read that waits, and when it ends; a value of one that was cancelled stays until the next.
  var read: PendedRequest?
  /// The number of the transfer that `read` is of: of one that was cancelled, while the next one begins.
  var keptRead = 0
  var readTerms: ReadTerms?
  /// The write that waits for room, and how far it has come.
  var write: PendedRequest?
  var writeTerms: WriteTerms?
  /// Counts reads and writes that began: one that was cancelled must not take the next one's place.
  var transferCount = 0
  var writeNumber = 0
  /// The events that a program waits for, and those that happened.
  var waitMask: SerialEvents = []
  var events: SerialEvents = []
  /// The SERIAL_ERROR bits since they were asked for.
  var errors = 0 as UInt32
  var stats = SerialStats()
  /// DTR 1 and RTS 2, of a tty without modem lines.
  var outputLines = 0 as UInt32
  var modemLines = 0 as UInt32

  /// Bytes that the input takes now: a read may ask for more than the queue holds.
  var room: Int { max(queueSize, readTerms?.count ?? 0) - input.count }
}

/// When a read ends.
struct ReadTerms {
  var number: Int
  var plan: ReadPlan
  var count: Int
  /// Times of ``KernelTime/uptime``.
  var deadline: Duration?
  var intervalDeadline: Duration?
}

/// How far a write has come, and when it ends.
struct WriteTerms {
  var number: Int
  var sent: Int
  var count: Int
  var deadline: Duration?
}

/// A serial port.
final class SerialPort: Sendable {
  /// What the framework made for the port; set before the device starts.
  struct Objects {
    var device: DeviceObject
    var readTotal: DriverTimer
    var readInterval: DriverTimer
    var writeTotal: DriverTimer
    var reads: RequestQueue?
    var writes: RequestQueue?
    /// Requests that wait for events.
    var waits: RequestQueue?
  }

  private let path: String?
  let state = SpinLocked(SerialState())
  private let openTerminal = SpinLocked<Terminal?>(nil)
  private let allObjects = SpinLocked<Objects?>(nil)
  private let thread = SpinLocked<SystemThread?>(nil)

  init(path: String?) { self.path = path }

  // MARK: Life

  func makeTimers(_ device: DeviceObject) throws {
    let readTotal = try DriverTimer(parent: device) { [self] _ in checkRead() }
    let readInterval = try DriverTimer(parent: device) { [self] _ in checkRead() }
    let writeTotal = try DriverTimer(parent: device) { [self] _ in checkWrite() }
    allObjects.store(
      Objects(
        device: device, readTotal: readTotal, readInterval: readInterval, writeTotal: writeTotal))
  }

  func setQueues(reads: RequestQueue, writes: RequestQueue, waits: RequestQueue) {
    allObjects.withLock {
      $0?.reads = reads
      $0?.writes = writes
      $0?.waits = waits
    }
  }

  /// Opens the tty, or makes a pseudo-terminal; at PASSIVE_LEVEL.
  func open() throws {
    let terminal = if let path { try Terminal(path: path) } else { try Terminal() }
    try terminal.apply(state.withLock { $0.settings })
    openTerminal.store(terminal)
    try objects.waits?.start()
  }

  /// Nothing happens any more: the waits for events are cancelled; at PASSIVE_LEVEL.
  func close() {
    allObjects.withLock { $0 }?.waits?.purge()
    openTerminal.store(nil)
  }

  /// A program opened the port: from here on it receives.
  func begin() throws {
    let terminal = try terminal
    let lines = terminal.modemLines
    state.withLock {
      $0.input.removeAll()
      ($0.decoder, $0.events, $0.waitMask, $0.errors) = (InputDecoder(), [], [], 0)
      ($0.stats, $0.modemLines) = (SerialStats(), lines)
    }
    thread.store(try SystemThread(parent: objects.device) { [self] in run($0, terminal) })
  }

  /// The program has closed the port.
  func end() { thread.exchange(nil)?.stop() }

  var terminal: Terminal {
    get throws(NTStatus) {
      guard let terminal = openTerminal.withLock({ $0 }) else { throw .deviceNotConnected }
      return terminal
    }
  }

  var objects: Objects {
    get throws(NTStatus) {
      guard let objects = allObjects.withLock({ $0 }) else { throw .deviceNotReady }
      return objects
    }
  }

  /// Has the thread look at what is wanted now.
  func wakeThread() { thread.withLock { $0 }?.wake() }

  // MARK: The thread

  /// Waits for the tty and moves bytes, until it is stopped.
  private func run(_ thread: RunningThread, _ terminal: Terminal) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var isGone = false
    while !thread.isStopping {
      let (wanted, watchesModem) = wanted(terminal)
      let events = thread.wait(
        for: isGone ? -1 : terminal.descriptor, wanted,
        timeout: watchesModem ? .milliseconds(50) : nil)
      if events.contains(.readable) {
        isGone = !receive(from: terminal, &bytes)
      } else if !events.isDisjoint(with: [.hangUp, .error, .invalid]) {
        isGone = true
      }
      if events.contains(.writable) { continueWrite() }
      if watchesModem { watchModem(terminal) }
    }
  }

  private func wanted(_ terminal: Terminal) -> (HostEvents, watchesModem: Bool) {
    state.withLock { state in
      var wanted: HostEvents = []
      if state.room > 0 { wanted.insert(.readable) }
      if state.writeTerms != nil { wanted.insert(.writable) }
      return (wanted, terminal.hasModemLines && !state.waitMask.isDisjoint(with: .modem))
    }
  }

  /// Takes what the tty received; false when its other end is gone.
  private func receive(from terminal: Terminal, _ bytes: inout [UInt8]) -> Bool {
    let room = state.withLock { $0.room }
    guard room > 0 else { return true }
    var part = [UInt8](repeating: 0, count: min(room, bytes.count))
    guard let count = terminal.read(into: &part) else { return false }
    let marks = terminal.marksErrors
    let happened = state.withLock { $0.take(part.prefix(count), marks) }
    raise(happened)
    checkRead()
    return true
  }
}

extension SerialState {
  /// Keeps received bytes; gives what happened.
  fileprivate mutating func take(_ bytes: ArraySlice<UInt8>, _ marks: Bool) -> SerialEvents {
    var happened: SerialEvents = []
    let before = input.count
    for byte in bytes {
      guard let item = marks ? decoder.take(byte) : .byte(byte) else { continue }
      switch item {
      case .byte(let byte): keep(byte, &happened)
      case .bad(let byte):
        happened.insert(.error)
        // SERIAL_ERROR_PARITY; a tty does not tell it from a framing error.
        errors |= 4
        stats.parityErrors += 1
        keep(settings.handflow.replacesErrors ? settings.chars.error : byte, &happened)
      case .breakReceived:
        happened.formUnion([.breakReceived, .error])
        errors |= 1
        if settings.handflow.replacesBreaks { keep(settings.chars.breakChar, &happened) }
      }
    }
    stats.received &+= UInt32(input.count - before)
    if input.count > before { happened.insert(.received) }
    if input.count * 10 > queueSize * 8 { happened.insert(.almostFull) }
    if input.count > before, let interval = readTerms?.plan.interval {
      readTerms?.intervalDeadline = KernelTime.uptime + interval
    }
    return happened
  }

  private mutating func keep(_ byte: UInt8, _ happened: inout SerialEvents) {
    if byte == 0, settings.handflow.stripsNulls { return }
    if byte == settings.chars.event { happened.insert(.eventChar) }
    input.append(byte)
  }
}
