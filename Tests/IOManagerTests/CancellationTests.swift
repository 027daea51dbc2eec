import IOManager
import Machine
import Objects
import Ring3
import Synchronization
import TestSupport
import Testing

/// BUF-66 to BUF-69: cancellation, and the end of threads, processes and files.
@Suite struct CancellationTests {
  @Test("BUF-66: a cancelled request brings nothing but its status")
  func cancelled() throws {
    let bench = try Bench()
    try bench.plan(.keep, fill: 16, options: .cancelable)
    let buffer = try bench.buffer(16)
    let request = try bench.file.startRead(into: buffer)
    request.cancel()
    let answer = try #require(try request.wait())
    #expect(answer.status == .cancelled && answer.information == 0)
    #expect(buffer.bytes == [UInt8](repeating: 0x11, count: 16))
    // The cancel routine ran at DISPATCH_LEVEL.
    #expect(try bench.log.filter { $0.kind == 7 }.map(\.value) == [2])
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-66: a request without a cancel routine goes on")
  func notCancelable() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let request = try bench.file.startRead(into: try bench.buffer(16))
    request.cancel()
    #expect(!request.isFinished)
    try bench.complete(information: 3)
    #expect(try request.wait()?.information == 3)
  }

  @Test("BUF-66: a request goes on when the host thread that sent it ends")
  func hostThreadEnds() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let buffer = try bench.buffer(16)
    let sent = Mutex<PendingRequest?>(nil)
    HostThread {
      let request = try? bench.file.startRead(into: buffer)
      sent.withLock { $0 = request }
    }.join()
    let request = try #require(sent.withLock { $0 })
    try bench.complete(information: 3)
    #expect(try request.wait()?.information == 3)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-66: a request whose host thread has ended can be cancelled")
  func hostThreadEndsBeforeCancel() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let buffer = try bench.buffer(16)
    let sent = Mutex<PendingRequest?>(nil)
    HostThread {
      let request = try? bench.file.startRead(into: buffer)
      sent.withLock { $0 = request }
    }.join()
    let request = try #require(sent.withLock { $0 })
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
  }

  @Test("BUF-67: a request that is cancelled while it is completed ends once")
  func race() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let buffer = try bench.buffer(16)
    var cancelledCount = 0
    for _ in 0..<200 {
      let request = try bench.file.startRead(into: buffer)
      let thread = HostThread { try? bench.complete(information: 1) }
      request.cancel()
      thread.join()
      let answer = try #require(try request.wait())
      #expect(answer.status == .cancelled || answer.status == .success)
      if answer.status == .cancelled { cancelledCount += 1 }
    }
    #expect(bench.kernel.bugCheck == nil)
    #expect(bench.kernel.ioFigures.irps == 0)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-68: the end of a process cancels its requests")
  func processEnd() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let requests = try (0..<3).map { _ in
      try bench.file.startRead(into: try bench.buffer(16))
    }
    try bench.process.end()
    for request in requests { #expect(try request.wait()?.status == .cancelled) }
    #expect(bench.kernel.ioFigures.irps == 0)
    // Its handles are closed: cleanup, then close.
    while try bench.log.last?.kind != 6 {}
    #expect(try bench.log.suffix(2).map(\.kind) == [4, 6])
    #expect(throws: KernelError.self) { try bench.file.read(count: 1) }
  }

  @Test("BUF-68: a request that its driver keeps is taken off the process, and may end later")
  func detached() throws {
    var configuration = Configuration()
    configuration.cancelSeconds = 0.05
    let bench = try Bench(configuration)
    try bench.plan(.keep)
    let buffer = try bench.buffer(4096)
    let request = try bench.file.startRead(into: buffer)
    let reader = HostThread { _ = try? bench.file.read(at: buffer.address, count: 4096) }
    while try bench.seen.count < 2 {}
    try bench.process.end()
    #expect(try request.wait()?.status == .cancelled)
    reader.join()
    #expect(bench.kernel.machine.io.counters.abandoned == 2)
    #expect(bench.kernel.ioFigures.irps == 2)
    try bench.complete(information: 4096, fill: 4096)
    try bench.complete(information: 4096, fill: 4096)
    #expect(bench.kernel.bugCheck == nil)
    #expect(bench.kernel.ioFigures.irps == 0)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
    #expect(try bench.log.last?.kind == 2)
  }

  @Test("BUF-68: the end of a thread cancels its requests")
  func threadEnd() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let buffer = try bench.buffer(16)
    let request = try onOtherThread {
      let request = try bench.file.startRead(into: buffer)
      bench.process.endThread()
      return request
    }
    #expect(request.isFinished)
    #expect(try request.wait()?.status == .cancelled)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-69: cleanup comes with the last handle, close with the last reference")
  func cleanupAndClose() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let other = try bench.process.open(#"\Device\Bench"#)
    let kept = try other.startRead(into: try bench.buffer(16))
    let file = try bench.seen.file
    // A second handle to the same file object.
    let machine = bench.kernel.machine
    let process = bench.process.process
    let second = try machine.inside(process) { () -> HandleValue? in
      guard let body = UnsafeMutableRawPointer(bitPattern: UInt(file)) else { return nil }
      return machine.objects.openHandle(to: body, in: process, access: 1)
    }
    func kinds() throws -> [UInt64] {
      try bench.log.filter { $0.value == file && [3, 4, 6, 8].contains($0.kind) }.map(\.kind)
    }
    try other.close()
    #expect(try kinds() == [3])
    let handle = try #require(second)
    // The request has no cancel routine: it stays, and with it the file.
    #expect(try machine.inside(process) { machine.objects.closeHandle(handle, in: process) })
    #expect(try kinds() == [3, 4])
    try bench.complete()
    #expect(try kept.wait()?.status == .success)
    // Close comes at PASSIVE_LEVEL, from a worker thread.
    while try kinds().count < 3 {}
    #expect(try kinds() == [3, 4, 6])
  }

  @Test("BUF-69: a driver cancels the requests of the file whose last handle is closed, no others")
  func cleanupCancels() throws {
    let bench = try Bench()
    try bench.plan(.keep, options: .cancelable)
    let other = try bench.process.open(#"\Device\Bench"#)
    let first = try bench.file.startRead(into: try bench.buffer(16))
    let second = try other.startRead(into: try bench.buffer(16))
    let file = try bench.seen.file
    try other.close()
    #expect(try second.wait()?.status == .cancelled)
    #expect(!first.isFinished)
    while try bench.log.count(where: { $0.kind == 6 && $0.value == file }) == 0 {}
    #expect(try bench.log.filter { $0.value == file }.map(\.kind) == [3, 4, 8, 6])
    first.cancel()
    #expect(try first.wait()?.status == .cancelled)
  }
}
