import Glibc
import Ring3
import Synchronization
import TestSupport
import Testing

/// Cancelling requests that the driver has.
@Suite struct CancelTests {
  private func buffer(_ bench: QueueBench) throws -> UserBuffer {
    try #require(UserBuffer(bench.process, count: 1))
  }

  @Test("REQ-54: marking a cancelled request calls the cancel routine, or says so in the Ex form")
  func mark() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 2, limit: 8)
    let file = try device.open()
    try device.plan(.keep)
    let first = try file.startRead(into: buffer(bench))
    first.cancel()
    #expect(!first.isFinished)
    try device.kept(0, .mark)
    #expect(try first.wait()?.status == .cancelled)
    #expect(try bench.log(.cancel).count == 1)
    let second = try file.startRead(into: buffer(bench))
    #expect(try device.kept(1, .markEx)[0] == 0)
    #expect(try device.kept(1, .markEx)[0] == 0xC000_0010)
    #expect(try device.kept(1, .unmark)[0] == 0)
    second.cancel()
    #expect(try device.kept(1, .markEx)[0] == 0xC000_0120)
    #expect(try bench.log(.cancel).isEmpty)
    try device.kept(1, .complete, 0xC000_0120)
    #expect(try second.wait()?.status == .cancelled)
  }

  @Test("REQ-54: marking in a queue that is purged calls the cancel routine, when its lock is free")
  func markWhilePurged() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    try device.plan(.purgeAndMark)
    let request = try device.open().startRead(into: buffer(bench))
    #expect(try request.wait()?.status == .cancelled)
    #expect(try bench.log().map(\.kind) == [.read, .value, .cancel, .value])
    // The handler has the lock that the cancel routine needs: a worker thread calls it afterwards.
    let locked = try bench.make(.scopeQueue)
    try locked.plan(.purgeAndMark)
    let second = try locked.open().startRead(into: buffer(bench))
    #expect(try second.wait()?.status == .cancelled)
    #expect(try bench.log().map(\.kind) == [.read, .value, .value, .cancel])
  }

  @Test("REQ-55: the mark is taken away once, and not while the request is being cancelled")
  func unmark() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keepCancelable)
    let request = try file.startRead(into: buffer(bench))
    #expect(try device.kept(0, .unmark)[0] == 0)
    #expect(try device.kept(0, .unmark)[0] == 0xC000_0010)
    request.cancel()
    #expect(!request.isFinished)
    try device.kept(0, .complete, 0, 1)
    #expect(try request.wait()?.information == 1)
  }

  @Test("REQ-55: completing a marked request without taking the mark away is bug check 0x10D")
  func completeMarked() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keepCancelable)
    let request = try file.startRead(into: buffer(bench))
    let error = #expect(throws: KernelError.self) { try device.kept(0, .complete) }
    #expect(error?.bugCheck?.code.rawValue == 0x10D)
    #expect(throws: KernelError.self) { try request.wait() }
  }

  @Test("REQ-56: a driver sees that a request it has not marked is cancelled")
  func isCanceled() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let request = try file.startRead(into: buffer(bench))
    #expect(try device.kept(0, .isCanceled)[1] == 0)
    request.cancel()
    #expect(try device.kept(0, .isCanceled)[1] == 1)
    try device.kept(0, .complete, 0xC000_0120)
    #expect(try request.wait()?.status == .cancelled)
  }

  @Test("REQ-55: a request that is cancelled while its driver ends it is completed once")
  func race() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keepReferenced)
    let rounds = 2000
    let ready = Atomic(0)
    let done = Atomic(0)
    try onTwoThreads { thread in
      for round in 1...rounds where bench.kernel.bugCheck == nil {
        guard thread == 0 else {
          while ready.load(ordering: .sequentiallyConsistent) < round { sched_yield() }
          _ = try? device.kept(0, .endUnlessCancelled)
          done.store(round, ordering: .sequentiallyConsistent)
          continue
        }
        // Whatever happens, the other thread is not left waiting.
        defer { ready.store(round, ordering: .sequentiallyConsistent) }
        let request = try file.startRead(into: UserBuffer(bench.process, count: 1))
        ready.store(round, ordering: .sequentiallyConsistent)
        if round & 1 == 0 { sched_yield() }
        request.cancel()
        let status = try #require(try request.wait()?.status)
        #expect(status == .cancelled || status == .success)
        while done.load(ordering: .sequentiallyConsistent) < round { sched_yield() }
      }
    }
    #expect(bench.kernel.bugCheck == nil)
    let state = try device.queue(.state)
    #expect(state.completed == UInt64(rounds))
    #expect(state.waiting == 0 && state.presented == 0)
  }

  @Test("Requests that are cancelled while their queue presents them end once")
  func presentationRace() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let rounds = 1000
    try onTwoThreads { _ in
      let file = try device.open()
      for _ in 0..<rounds {
        let request = try file.startRead(into: UserBuffer(bench.process, count: 1))
        request.cancel()
        let status = try #require(try request.wait()?.status)
        #expect(status == .cancelled || status == .success)
      }
    }
    #expect(bench.kernel.bugCheck == nil)
    let state = try device.queue(.state)
    #expect(state.waiting == 0 && state.presented == 0)
  }
}
