import CDriverKit
import CRing3
import Glibc
import Machine
import Testing

@Suite("Mutexes, push locks, rundown protection, remove locks")
struct LockTests {
  /// Four threads that each count up under a lock.
  private func contend(
    _ kernel: TestMachine, _ acquire: @escaping () -> Void, _ release: @escaping () -> Void
  ) -> UInt64 {
    let count = kernel.make(UInt64.self)
    let tasks = (0..<4).map { _ in
      kernel.start {
        for index in 0..<500 {
          acquire()
          let seen = count.pointee
          if index % 50 == 0 { sched_yield() }
          count.pointee = seen + 1
          release()
        }
      }
    }
    for task in tasks { task.join() }
    return count.pointee
  }

  private func makeMutex(_ kernel: TestMachine) -> FastMutex {
    let mutex = FastMutex(kernel.make(FAST_MUTEX.self))
    mutex.initialize()
    return mutex
  }

  @Test("A fast mutex keeps others out")
  func fastMutex() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    #expect(contend(kernel, { mutex.acquire() }, { mutex.release() }) == 2000)
    #expect(mutex.pointer.pointee.Count == 1)
  }

  @Test("Taking a fast mutex twice is bug check 0xBF")
  func fastMutexTwice() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    let record = try kernel.bugCheck {
      mutex.acquire()
      #expect(!mutex.tryAcquire())
      mutex.acquire()
    }
    #expect(record.code == 0xBF)
  }

  @Test("Releasing a fast mutex of nobody is bug check 0x11")
  func fastMutexNotOwned() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    #expect(try kernel.bugCheck { mutex.release() }.code == 0x11)
  }

  @Test("A push lock keeps writers apart")
  func pushLockExclusive() throws {
    let kernel = try TestMachine()
    let lock = PushLock(kernel.make(UInt64.self))
    #expect(contend(kernel, { lock.acquireExclusive() }, { lock.releaseExclusive() }) == 2000)
    #expect(lock.pointer.pointee == 0)
  }

  @Test("A push lock lets readers in together, and never with a writer")
  func pushLockShared() throws {
    let kernel = try TestMachine()
    let lock = PushLock(kernel.make(UInt64.self))
    let readers = kernel.make(UInt32.self)
    let violations = kernel.make(UInt32.self)
    let writes = kernel.make(UInt64.self)
    let tasks = (0..<4).map { index in
      kernel.start {
        for _ in 0..<500 {
          if index == 0 {
            lock.acquireExclusive()
            if r3_load32(readers) != 0 { r3_add32(violations, 1) }
            writes.pointee += 1
            lock.releaseExclusive()
          } else {
            lock.acquireShared()
            r3_add32(readers, 1)
            r3_add32(readers, .max)
            lock.release()
          }
        }
      }
    }
    for task in tasks { task.join() }
    #expect(violations.pointee == 0 && writes.pointee == 500)
    #expect(lock.pointer.pointee == 0)
    try kernel.run {
      #expect(lock.tryAcquireShared() && lock.tryAcquireShared() && !lock.tryAcquireExclusive())
      lock.releaseShared()
      lock.releaseShared()
    }
  }

  @Test("Releasing a push lock that nobody has is bug check 0xE3")
  func pushLockNotOwned() throws {
    let kernel = try TestMachine()
    let lock = PushLock(kernel.make(UInt64.self))
    #expect(try kernel.bugCheck { lock.releaseShared() }.code == 0xE3)
  }

  @Test("Rundown waits for the users and lets no new one in")
  func rundown() throws {
    let kernel = try TestMachine()
    let protection = RundownProtection(kernel.make(UInt64.self))
    let isDone = kernel.make(UInt32.self)
    try kernel.run {
      #expect(protection.acquire())
      #expect(protection.acquire(2))
    }
    let task = kernel.start {
      protection.wait()
      r3_store32(isDone, 1)
    }
    #expect(eventually { r3_load64(protection.pointer) & 1 == 1 })
    try kernel.run {
      #expect(!protection.acquire())
      protection.release(2)
      #expect(r3_load32(isDone) == 0)
      protection.release()
    }
    task.join()
    #expect(r3_load32(isDone) == 1)
    try kernel.run {
      protection.wait()
      protection.initialize()
      #expect(protection.acquire())
    }
  }

  @Test("A remove lock refuses after the removal, which waits for who has it")
  func removeLock() throws {
    let kernel = try TestMachine()
    let lock = RemoveLock(kernel.make(IO_REMOVE_LOCK.self))
    let isDone = kernel.make(UInt32.self)
    try kernel.run {
      lock.initialize()
      #expect(lock.acquire())
    }
    let task = kernel.start {
      #expect(lock.acquire())
      lock.releaseAndWait()
      r3_store32(isDone, 1)
    }
    #expect(eventually { lock.pointer.pointee.Common.Removed == 1 })
    try kernel.run {
      #expect(!lock.acquire())
      #expect(r3_load32(isDone) == 0)
      lock.release()
    }
    task.join()
    #expect(lock.pointer.pointee.Common.IoCount == 0)
  }

  @Test("A device queue is busy with one entry and keeps others by key")
  func deviceQueue() throws {
    let kernel = try TestMachine()
    let queue = DeviceQueue(kernel.make(KDEVICE_QUEUE.self))
    let entries = kernel.make(KDEVICE_QUEUE_ENTRY.self, count: 5)
    try kernel.run {
      queue.initialize()
      #expect(!queue.insert(entries))
      for (index, key) in [30, 10, 20, 10].enumerated() {
        #expect(queue.insert(entries + index + 1, key: UInt32(key)))
      }
      #expect(queue.remove(key: 15) == entries + 3)
      #expect(queue.remove() == entries + 2)
      #expect(queue.remove(entries + 4))
      #expect(!queue.remove(entries + 4))
      #expect(queue.remove(key: 99) == entries + 1)
      #expect(queue.pointer.pointee.Busy == 1)
      #expect(queue.remove() == nil)
      #expect(queue.pointer.pointee.Busy == 0)
    }
  }
}
