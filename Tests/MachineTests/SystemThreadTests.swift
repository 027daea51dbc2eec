import CDriverKit
import CRing3
import Glibc
import Machine
import MachineTestSupport
import Testing

@Suite("System threads and work items")
struct SystemThreadTests {
  private func wait(for thread: Thread) -> Int32 {
    Wait.forObject(UnsafeMutableRawPointer(thread.pointer))
  }

  @Test("A system thread runs its routine and is signalled when it ends")
  func runs() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    try kernel.run {
      let thread = try? Machine.current.startSystemThread(routine(test_worker()), log)
      guard let thread else {
        Issue.record("No thread.")
        return
      }
      #expect(wait(for: thread) == WaitStatus.success)
      #expect(thread.isEnded && thread.exitStatus == 0)
      #expect(thread.process == Machine.current.systemProcess)
      #expect(wait(for: thread) == WaitStatus.success)
    }
    #expect(log.entries == [1])
    #expect(kernel.machine.runningSystemThreads.isEmpty)
  }

  @Test("A hundred threads come and go")
  func many() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    try kernel.run {
      for _ in 0..<25 {
        let threads = (0..<4).compactMap { _ in
          try? Machine.current.startSystemThread(routine(test_worker()), log)
        }
        for thread in threads { _ = wait(for: thread) }
      }
    }
    #expect(log.count == 100)
  }

  @Test("A machine ends with threads that wait and threads that loop in driver code")
  func forced() throws {
    let log = UnsafeMutablePointer<TestLog>.allocate(capacity: 1)
    log.initialize(to: TestLog())
    defer { log.deallocate() }
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    try kernel.run {
      _ = try? Machine.current.startSystemThread(routine(test_loop()), log)
      _ = try? Machine.current.startSystemThread(
        host: { event in
          Event(event!.assumingMemoryBound(to: KEVENT.self)).wait()
        }, event.pointer)
    }
    #expect(eventually { kernel.machine.waiterCount(event) == 1 })
    #expect(kernel.machine.runningSystemThreads.count == 2)
    // `kernel` goes here, and its machine with it.
  }

  @Test("Threads in driver code leave after a bug check")
  func halted() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let record = try kernel.bugCheck {
      _ = try? Machine.current.startSystemThread(routine(test_loop()), log)
      Machine.current.bugCheck(0xE2)
    }
    #expect(record.code == 0xE2)
    #expect(eventually { !kernel.machine.hasThreadInside })
  }

  @Test("A thread that ends with a mutex of the kernel is bug check 0x4000008A")
  func heldMutex() throws {
    let kernel = try TestMachine()
    let mutex = Mutant(kernel.make(KMUTANT.self))
    mutex.initialize(disablesAPCs: true)
    let record = try kernel.bugCheck {
      let thread = try? Machine.current.startSystemThread(
        host: { _ = Wait.forObject($0!) }, mutex.pointer)
      if let thread { _ = wait(for: thread) }
    }
    #expect(record.code == 0x4000_008A)
  }

  @Test("A mutex of a process whose owner ends is abandoned, and the next owner is told")
  func abandoned() throws {
    let kernel = try TestMachine()
    let mutex = Mutant(kernel.make(KMUTANT.self))
    mutex.initialize(disablesAPCs: false)
    kernel.start { _ = Wait.forObject(UnsafeMutableRawPointer(mutex.pointer)) }.join()
    try kernel.run {
      let object = UnsafeMutableRawPointer(mutex.pointer)
      #expect(Wait.forObject(object) == WaitStatus.abandoned)
      #expect((try? mutex.release()) == 0)
      #expect(Wait.forObject(object) == WaitStatus.success)
      _ = try? mutex.release()
    }
  }

  @Test("A thread that ends at raised level is bug check 0x20")
  func raised() throws {
    let kernel = try TestMachine()
    let record = try kernel.bugCheck {
      let thread = try? Machine.current.startSystemThread(
        host: { _ in IRQL.raise(to: IRQL.apc) }, nil)
      if let thread { _ = wait(for: thread) }
    }
    #expect(record.code == 0x20)
  }

  @Test("Work runs in worker threads, at PASSIVE_LEVEL")
  func work() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let items = kernel.make(WORK_QUEUE_ITEM.self, count: 40)
    try kernel.run {
      IRQL.raise(to: IRQL.dispatch)
      for index in 0..<40 {
        items[index].WorkerRoutine = routine(test_worker())
        items[index].Parameter = UnsafeMutableRawPointer(log)
        Machine.current.workers.queue(items + index)
      }
      IRQL.lower(to: IRQL.passive)
    }
    #expect(eventually { log.count == 40 })
  }

  @Test("Work may wait for work that comes after it")
  func dependentWork() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    let done = kernel.makeEvent(.notification)
    let pair = kernel.make(UnsafeMutablePointer<KEVENT>.self, count: 2)
    pair[0] = event.pointer
    pair[1] = done.pointer
    try kernel.run {
      Machine.current.workers.queue(
        { pair in
          let events = pair!.assumingMemoryBound(to: UnsafeMutablePointer<KEVENT>.self)
          Event(events[0]).wait()
          Event(events[1]).set()
        }, pair)
      Machine.current.workers.queue(
        { Event($0!.assumingMemoryBound(to: KEVENT.self)).set() }, event.pointer)
      #expect(done.wait() == WaitStatus.success)
    }
  }

  @Test("Queueing an item twice is bug check 0xE4")
  func twice() throws {
    let kernel = try TestMachine()
    let item = kernel.make(WORK_QUEUE_ITEM.self)
    let record = try kernel.bugCheck {
      item.pointee.WorkerRoutine = routine(test_worker())
      item.pointee.List.Flink = UnsafeMutableRawPointer(item).assumingMemoryBound(
        to: LIST_ENTRY.self)
      Machine.current.workers.queue(item)
    }
    #expect(record.code == 0xE4)
  }

  @Test("Work that returns at another level is bug check 0xE1")
  func badLevel() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    let record = try kernel.bugCheck {
      Machine.current.workers.queue({ _ in IRQL.raise(to: IRQL.dispatch) }, nil)
      event.wait()
    }
    #expect(record.code == 0xE1)
  }

  @Test("A thread attached to a process has its addresses until it detaches")
  func attach() throws {
    let kernel = try TestMachine()
    let process = try kernel.machine.makeProcess("other")
    try kernel.run {
      let before = CurrentThread.attach(to: process)
      #expect(CurrentThread.process == process)
      #expect(CurrentThread.thread.process == before)
      CurrentThread.detach(to: before)
      #expect(CurrentThread.process == before)
    }
  }

  @Test("A thread with an affinity runs on those processors")
  func affinity() throws {
    let kernel = try TestMachine { $0.processorCount = 4 }
    try kernel.run {
      for number in 0..<4 {
        CurrentThread.setAffinity(1 << UInt64(number))
        IRQL.raise(to: IRQL.dispatch)
        #expect(Int(CurrentThread.pointer.pointee.processorNumber) == number)
        IRQL.lower(to: IRQL.passive)
      }
      #expect(CurrentThread.setAffinity(.max) == 8)
    }
  }
}
