import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects
import Ring3
import TestSupport
import Testing

/// BUF-56 to BUF-65: how a request comes to its end.
@Suite struct CompletionTests {
  @Test("BUF-56: the file's event is reset at the start and set when data and status are there")
  func eventOfFile() throws {
    let bench = try Bench()
    let buffer = try bench.buffer(16)
    try bench.plan(.keep)
    let request = try bench.file.startRead(into: buffer)
    let file = try #require(FilePointer(bitPattern: UInt(try bench.seen.file)))
    #expect(file.pointee.Event.Header.SignalState == 0)
    let waiter = ThreadResult<[UInt8]?>()
    let address = UInt(bitPattern: file)
    let machine = bench.kernel.machine
    let process = bench.process.process
    let thread = HostThread {
      _ = try? machine.inside(process) {
        if let file = FilePointer(bitPattern: address) { Event(fileEvent(file)).wait() }
      }
      waiter.value = .success(buffer.bytes)
    }
    try bench.complete(information: 16, fill: 16, byte: 0x88)
    thread.join()
    #expect(try waiter.value?.get() == [UInt8](repeating: 0x88, count: 16))
    #expect(try request.wait()?.information == 16)
    #expect(file.pointee.Event.Header.SignalState == 1)
    // The next request resets it.
    let second = try bench.file.startRead(into: buffer)
    #expect(file.pointee.Event.Header.SignalState == 0)
    try bench.complete()
    _ = try second.wait()
  }

