import CDriverKit
import CRing3
import Glibc
import Machine
import MachineTestSupport
import Testing

@Suite("APCs")
struct APCTests {
  /// Notes in the log that is the first argument: the thread's number and the level.
  private static let note: APC.Routine = { apc in
    let log = apc.pointee.SystemArgument1.assumingMemoryBound(to: TestLog.self)
    log.add(
      UInt64(CurrentThread.thread.pointer.pointee.identifier) << 8 | UInt64(CurrentThread.irql))
  }

  private func expected(_ thread: Thread) -> UInt64 {
    UInt64(thread.pointer.pointee.identifier) << 8 | 1
  }

  @Test("A special APC to oneself runs at once, at APC_LEVEL")
  func ownThread() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    try kernel.run {
      let thread = CurrentThread.thread
      #expect(APC.queueSpecial(apc, to: thread, Self.note, log))
      #expect(log.entries == [expected(thread)])
      #expect(CurrentThread.irql == IRQL.passive)
    }
  }

  @Test("At APC_LEVEL an APC waits until the level is lowered")
  func lowering() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    try kernel.run {
      IRQL.raise(to: IRQL.apc)
      APC.queueSpecial(apc, to: CurrentThread.thread, Self.note, log)
      #expect(log.count == 0)
      IRQL.lower(to: IRQL.passive)
      #expect(log.count == 1)
    }
  }

  @Test("A guarded region holds special APCs back, a critical region does not")
  func regions() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    try kernel.run {
      CurrentThread.enterCriticalRegion()
      APC.queueSpecial(apc, to: CurrentThread.thread, Self.note, log)
      #expect(log.count == 1)
      CurrentThread.leaveCriticalRegion()
      CurrentThread.enterGuardedRegion()
      APC.queueSpecial(apc, to: CurrentThread.thread, Self.note, log)
      #expect(log.count == 1)
      CurrentThread.leaveGuardedRegion()
      #expect(log.count == 2)
    }
  }

  @Test("A waiting thread runs a special APC and goes on waiting")
  func waiting() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    let event = kernel.makeEvent(.notification)
    let other = kernel.make(UnsafeMutablePointer<ThreadState>?.self)
    let status = kernel.make(Int32.self)
    let task = kernel.start {
      other.pointee = CurrentThread.thread.pointer
      status.pointee = 1 + event.wait()
    }
    #expect(eventually { kernel.machine.waiterCount(event) == 1 })
    let thread = Thread(try #require(other.pointee))
    try kernel.run { _ = APC.queueSpecial(apc, to: thread, Self.note, log) }
    #expect(eventually { log.count == 1 })
    #expect(log.entries == [expected(thread)])
    #expect(status.pointee == 0)
    try kernel.run { _ = event.set() }
    task.join()
    #expect(status.pointee == 1)
  }

  @Test("A thread outside with a request under way: its APC runs on its behalf")
  func borrowed() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    // A request: any entry in the list of the thread.
    let request = kernel.make(LIST_ENTRY.self)
    let thread = try kernel.run {
      let thread = CurrentThread.thread
      thread.pointer.pointee.requests[0] = UInt64(UInt(bitPattern: request))
      CurrentThread.allowBorrowing()
      return thread
    }
    let task = kernel.start { APC.queueSpecial(apc, to: thread, Self.note, log) }
    #expect(eventually { log.count == 1 })
    task.join()
    #expect(log.entries == [expected(thread)])
    // The thread is its own again.
    #expect(try kernel.run { CurrentThread.thread } == thread)
    thread.pointer.pointee.requests[0] = 0
    #expect(try kernel.run { CurrentThread.thread } == thread)
    #expect(thread.block.pointee.attention == 0)
  }

  @Test("Many APCs, whatever the thread does meanwhile: each runs once")
  func race() throws {
    let kernel = try TestMachine()
    let count = 3000
    let apcs = kernel.make(KAPC.self, count: count)
    let ran = kernel.make(UInt32.self)
    let request = kernel.make(LIST_ENTRY.self)
    let thread = try kernel.run {
      CurrentThread.thread.pointer.pointee.requests[0] = UInt64(UInt(bitPattern: request))
      CurrentThread.allowBorrowing()
      return CurrentThread.thread
    }
    let task = kernel.start {
      for index in 0..<count {
        let routine: APC.Routine = { apc in
          let ran = apc.pointee.SystemArgument1.assumingMemoryBound(to: UInt32.self)
          ran.pointee += 1  // only one has the identity at a time
        }
        APC.queueSpecial(apcs + index, to: thread, routine, ran)
        if index % 64 == 0 { usleep(50) }
      }
    }
    while r3_load32(ran) < count {
      try kernel.run {
        #expect(CurrentThread.thread == thread)
        IRQL.lower(to: IRQL.raise(to: IRQL.apc))
      }
    }
    task.join()
    #expect(ran.pointee == count)
  }

  @Test(
    "A normal kernel APC runs its kernel routine at APC_LEVEL and its normal one at PASSIVE_LEVEL")
  func normal() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    try kernel.run {
      APC.initialize(
        apc, thread: CurrentThread.thread, kernelRoutine: routine(test_kernel_routine()),
        normalRoutine: routine(test_normal_routine()), context: log)
      CurrentThread.enterCriticalRegion()
      #expect(APC.insert(apc, log, nil))
      #expect(!APC.insert(apc, log, nil))
      #expect(log.count == 0)
      CurrentThread.leaveCriticalRegion()
      #expect(log.entries == [0x201, 0x300])
    }
  }

  @Test("A user APC ends an alertable wait in user mode and runs as the thread leaves")
  func user() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    let event = kernel.makeEvent(.notification)
    let normal: APC.UserRoutine = { context, _, _ in
      context?.assumingMemoryBound(to: TestLog.self).add(r3_current()!.pointee.hostStack)
    }
    let status = try kernel.run {
      APC.initialize(
        apc, thread: CurrentThread.thread, kernelRoutine: routine(test_kernel_routine()),
        normalRoutine: unsafeBitCast(normal, to: UnsafeMutableRawPointer.self),
        mode: ProcessorMode.user, context: log)
      #expect(APC.insert(apc, log, nil))
      #expect(event.wait(WaitOptions(deadline: .poll)) == WaitStatus.timeout)
      let status = event.wait(WaitOptions(mode: ProcessorMode.user, isAlertable: true))
      #expect(log.count == 0)
      return status
    }
    #expect(status == WaitStatus.userAPC)
    #expect(log.entries == [0x201, 0])
  }

  @Test("Leaving the kernel in a critical region is bug check 0x1")
  func unbalanced() throws {
    let kernel = try TestMachine()
    let record = try kernel.bugCheck { CurrentThread.enterCriticalRegion() }
    #expect(record.code == 0x1)
  }

  @Test("A queued APC can be taken out")
  func remove() throws {
    let kernel = try TestMachine()
    let (log, apc) = (kernel.makeLog(), kernel.make(KAPC.self))
    try kernel.run {
      IRQL.raise(to: IRQL.apc)
      APC.queueSpecial(apc, to: CurrentThread.thread, Self.note, log)
      #expect(APC.remove(apc))
      #expect(!APC.remove(apc))
      IRQL.lower(to: IRQL.passive)
      #expect(log.count == 0)
    }
  }
}
