import CDriverKit
import CRing3
import Machine
import Testing

@Suite("Events and waits")
struct EventTests {
  @Test("A notification event stays set, a synchronization event ends one wait")
  func kinds() throws {
    let kernel = try TestMachine()
    let notification = kernel.makeEvent(.notification, isSet: true)
    let synchronization = kernel.makeEvent(.synchronization, isSet: true)
    try kernel.run {
      #expect(notification.wait(WaitOptions(deadline: .poll)) == WaitStatus.success)
      #expect(notification.wait(WaitOptions(deadline: .poll)) == WaitStatus.success)
      #expect(synchronization.wait(WaitOptions(deadline: .poll)) == WaitStatus.success)
      #expect(synchronization.wait(WaitOptions(deadline: .poll)) == WaitStatus.timeout)
    }
  }

  @Test("Setting and resetting tell the state before")
  func stateBefore() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    try kernel.run {
      #expect(!event.set())
      #expect(event.set())
      #expect(event.reset())
      #expect(!event.reset())
      #expect(!event.pulse())
      #expect(!event.isSet)
    }
  }

  @Test("A thread that waits is woken by another")
  func wakes() throws {
    let kernel = try TestMachine()
    let ping = kernel.makeEvent(.synchronization)
    let pong = kernel.makeEvent(.synchronization)
    let other = kernel.start {
      for _ in 0..<500 {
        ping.wait()
        pong.set()
      }
    }
    try kernel.run {
      for _ in 0..<500 {
        ping.set()
        #expect(pong.wait() == WaitStatus.success)
      }
    }
    other.join()
  }

  @Test("A notification event ends all waits, a synchronization event one each", arguments: [0, 1])
  func waiters(kind: UInt8) throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(Event.Kind(rawValue: kind)!)
    let waiting = kernel.make(UInt32.self)
    let ended = kernel.make(UInt32.self)
    let tasks = (0..<3).map { _ in
      kernel.start {
        r3_add32(waiting, 1)
        event.wait()
        r3_add32(ended, 1)
      }
    }
    #expect(eventually { kernel.machine.waiterCount(event) == 3 })
    try kernel.run { _ = event.set() }
    if kind == 1 {
      #expect(eventually { r3_load32(ended) == 1 })
      try kernel.run { _ = event.set() }
      #expect(eventually { r3_load32(ended) == 2 })
      try kernel.run { _ = event.set() }
    }
    for task in tasks { task.join() }
    #expect(r3_load32(ended) == 3)
  }

  @Test("A pulse ends the waits of now and leaves the event reset")
  func pulse() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    let task = kernel.start { event.wait() }
    #expect(eventually { kernel.machine.waiterCount(event) == 1 })
    try kernel.run { _ = event.pulse() }
    task.join()
    #expect(!event.isSet)
  }

  @Test("Waiting for any gives the number of the object")
  func any() throws {
    let kernel = try TestMachine()
    let events = [kernel.makeEvent(.notification), kernel.makeEvent(.synchronization, isSet: true)]
    let blocks = kernel.make(KWAIT_BLOCK.self, count: 4)
    let status = try kernel.run {
      let objects = events.map { UnsafeMutableRawPointer($0.pointer) as UnsafeMutableRawPointer? }
      return Wait.forObjects(objects, 2, isAll: false, WaitOptions(), blocks)
    }
    #expect(status == 1)
    #expect(!events[1].isSet)
  }

  @Test("Waiting for all takes nothing until it can take everything")
  func all() throws {
    let kernel = try TestMachine()
    let first = kernel.makeEvent(.synchronization, isSet: true)
    let second = kernel.makeEvent(.synchronization)
    let blocks = kernel.make(KWAIT_BLOCK.self, count: 4)
    let result = kernel.make(Int32.self)
    let task = kernel.start {
      let objects = [first, second].map {
        UnsafeMutableRawPointer($0.pointer) as UnsafeMutableRawPointer?
      }
      result.pointee = 1 + Wait.forObjects(objects, 2, isAll: true, WaitOptions(), blocks)
    }
    #expect(eventually { kernel.machine.waiterCount(second) == 1 })
    #expect(first.isSet)
    try kernel.run { _ = second.set() }
    task.join()
    #expect(result.pointee == 1)
    #expect(!first.isSet && !second.isSet)
  }

  @Test("A wait ends when its time is over")
  func timeout() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    try kernel.run {
      let start = Machine.current.interruptTime
      let status = event.wait(WaitOptions(deadline: .after(milliseconds: 3)))
      #expect(status == WaitStatus.timeout)
      #expect(Machine.current.interruptTime - start >= 30_000)
      #expect(event.pointer.pointee.Header.WaitListHead.Flink == event.waitListHead)
    }
  }

  @Test("With a manual clock a wait ends when time is moved there")
  func manualTimeout() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let event = kernel.makeEvent(.notification)
    let status = kernel.make(Int32.self)
    let task = kernel.start {
      status.pointee = event.wait(WaitOptions(deadline: .after(milliseconds: 1000)))
    }
    #expect(eventually { kernel.machine.waiterCount(event) == 1 })
    try kernel.machine.advanceTime(by: 9_999_999)
    #expect(kernel.machine.waiterCount(event) == 1)
    try kernel.machine.advanceTime(by: 1)
    task.join()
    #expect(status.pointee == WaitStatus.timeout)
  }

  @Test("An absolute timeout is a system time")
  func absolute() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    try kernel.run {
      let machine = Machine.current
      let deadline = Deadline(units: Int64(machine.systemTime + 500))
      #expect(deadline.time == machine.interruptTime + 500)
      #expect(Deadline(units: 1).time == 1)
    }
  }

  @Test("Waiting at DISPATCH_LEVEL is bug check 0xA, looking is not")
  func level() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    try kernel.run {
      IRQL.atDispatch {
        #expect(event.wait(WaitOptions(deadline: .poll)) == WaitStatus.timeout)
      }
    }
    let record = try kernel.bugCheck {
      IRQL.raise(to: IRQL.dispatch)
      event.wait()
    }
    #expect(record.code == 0xA)
  }

  @Test("A thread that waits leaves after a bug check")
  func halted() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    let task = kernel.start { event.wait() }
    #expect(eventually { kernel.machine.waiterCount(event) == 1 })
    let record = try kernel.bugCheck { Machine.current.bugCheck(0xDEAD) }
    task.join()
    #expect(record.code == 0xDEAD)
  }

  @Test("An alert ends an alertable wait only")
  func alert() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification)
    try kernel.run {
      CurrentThread.thread.alert()
      #expect(event.wait(WaitOptions(deadline: .poll)) == WaitStatus.timeout)
      #expect(
        event.wait(WaitOptions(isAlertable: true, deadline: .never)) == WaitStatus.alerted)
    }
  }

  @Test("Four objects need wait blocks: bug check 0xC")
  func tooMany() throws {
    let kernel = try TestMachine()
    let event = kernel.makeEvent(.notification, isSet: true)
    let record = try kernel.bugCheck {
      let objects = Array(
        repeating: UnsafeMutableRawPointer(event.pointer) as UnsafeMutableRawPointer?, count: 4)
      objects.withUnsafeBufferPointer {
        _ = Wait.forObjects($0, blocks: nil, isAll: false, WaitOptions())
      }
    }
    #expect(record.code == 0xC)
  }
}

extension Event {
  var waitListHead: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + 8).assumingMemoryBound(to: LIST_ENTRY.self)
  }
}

extension Machine {
  /// Wait blocks in the list of an event.
  func waiterCount(_ event: Event) -> Int { waiterCount(UnsafeMutableRawPointer(event.pointer)) }

  func waiterCount(_ object: UnsafeMutableRawPointer) -> Int {
    (try? inside(systemProcess) {
      lockDispatcher()
      let head = (object + 8).assumingMemoryBound(to: LIST_ENTRY.self)
      var count = 0
      var next = head.next(in: head)
      while let entry = next {
        count += 1
        next = entry.next(in: head)
      }
      unlockDispatcher()
      return count
    }) ?? -1
  }
}
