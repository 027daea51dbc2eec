// Events that programs wait for, and requests that are given up.
import Ring3

extension SerialPort {
  /// Notes what happened, and ends the wait for it; up to DISPATCH_LEVEL.
  func raise(_ events: SerialEvents) {
    let isAwaited = state.withLock { state in
      state.events.formUnion(events.intersection(state.waitMask))
      return !state.events.isEmpty
    }
    guard isAwaited, let request = nextWait() else { return }
    let happened = state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
    if happened.isEmpty {
      // Another thread was faster.
      request.requeue()
    } else {
      request.complete(returning: happened.rawValue)
    }
  }

  private func nextWait() -> Request? {
    do {
      return try objects.waits?.next()
    } catch {
      // The device is gone.
      return nil
    }
  }

  /// IOCTL_SERIAL_SET_WAIT_MASK: a wait for the events before ends with none.
  func setWaitMask(_ request: consuming Request) throws {
    let mask = SerialEvents(rawValue: try request.readInput())
    guard mask.isSubset(of: .all) else { throw NTStatus.invalidParameter }
    state.withLock {
      $0.waitMask = mask
      $0.events.formIntersection(mask)
    }
    while let old = nextWait() { old.complete(returning: 0 as UInt32) }
    request.complete()
    // Modem lines are looked at only while somebody waits for them.
    wakeThread()
  }

  /// IOCTL_SERIAL_WAIT_ON_MASK: one at a time, and only for something.
  func waitOnMask(_ request: consuming Request) throws {
    guard request.outputLength >= 4 else { throw NTStatus.bufferTooSmall }
    guard let waits = try objects.waits, state.withLock({ !$0.waitMask.isEmpty }) else {
      throw NTStatus.invalidParameter
    }
    if let other = try waits.next() {
      other.requeue()
      request.complete(.invalidParameter)
    } else {
      request.forward(to: waits)
    }
    // It may have happened meanwhile, or before.
    raise([])
  }

  /// Compares the modem lines with what they were.
  func watchModem(_ terminal: Terminal) {
    let lines = terminal.modemLines
    let changed = state.withLock { state in
      defer { state.modemLines = lines }
      return state.modemLines ^ lines
    }
    let pairs: [(UInt32, SerialEvents)] = [
      (0x10, .cts), (0x20, .dsr), (0x40, .ring), (0x80, .carrier),
    ]
    raise(pairs.reduce([]) { changed & $1.0 != 0 ? $0.union($1.1) : $0 })
  }

  // MARK: Giving up

  /// The last handle is closed: nothing waits any more; at PASSIVE_LEVEL.
  func cancelAll() {
    purge([.abortRead, .abortWrite])
    while let wait = nextWait() { wait.complete(.cancelled) }
  }

  /// What IOCTL_SERIAL_PURGE takes away.
  struct Purge: OptionSet {
    let rawValue: UInt32
    static let abortWrite = Purge(rawValue: 1)
    static let abortRead = Purge(rawValue: 2)
    static let clearOutput = Purge(rawValue: 4)
    static let clearInput = Purge(rawValue: 8)
  }

  /// Cancels reads or writes, and drops bytes; at PASSIVE_LEVEL.
  func purge(_ what: Purge) {
    let objects = try? objects
    if what.contains(.abortRead), let reads = objects?.reads {
      reads.purge()
      reads.start()
    }
    if what.contains(.abortWrite), let writes = objects?.writes {
      writes.purge()
      writes.start()
    }
    let terminal = try? terminal
    if what.contains(.clearOutput) { terminal?.flushOutput() }
    if what.contains(.clearInput) {
      terminal?.flushInput()
      state.withLock { $0.input.removeAll() }
      wakeThread()
    }
  }
}
