import Ring3
import TestSupport
import Testing

/// Queues: how requests are presented, and the states of a queue.
@Suite struct QueueTests {
  @Test("REQ-01: the I/O type of a device decides how buffers of reads and writes arrive")
  func ioTypes() throws {
    let bench = try QueueBench()
    // DO_BUFFERED_IO 4, DO_DIRECT_IO 0x10
    #expect(try bench.make(io: 1).wdmFlags & 0x14 == 0)
    #expect(try bench.make(io: 2).wdmFlags & 0x14 == 4)
    #expect(try bench.make(io: 3).wdmFlags & 0x14 == 0x10)
  }

  @Test("REQ-03: handlers get the lengths of the caller, and EvtIoDefault what has no handler")
  func handlers() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    _ = try file.read(count: 12)
    try file.write([1, 2, 3])
    _ = try file.deviceControl(IoControlCode(bits: 0x222000), input: [1], outputCount: 7)
    #expect(
      try bench.log() == [
        .init(kind: .read, value: 12), .init(kind: .write, value: 3),
        .init(kind: .control, value: 0x222000), .init(kind: .value, value: 7),
        .init(kind: .value, value: 1),
      ])
    let other = try bench.make(.defaultHandler)
    let second = try other.open()
    _ = try second.read(count: 1)
    _ = try second.deviceControl(IoControlCode(bits: 0x222000))
    #expect(
      try bench.log() == [.init(kind: .byDefault, value: 3), .init(kind: .byDefault, value: 14)])
  }

  @Test("REQ-04: a sequential queue presents one request at a time")
  func sequential() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let requests = try (1...3).map { try file.startRead(into: buffer(bench, $0)) }
    var state = try device.queue(.state)
    #expect(state.waiting == 2 && state.presented == 1)
    #expect(try bench.log(.read) == [1])
    for index in 0..<3 {
      try device.kept(UInt64(index), .complete)
      #expect(try requests[index].wait()?.status == .success)
    }
    #expect(try bench.log(.read) == [2, 3])
    state = try device.queue(.state)
    #expect(state.waiting == 0 && state.presented == 0)
  }

  @Test("REQ-04: a parallel queue presents as many requests as its limit")
  func parallel() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 2, limit: 2)
    let file = try device.open()
    try device.plan(.keep)
    let requests = try (1...4).map { try file.startRead(into: buffer(bench, $0)) }
    let state = try device.queue(.state)
    #expect(state.waiting == 2 && state.presented == 2)
    for index in 0..<4 {
      try device.kept(UInt64(index), .complete)
      #expect(try requests[index].wait()?.status == .success)
    }
  }

  @Test("REQ-04, REQ-08: a manual queue is asked for its requests, oldest first")
  func manual() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3)
    let file = try device.open()
    #expect(try device.fetch()[0] == 0x8000_001A)
    let requests = try (1...2).map { try file.startRead(into: buffer(bench, $0)) }
    #expect(try bench.log().isEmpty)
    for index in 0..<2 {
      #expect(try device.fetch()[0] == 0)
      try device.kept(UInt64(index), .complete, 0, UInt64(index + 1))
      #expect(try requests[index].wait()?.information == index + 1)
    }
    try device.queue(.stop)
    #expect(try device.fetch()[0] == 0xC020_0203)
    let parallel = try bench.make(dispatch: 2, limit: 2)
    #expect(try parallel.fetch()[0] == 0xC000_0184)
  }

  @Test("REQ-05: a queue that is described wrongly is refused")
  func creation() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    #expect(try device.configure(0) == 0xC000_0004)
    #expect(try device.configure(1) == 0xC020_020B)
    #expect(try device.configure(2) == 0xC000_0001)
    // Handlers of a manual queue; no limit of a parallel one; one of a sequential one; no such type.
    for test in [3, 4, 5, 9] as [UInt64] { #expect(try device.configure(test) == 0xC000_000D) }
    // The lock of the device has another level.
    #expect(try device.configure(10) == 0xC000_000D)
    // A queue for writes needs a handler for them; the default queue has no type; one queue for a type.
    #expect(try device.configure(6) == 0xC000_0010)
    #expect(try device.configure(7) == 0xC000_0010)
    #expect(try device.configure(8) == 0)
    #expect(try device.configure(8) == 0xC020_0204)
  }

  @Test(
    "REQ-06: reads and writes of no bytes are done by the framework, unless the queue wants them")
  func zeroLength() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.complete, status: 0xC000_0001)
    #expect(try file.read(at: 0, count: 0).status == .success)
    #expect(try file.write(at: 0, count: 0).status == .success)
    #expect(try bench.log().isEmpty)
    _ = try? file.deviceControl(IoControlCode(bits: 0x222000))
    #expect(try bench.log().first?.kind == .control)
    // In a manual queue they are done as the driver asks for the next one.
    let manual = try bench.make(dispatch: 3)
    let second = try manual.open()
    let nothing = try second.startRead(into: nil)
    #expect(!nothing.isFinished)
    #expect(try manual.fetch()[0] == 0x8000_001A)
    #expect(try nothing.wait()?.status == .success)
    let wanted = try bench.make(.zeroLength)
    let third = try wanted.open()
    _ = try third.read(at: 0, count: 0)
    #expect(try bench.log() == [.init(kind: .read, value: 0)])
  }

  @Test("REQ-07: without a queue for its type a request is refused")
  func noQueue() throws {
    let bench = try QueueBench()
    let device = try bench.make(.noQueue)
    let file = try device.open()
    #expect(try file.read(at: 0, count: 0).status.bits == 0xC000_0010)
    // A queue for reads alone leaves writes without one.
    let reads = try bench.make([.noQueue, .readQueue])
    let second = try reads.open()
    _ = try second.read(count: 1)
    #expect(try bench.log(.byDefault) == [3])
    let error = #expect(throws: KernelError.self) { try second.write([1]) }
    #expect(error?.status?.bits == 0xC000_0010)
  }

  @Test(
    "REQ-09: a request that is cancelled in its queue is completed, or given to its former owner")
  func cancelOnQueue() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3, .canceledOnQueue)
    let file = try device.open()
    let fresh = try file.startRead(into: buffer(bench, 1))
    fresh.cancel()
    #expect(try fresh.wait()?.status == .cancelled)
    #expect(try bench.log(.canceledOnQueue).isEmpty)
    let known = try file.startRead(into: buffer(bench, 1))
    #expect(try device.fetch()[0] == 0)
    #expect(try device.kept(0, .requeue)[0] == 0)
    known.cancel()
    #expect(try known.wait()?.status == .cancelled)
    #expect(try bench.log(.canceledOnQueue) == [1])
    #expect(try device.queue(.state).completed == 1)
  }

  @Test("REQ-09: a request that was cancelled before it is forwarded goes to EvtIoCanceledOnQueue")
  func cancelledBeforeForwarding() throws {
    let bench = try QueueBench()
    let device = try bench.make(.canceledOnQueue)
    let file = try device.open()
    try device.plan(.keep)
    let request = try file.startRead(into: buffer(bench, 1))
    request.cancel()
    #expect(try device.kept(0, .isCanceled)[1] == 1)
    #expect(try device.kept(0, .forwardToManual)[0] == 0)
    #expect(try request.wait()?.status == .cancelled)
    #expect(try bench.log(.canceledOnQueue) == [1])
  }

  @Test("REQ-10: a stopped queue takes requests and presents them when it is started")
  func stopAndStart() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    // Accepting and dispatching, no requests, none with the driver.
    #expect(try device.queue(.state).state == 0xF)
    #expect(try device.queue(.stop).state == 0xD)
    let requests = try (1...3).map { try file.startRead(into: buffer(bench, $0)) }
    #expect(try device.queue(.state).waiting == 3)
    #expect(try bench.log().isEmpty)
    try device.queue(.start)
    for request in requests { #expect(try request.wait()?.status == .success) }
    #expect(try bench.log(.read) == [1, 2, 3])
  }

  @Test("REQ-10: a purged queue cancels what waits and takes nothing")
  func purge() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keepCancelable)
    let requests = try (1...3).map { try file.startRead(into: buffer(bench, $0)) }
    try device.queue(.purgeThen, context: 7)
    for request in requests { #expect(try request.wait()?.status == .cancelled) }
    let log = try bench.log()
    // The one that the driver had was cancelled through its callback; the end was told once.
    #expect(log.filter { $0.kind == .cancel }.count == 1)
    #expect(log.last == .init(kind: .purged, value: 7))
    #expect(try file.read(at: 0, count: 0).status.bits == 0xC000_0184)
    try device.plan(.complete)
    try device.queue(.start)
    _ = try file.read(count: 1)
  }

  @Test("REQ-10: a queue that drains presents what it has and takes nothing")
  func drain() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let requests = try (1...2).map { try file.startRead(into: buffer(bench, $0)) }
    try device.queue(.drainThen, context: 9)
    #expect(try file.read(at: 0, count: 0).status.bits == 0xC000_0184)
    #expect(try bench.log(.purged).isEmpty)
    try device.kept(0, .complete)
    try device.kept(1, .complete)
    for request in requests { #expect(try request.wait()?.status == .success) }
    #expect(try bench.log(.purged) == [9])
  }

  @Test("REQ-10: stopping tells when the driver has no request left; what comes meanwhile waits")
  func stopThen() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let first = try file.startRead(into: buffer(bench, 1))
    let second = try file.startRead(into: buffer(bench, 2))
    try device.queue(.stopThen, context: 5)
    #expect(try bench.log(.stopped).isEmpty)
    try device.kept(0, .complete)
    #expect(try first.wait()?.status == .success)
    #expect(try bench.log(.stopped) == [5])
    #expect(!second.isFinished)
    // Cancels what is there, and takes what comes.
    try device.queue(.stopAndPurgeThen, context: 6)
    #expect(try second.wait()?.status == .cancelled)
    let third = try file.startRead(into: buffer(bench, 3))
    #expect(try bench.log() == [.init(kind: .stopped, value: 6)])
    try device.plan(.complete)
    try device.queue(.start)
    #expect(try third.wait()?.status == .success)
  }

  @Test("REQ-10: the synchronous forms return when the state is reached")
  func synchronous() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.queue(.stopAndWait)
    let waiting = try file.startRead(into: buffer(bench, 1))
    try device.queue(.stopAndPurgeAndWait)
    #expect(try waiting.wait()?.status == .cancelled)
    try device.queue(.start)
    try device.plan(.keepCancelable)
    let marked = try file.startRead(into: buffer(bench, 1))
    try device.queue(.purgeAndWait)
    #expect(marked.isFinished)
    #expect(try device.queue(.state).state == 0xE)
    try device.queue(.start)
    try device.queue(.drainAndWait)
    #expect(try device.queue(.state).state == 0xE)
  }

  @Test("REQ-08: requests are found in a manual queue, fetched when found, and by their file")
  func find() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3)
    let file = try device.open()
    let requests = try (1...3).map { try file.startRead(into: buffer(bench, $0)) }
    let found = try device.fetch(2, 0, 1)
    // The second one, with its length; it is not to be found again.
    #expect(found[0] == 0 && found[1] == 2 && found[2] == 0xC000_0225 && found[3] == 0xC000_0225)
    try device.kept(0, .complete)
    #expect(try requests[1].wait()?.status == .success)
    #expect(try device.fetch(2, 0, 2)[0] == 0x8000_001A)
    for index in [1, 2] as [UInt64] {
      #expect(try device.fetch()[0] == 0)
      try device.kept(index, .complete)
    }
    #expect(try requests[2].wait()?.status == .success)
  }

  @Test("A driver is told when a manual queue gets its first request")
  func readyNotify() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3)
    let file = try device.open()
    #expect(try device.queue(.notify, context: 3).status == 0)
    #expect(try device.queue(.notify, context: 4).status == 0xC000_0010)
    let first = try file.startRead(into: buffer(bench, 1))
    let second = try file.startRead(into: buffer(bench, 1))
    #expect(try bench.log(.ready) == [3])
    for index in [0, 1] as [UInt64] {
      #expect(try device.fetch()[0] == 0)
      try device.kept(index, .complete)
    }
    #expect(try first.wait() != nil && second.wait() != nil)
    #expect(try device.queue(.notifyNobody).status == 0xC000_0010)
    try device.queue(.stop)
    #expect(try device.queue(.notifyNobody).status == 0)
    let sequential = try bench.make()
    #expect(try sequential.queue(.notify).status == 0xC000_0010)
  }

  @Test("A driver that fetches all that waits is told once each time that something comes")
  func readyFetching() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3)
    let file = try device.open()
    #expect(try device.queue(.notifyFetching, context: 5).status == 0)
    for _ in 0..<2 {
      #expect(try file.startRead(into: buffer(bench, 1)).wait()?.status == .success)
      #expect(try bench.log(.ready) == [5])
    }
    // What came while the queue was stopped is one notice.
    try device.queue(.stop)
    let requests = try (0..<3).map { _ in try file.startRead(into: buffer(bench, 1)) }
    try device.queue(.start)
    for request in requests { #expect(try request.wait()?.status == .success) }
    #expect(try bench.log(.ready) == [5])
    #expect(try device.fetch()[0] == 0x8000_001A)
    #expect(try bench.log(.ready).isEmpty)
  }

  @Test("A forwarded request belongs to the other queue, and a requeued one is the first there")
  func forwarding() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.forward)
    let requests = try (1...2).map { try file.startRead(into: buffer(bench, $0)) }
    #expect(try bench.log(.value) == [0, 0])
    #expect(try device.queue(.state, 1).waiting == 2)
    #expect(try device.fetch(0, 1)[0] == 0)
    #expect(try device.kept(0, .requeue)[0] == 0)
    #expect(try device.fetch(0, 1)[0] == 0)
    // To the queue that it is in, and back to the first, which takes it or not.
    #expect(try device.kept(1, .forwardToManual)[0] == 0xC000_0010)
    try device.queue(.purge)
    #expect(try device.kept(1, .forwardToDefault)[0] == 0xC020_0204)
    try device.kept(1, .complete, 0, 1)
    #expect(try requests[0].wait()?.information == 1)
    try device.queue(.start)
    try device.plan(.complete)
    #expect(try device.fetch(0, 1)[0] == 0)
    #expect(try device.kept(2, .forwardToDefault)[0] == 0)
    #expect(try requests[1].wait()?.status == .success)
  }

  @Test("A queue that is deleted cancels what waits in it")
  func deletion() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.forward)
    let requests = try (1...2).map { try file.startRead(into: buffer(bench, $0)) }
    try device.queue(.delete, 1)
    for request in requests { #expect(try request.wait()?.status == .cancelled) }
    #expect(bench.kernel.bugCheck == nil)
    try device.plan(.complete)
    _ = try file.read(count: 1)
  }

  @Test("A handler that completes its request does not run inside itself")
  func recursion() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.queue(.stop)
    try device.plan(.completeNext)
    let requests = try (1...3).map { try file.startRead(into: buffer(bench, $0)) }
    try device.queue(.start)
    for request in requests { #expect(try request.wait()?.status == .success) }
    let events = try bench.log()
    #expect(events.map(\.value) == [1, 100, 2, 100, 3, 100])
    #expect(try device.queue(.state).mostRunning == 1)
  }

  @Test(
    "Callbacks of one synchronization scope exclude each other",
    arguments: [QueueBench.Flags.scopeQueue, .scopeDevice, [.scopeQueue, .passive]])
  func scope(_ flags: QueueBench.Flags) throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 2, limit: 8, flags)
    try onTwoThreads { _ in
      let file = try device.open()
      for _ in 0..<200 { _ = try file.read(count: 1) }
    }
    #expect(try device.queue(.state).mostRunning == 1)
    #expect(try device.queue(.state).completed == 400)
    // Purging from another thread calls the cancel routine under the same lock.
    try device.plan(.keepCancelable)
    let file = try device.open()
    let request = try file.startRead(into: buffer(bench, 1))
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
  }

  @Test("A queue whose callbacks run at PASSIVE_LEVEL presents there what comes at a higher level")
  func passiveLevel() throws {
    let bench = try QueueBench()
    let device = try bench.make(.passive)
    let file = try device.open()
    try device.plan(.forward)
    let request = try file.startRead(into: buffer(bench, 3))
    #expect(try device.fetch(0, 1)[0] == 0)
    try device.plan(.complete, information: 2)
    _ = try bench.log()
    #expect(try device.kept(0, .forwardAtDispatch)[0] == 0)
    #expect(try request.wait()?.information == 2)
    #expect(try bench.log() == [.init(kind: .read, value: 3), .init(kind: .value, value: 0)])
  }

  private func buffer(_ bench: QueueBench, _ count: Int) throws -> UserBuffer {
    try #require(UserBuffer(bench.process, count: count))
  }
}