  @Test("BUF-56: the caller's event takes the place of the file's")
  func callersEvent() throws {
    let bench = try Bench()
    let buffer = try bench.buffer(16)
    try bench.plan(.keep)
    let machine = bench.kernel.machine
    let event = try #require(
      try machine.inside(machine.systemProcess) { () -> UnsafeMutableRawPointer? in
        let body = machine.objects.create(.event, byteCount: MemoryLayout<KEVENT>.size)
        if let body {
          Event(body.assumingMemoryBound(to: KEVENT.self)).initialize(.notification, isSet: true)
        }
        return body
      })
    let state = event.assumingMemoryBound(to: KEVENT.self)
    let progress = UnsafeMutablePointer<RequestProgress>.allocate(capacity: 1)
    progress.initialize(to: RequestProgress())
    defer { progress.deallocate() }
    #expect(try bench.start(buffer, event: event, progress) == 0x103)
    #expect(state.pointee.Header.SignalState == 0)
    try bench.complete(information: 16, fill: 16, byte: 0x88)
    bench.awaitDone(progress)
    #expect(state.pointee.Header.SignalState == 1)
    #expect(buffer.bytes == [UInt8](repeating: 0x88, count: 16))
    let file = try #require(FilePointer(bitPattern: UInt(try bench.seen.file)))
    #expect(file.pointee.Event.Header.SignalState == 0)
    // The request has let its reference go.
    #expect(
      try machine.inside(machine.systemProcess) { machine.objects.dereference(event) } == 0)
  }

  @Test("BUF-56: who is told of the end finds the data in place")
  func toldAfterCopy() async throws {
    let bench = try Bench()
    let buffer = try bench.buffer(16)
    try bench.plan(.keep)
    let request = try bench.file.startRead(into: buffer)
    async let answer = request.completion
    try bench.complete(information: 16, fill: 16, byte: 0x88)
    #expect(try await answer.information == 16)
    #expect(buffer.bytes == [UInt8](repeating: 0x88, count: 16))
  }

  @Test("BUF-58: a request that was taken back is not finished until it is completed again")
  func held() throws {
    let bench = try Bench()
    try bench.attach(.hold, to: bench.file)
    try bench.plan(information: 16, fill: 16, byte: 0x71)
    let buffer = try bench.buffer(16)
    let request = try bench.file.startRead(into: buffer)
    #expect(!request.isFinished)
    #expect(buffer.bytes == [UInt8](repeating: 0x11, count: 16))
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 1)
    try bench.releaseHeld(bench.file)
    #expect(try request.wait()?.information == 16)
    #expect(buffer.bytes == [UInt8](repeating: 0x71, count: 16))
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-59: a pended request is finished in its own thread, at APC_LEVEL")
  func finishedInRequester() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(16)
    let reader = HostThread { _ = try? bench.file.read(at: buffer.address, count: 16) }
    while try bench.seen.count == 0 {}
    let requester = try bench.seen.thread
    bench.kernel.startTrace()
    // The requester is in a wait that is not alertable.
    try bench.complete(information: 16, fill: 16, byte: 0xD7)
    reader.join()
    let trace = bench.kernel.trace
    let copied = try #require(trace.first { $0.step == .copiedBack })
    let completed = try #require(trace.last { $0.step == .completed && $0.irp == copied.irp })
    #expect(copied.irql == 1 && copied.thread != completed.thread)
    let identifier = UnsafePointer<ThreadState>(bitPattern: UInt(requester))?.pointee.identifier
    #expect(copied.thread == identifier)
    #expect(buffer.bytes == [UInt8](repeating: 0xD7, count: 16))
  }

  @Test("BUF-59: a requester that has left the kernel gets its data all the same")
  func finishedForThreadOutside() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(16)
    let request = try bench.file.startRead(into: buffer)
    try onOtherThread { try bench.complete(information: 16, fill: 16, byte: 0x51) }
    #expect(try request.wait()?.information == 16)
    #expect(buffer.bytes == [UInt8](repeating: 0x51, count: 16))
    #expect(bench.kernel.machine.io.counters.finishedByAPC == 1)
  }

  @Test("BUF-60: a request that is complete when dispatch returns is finished by its issuer")
  func finishedInline() throws {
    let bench = try Bench()
    try bench.plan(information: 16, fill: 16)
    let buffer = try bench.buffer(16)
    bench.kernel.startTrace()
    let before = bench.kernel.machine.io.counters
    #expect(try bench.file.read(at: buffer.address, count: 16).information == 16)
    let after = bench.kernel.machine.io.counters
    #expect(after.finishedByAPC == before.finishedByAPC)
    #expect(after.finishedInline == before.finishedInline + 1)
    let copied = try #require(bench.kernel.trace.first { $0.step == .copiedBack })
    let issued = try #require(bench.kernel.trace.first { $0.step == .issued })
    #expect(copied.thread == issued.thread && copied.irql == 0)
    #expect(buffer.bytes == [UInt8](repeating: 0xD7, count: 16))
  }

  @Test("BUF-60: a request that is complete but was marked pending is finished by an APC")
  func finishedByAPCAtOnce() throws {
    let bench = try Bench()
    try bench.plan(.markCompletePend, information: 16, fill: 16)
    let buffer = try bench.buffer(16)
    #expect(try bench.file.read(at: buffer.address, count: 16).information == 16)
    #expect(bench.kernel.machine.io.counters.finishedByAPC == 1)
    #expect(buffer.bytes == [UInt8](repeating: 0xD7, count: 16))
  }

  @Test(
    "BUF-61: IoMarkIrpPending and STATUS_PENDING go together",
    arguments: [
      (.completeAndPend, 0x23D), (.keepUnmarked, 0x23D), (.markAndSucceed, 0x23E),
    ] as [(Bench.Action, UInt64)])
  func pendingMisuse(action: Bench.Action, rule: UInt64) throws {
    let bench = try Bench.checked()
    try bench.plan(action)
    let error = #expect(throws: KernelError.self) { try bench.file.write([1]) }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.code == .verifierIOManagerViolation && bugCheck.parameters[0] == rule)
  }

  @Test("BUF-61: a completion routine has to pass the pending mark on")
  func markPassedOn() throws {
    for (filter, isRight) in [(.propagate, true), (.forgetPending, false)] as [(Bench.Filter, Bool)]
    {
      let bench = try Bench.checked()
      try bench.attach(filter, to: bench.file)
      try bench.plan(.keep)
      let buffer = try bench.buffer(16)
      let request = try bench.file.startRead(into: buffer)
      if isRight {
        try bench.complete(information: 16, fill: 16)
        #expect(try request.wait()?.information == 16)
      } else {
        let error = #expect(throws: KernelError.self) { try bench.complete(information: 16) }
        #expect(error?.bugCheck?.parameters[0] == 0x228)
      }
    }
  }

  @Test("BUF-62: completing is allowed up to DISPATCH_LEVEL; the boosts have their values")
  func levels() throws {
    #expect([IO_NO_INCREMENT, IO_DISK_INCREMENT, IO_KEYBOARD_INCREMENT] == [0, 1, 6])
    #expect([IO_MOUSE_INCREMENT, IO_SERIAL_INCREMENT, IO_PARALLEL_INCREMENT] == [6, 2, 1])
    #expect([IO_SOUND_INCREMENT, IO_VIDEO_INCREMENT, IO_NETWORK_INCREMENT] == [8, 1, 2])
    for level in [0, 1, 2] as [UInt64] {
      let bench = try Bench()
      try bench.plan(.keep)
      let buffer = try bench.buffer(16)
      let request = try bench.file.startRead(into: buffer)
      try bench.complete(information: 1, level: level)
      #expect(try request.wait()?.information == 1)
    }
    let bench = try Bench()
    try bench.plan(.keep)
    let request = try bench.file.startRead(into: try bench.buffer(16))
    let error = #expect(throws: KernelError.self) { try bench.complete(level: 5) }
    #expect(error?.bugCheck?.parameters[0] == 0xE)
    #expect(throws: KernelError.self) { try request.wait() }
  }

  @Test(
    "BUF-63: completing twice, too early, cancelable, or freeing the request ends the kernel",
    arguments: [
      (.twice, 0x44, nil), (.completePending, 0xC9, 0x6), (.withCancelRoutine, 0xC9, 0x7),
      (.freePool, 0xC4, 0x105),
    ] as [(Bench.Action, UInt32, UInt64?)])
  func mistakes(action: Bench.Action, code: UInt32, rule: UInt64?) throws {
    let bench = try Bench()
    try bench.plan(action)
    let error = #expect(throws: KernelError.self) { try bench.file.write([1, 2, 3]) }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.code == BugCheckCode(code))
    if let rule { #expect(bugCheck.parameters[0] == rule) }
    if action == .twice { #expect(bugCheck.parameters[0] != 0) }
  }

  @Test("BUF-63: a driver that keeps a request and returns a final status is found")
  func forgotten() throws {
    let bench = try Bench()
    try bench.plan(.forget)
    let error = #expect(throws: KernelError.self) { try bench.file.write([1]) }
    #expect(error?.bugCheck?.parameters[0] == 0x226)
  }

  @Test("BUF-64: what was in the system buffer is not there after completion")
  func poisoned() throws {
    let bench = try Bench.checked()
    try bench.plan(information: 16, fill: 16, byte: 0x3E)
    let buffer = try bench.buffer(16)
    _ = try bench.file.read(at: buffer.address, count: 16)
    // Whoever looks is found.
    let error = #expect(throws: KernelError.self) {
      try bench.tool.deviceControl(Bench.code(0x80A), outputCount: 8)
    }
    #expect(error?.bugCheck?.code == BugCheckCode(0xD5))
    #expect(error?.bugCheck?.rule?.name == "BufAfterReqCompletedRead")
  }

  @Test("BUF-65: MDLs are unlocked with the completion and gone after it, whatever the status")
  func mdlsEnd() throws {
    for status in [NTStatus.success, .unsuccessful, .bufferOverflow] {
      let bench = try Bench(device: "BenchDirect")
      try bench.plan(.keep)
      let buffer = try bench.buffer(8192)
      let request = try bench.file.startRead(into: buffer)
      #expect(bench.kernel.ioFigures.lockedPages == 2)
      try bench.complete(status: status)
      #expect(bench.kernel.ioFigures.lockedPages == 0)
      #expect(try request.wait()?.status == status)
      #expect(bench.kernel.ioFigures.mdls == 0)
    }
  }
}
