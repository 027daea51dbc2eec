// Writes: they end when the tty has all bytes, or when their time is over.
import Ring3

extension SerialPort {
  /// Handles a write; the queue gives one at a time.
  func write(_ request: consuming Request) {
    let count = request.length
    let terms = state.withLock { $0.beginWrite(count) }
    if let deadline = terms.deadline, let timer = try? objects.writeTotal {
      timer.start(after: deadline - KernelTime.uptime)
    }
    send(request, terms)
  }

  /// Sends what the tty takes; keeps the request until it takes the rest.
  private func send(_ request: consuming Request, _ terms: WriteTerms) {
    var terms = terms
    do throws(NTStatus) {
      terms.sent += try Self.transfer(request, from: terms.sent, try terminal)
    } catch {
      return request.complete(error, information: terms.sent)
    }
    let total = terms.sent
    if total == terms.count {
      state.withLock { $0.stats.transmitted &+= UInt32(total) }
      request.complete(information: total)
      return raise(.sent)
    }
    // It may be cancelled at once, and the next write begin before this call returns.
    keep(request.pend { $0.complete(.cancelled, information: total) }, terms)
    wakeThread()
    checkWrite()
  }

  /// Writes the rest of a request to the tty; gives how many bytes it took.
  private static func transfer(
    _ request: borrowing Request, from start: Int, _ terminal: Terminal
  ) throws(NTStatus) -> Int {
    let input = try request.input()
    let result = unsafe input.withUnsafeBytes { bytes -> Result<Int, NTStatus> in
      Result { () throws(NTStatus) in
        try terminal.write(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(start)))
      }
    }
    return try result.get()
  }

  private func keep(_ pended: consuming PendedRequest, _ terms: WriteTerms) {
    var new = Optional(pended)
    // Here or there, a value that goes stands for a write that was cancelled.
    let old = state.withLock { state -> PendedRequest? in
      guard state.writeNumber == terms.number else { return new.take() }
      let old = state.write.take()
      state.write = new.take()
      state.writeTerms = terms
      return old
    }
    _ = consume old
  }

  /// There is room in the tty: the write that waits goes on.
  func continueWrite() {
    var terms: WriteTerms?
    let waiting = state.withLock { state -> PendedRequest? in
      terms = state.writeTerms
      state.writeTerms = nil
      return state.write.take()
    }
    guard let terms, let request = waiting?.resume() else { return }
    send(request, terms)
  }

  /// Ends the write that waits when its time is over; up to DISPATCH_LEVEL.
  func checkWrite() {
    var sent = 0
    let ended = state.withLock { state -> PendedRequest? in
      guard let terms = state.writeTerms, let deadline = terms.deadline,
        KernelTime.uptime >= deadline
      else { return nil }
      sent = terms.sent
      state.writeTerms = nil
      return state.write.take()
    }
    ended?.resume()?.complete(.timeout, information: sent)
  }

  /// The device is going: the write that waits ends.
  func cancelWrite() {
    let write = state.withLock { state in
      state.writeTerms = nil
      return state.write.take()
    }
    write?.resume()?.complete(.cancelled)
  }
}

extension SerialState {
  /// Begins a write.
  fileprivate mutating func beginWrite(_ count: Int) -> WriteTerms {
    transferCount += 1
    writeNumber = transferCount
    writeTerms = nil
    var terms = WriteTerms(number: transferCount, sent: 0, count: count)
    let (multiplier, constant) = (
      settings.timeouts.writeMultiplier, settings.timeouts.writeConstant
    )
    if multiplier > 0 || constant > 0 {
      terms.deadline = KernelTime.uptime + ReadPlan.total(multiplier, constant, count)
    }
    return terms
  }
}
