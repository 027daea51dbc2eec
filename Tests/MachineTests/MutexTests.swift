import CDriverKit
import CRing3
import Machine
import Testing

@Suite("Mutexes and semaphores")
struct MutexTests {
  private func makeMutex(_ kernel: TestMachine, disablesAPCs: Bool = true) -> Mutant {
    let mutex = Mutant(kernel.make(KMUTANT.self))
    mutex.initialize(disablesAPCs: disablesAPCs)
    return mutex
  }

  private func acquire(_ mutex: Mutant, _ deadline: Deadline = .never) -> Int32 {
    Wait.forObject(UnsafeMutableRawPointer(mutex.pointer), WaitOptions(deadline: deadline))
  }

  @Test("The owner may acquire a mutex again, and releases it as often")
  func recursion() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    try kernel.run {
      #expect(acquire(mutex) == WaitStatus.success)
      #expect(acquire(mutex) == WaitStatus.success)
      #expect(mutex.pointer.pointee.Header.SignalState == -1)
      #expect((try? mutex.release()) == -1)
      #expect((try? mutex.release()) == 0)
      #expect(mutex.pointer.pointee.Header.SignalState == 1)
      #expect(throws: Mutant.ReleaseError.notOwned) { try mutex.release() }
    }
  }

  @Test("A mutex keeps others out")
  func exclusion() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    let count = kernel.make(UInt64.self)
    let tasks = (0..<4).map { _ in
      kernel.start {
        for _ in 0..<500 {
          _ = Wait.forObject(UnsafeMutableRawPointer(mutex.pointer))
          count.pointee += 1
          _ = try? mutex.release()
        }
      }
    }
    for task in tasks { task.join() }
    #expect(count.pointee == 2000)
  }

  @Test("A mutex of the kernel holds normal kernel APCs back")
  func holdsAPCs() throws {
    let kernel = try TestMachine()
    let mutex = makeMutex(kernel)
    try kernel.run {
      _ = acquire(mutex)
      #expect(CurrentThread.pointer.pointee.apcsDisabled == 1)
      _ = try? mutex.release()
      #expect(CurrentThread.pointer.pointee.apcsDisabled == 0)
    }
  }

  @Test("A semaphore counts down to zero and up to its limit")
  func semaphore() throws {
    let kernel = try TestMachine()
    let semaphore = Semaphore(kernel.make(KSEMAPHORE.self))
    semaphore.initialize(count: 2, limit: 3)
    try kernel.run {
      let object = UnsafeMutableRawPointer(semaphore.pointer)
      #expect(Wait.forObject(object) == WaitStatus.success)
      #expect(Wait.forObject(object) == WaitStatus.success)
      #expect(Wait.forObject(object, WaitOptions(deadline: .poll)) == WaitStatus.timeout)
      #expect(semaphore.release(3) == 0)
      #expect(semaphore.release(1) == nil)
    }
  }

  @Test("Releasing by n ends n waits")
  func semaphoreWakes() throws {
    let kernel = try TestMachine()
    let semaphore = Semaphore(kernel.make(KSEMAPHORE.self))
    semaphore.initialize(count: 0, limit: 10)
    let ended = kernel.make(UInt32.self)
    let tasks = (0..<3).map { _ in
      kernel.start {
        _ = Wait.forObject(UnsafeMutableRawPointer(semaphore.pointer))
        r3_add32(ended, 1)
      }
    }
    let object = UnsafeMutableRawPointer(semaphore.pointer)
    #expect(eventually { kernel.machine.waiterCount(object) == 3 })
    try kernel.run { _ = semaphore.release(2) }
    #expect(eventually { r3_load32(ended) == 2 })
    #expect(kernel.machine.waiterCount(object) == 1)
    try kernel.run { _ = semaphore.release(1) }
    for task in tasks { task.join() }
  }
}
