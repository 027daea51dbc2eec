import CDriverKit
import CRing3
import Glibc
import Machine
import Testing

@Suite("Spin locks")
struct SpinLockTests {
  @Test("A spin lock keeps threads on other processors out")
  func exclusion() throws {
    let kernel = try TestMachine { $0.processorCount = 4 }
    let lock = SpinLock(kernel.make(UInt64.self))
    let count = kernel.make(UInt64.self)
    let tasks = (0..<4).map { _ in
      kernel.start {
        for _ in 0..<2000 {
          let old = lock.acquireRaising()
          count.pointee += 1
          lock.release(lowerTo: old)
        }
      }
    }
    for task in tasks { task.join() }
    #expect(count.pointee == 8000)
    #expect(lock.pointer.pointee == 0)
  }

  @Test("A lock that is held is not tried, and is seen as held")
  func tryAcquire() throws {
    let kernel = try TestMachine()
    let lock = SpinLock(kernel.make(UInt64.self))
    try kernel.run {
      let old = lock.acquireRaising()
      #expect(CurrentThread.irql == IRQL.dispatch)
      #expect(lock.isHeld && !lock.tryAcquire())
      lock.release(lowerTo: old)
      #expect(!lock.isHeld)
    }
  }

  @Test("Taking a lock twice is bug check 0xF")
  func twice() throws {
    let kernel = try TestMachine()
    let lock = SpinLock(kernel.make(UInt64.self))
    let record = try kernel.bugCheck {
      _ = lock.acquireRaising()
      lock.acquire()
    }
    #expect(record.code == 0xF)
  }

  @Test("Releasing a lock that one does not own is bug check 0x10")
  func notOwned() throws {
    let kernel = try TestMachine()
    let lock = SpinLock(kernel.make(UInt64.self))
    #expect(try kernel.bugCheck { lock.release() }.code == 0x10)
  }

  @Test("Two threads that wait for each other's lock are ended by the watchdog")
  func deadlock() throws {
    let kernel = try TestMachine { $0.raisedLevelSeconds = 0.05 }
    let (first, second) = (
      SpinLock(kernel.make(UInt64.self)), SpinLock(kernel.make(UInt64.self))
    )
    let ready = kernel.make(UInt32.self)
    func cross(_ one: SpinLock, _ other: SpinLock) {
      Machine.current.ensureService()
      _ = one.acquireRaising()
      r3_add32(ready, 1)
      while r3_load32(ready) < 2 { r3_pause() }
      other.acquire()
    }
    let task = kernel.start { cross(first, second) }
    #expect(try kernel.bugCheck { cross(second, first) }.code == 0x133)
    task.join()
  }

  @Test("Readers share an EX_SPIN_LOCK, a writer has it alone")
  func shared() throws {
    let kernel = try TestMachine()
    let lock = SharedSpinLock(kernel.make(Int32.self))
    try kernel.run {
      lock.acquireShared()
      lock.acquireShared()
      #expect(!lock.tryAcquireExclusive())
      #expect(!lock.tryConvert())
      lock.releaseShared()
      #expect(lock.tryConvert())
      #expect(!lock.tryAcquireShared())
      lock.releaseExclusive()
      #expect(lock.pointer.pointee == 0)
    }
  }

  @Test("Readers and writers of an EX_SPIN_LOCK on four threads")
  func sharedMany() throws {
    let kernel = try TestMachine { $0.processorCount = 4 }
    let lock = SharedSpinLock(kernel.make(Int32.self))
    let values = kernel.make(UInt64.self, count: 2)
    let torn = kernel.make(UInt32.self)
    let tasks = (0..<4).map { index in
      kernel.start {
        for _ in 0..<1000 {
          let old = IRQL.raise(to: IRQL.dispatch)
          if index == 0 {
            lock.acquireExclusive()
            values[0] += 1
            values[1] += 1
            lock.releaseExclusive()
          } else {
            lock.acquireShared()
            if values[0] != values[1] { r3_add32(torn, 1) }
            lock.releaseShared()
          }
          IRQL.lower(to: old)
        }
      }
    }
    for task in tasks { task.join() }
    #expect(torn.pointee == 0)
    #expect(values[0] == 1000)
  }
}
