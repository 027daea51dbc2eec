// Reads: they end with enough bytes, or when their time is over.
import Ring3

extension SerialPort {
  /// Handles a read; the queue gives one at a time.
  func read(_ request: consuming Request) throws {
    let count = request.length
    let objects = try objects
    let (terms, isDone) = state.withLock { $0.beginRead(count) }
    if isDone { return finish(request, .success) }
    // It may be cancelled at once, and the next read begin before this call returns.
    keep(request.pend(), terms.number)
    if let total = terms.plan.total { objects.readTotal.start(after: total) }
    // It may ask for more than the input held until now, and bytes may have come meanwhile.
    wakeThread()
    checkRead()
  }

  private func keep(_ pended: consuming PendedRequest, _ number: Int) {
    var new = Optional(pended)
    // Here or there, a value that goes stands for a read that was cancelled.
    let old = state.withLock { state -> PendedRequest? in
      guard state.readTerms?.number == number else { return new.take() }
      let old = state.read.take()
      state.read = new.take()
      state.keptRead = number
      return old
    }
    _ = consume old
  }

  /// Ends the read that waits when it has what it needs, or no time.
  ///
  /// Up to DISPATCH_LEVEL, in any thread.
  func checkRead() {
    var end = ReadEnd.later(nil)
    let ended = state.withLock { state -> PendedRequest? in
      end = state.readEnd
      guard case .now = end, state.keptRead == state.readTerms?.number else { return nil }
      state.readTerms = nil
      return state.read.take()
    }
    switch end {
    case .later(let delay):
      if let delay, let timer = try? objects.readInterval { timer.start(after: delay) }
    case .now(let status):
      guard let request = ended?.resume() else { return }
      finish(request, status)
    }
  }

  /// Completes a read with what there is.
  private func finish(_ request: consuming Request, _ status: NTStatus) {
    let count: Int
    do throws(NTStatus) {
      var output = try request.output()
      count = state.withLock { $0.input.pop(into: &output) }
    } catch {
      return request.complete(error)
    }
    request.complete(status, information: count)
    // There is room in the input again.
    wakeThread()
  }

  /// The device is going: the read that waits ends.
  func cancelRead() {
    let read = state.withLock { $0.read.take() }
    read?.resume()?.complete(.cancelled)
  }
}

/// Whether the read that waits ends.
enum ReadEnd {
  case now(NTStatus)
  /// Not yet; with the time until the next byte must have come.
  case later(Duration?)
}

extension SerialState {
  /// Begins a read; it may be done at once.
  fileprivate mutating func beginRead(_ count: Int) -> (ReadTerms, isDone: Bool) {
    let now = KernelTime.uptime
    let plan = ReadPlan(settings.timeouts, count: count)
    transferCount += 1
    let terms = ReadTerms(
      number: transferCount, plan: plan, count: count, deadline: plan.total.map { now + $0 },
      intervalDeadline: input.count > 0 ? plan.interval.map { now + $0 } : nil)
    let isDone = plan.isDone(at: true, available: input.count)
    readTerms = isDone ? nil : terms
    return (terms, isDone)
  }

  fileprivate var readEnd: ReadEnd {
    guard let terms = readTerms else { return .later(nil) }
    if terms.plan.isDone(at: false, available: input.count) { return .now(.success) }
    let now = KernelTime.uptime
    if let deadline = terms.deadline, now >= deadline { return .now(.timeout) }
    guard let deadline = terms.intervalDeadline else { return .later(nil) }
    return now >= deadline ? .now(.timeout) : .later(deadline - now)
  }
}
