import CDriverKit
import CRing3
import Glibc
import Machine
import Testing

@Suite("Resources")
struct ResourceTests {
  private func makeResource(_ kernel: TestMachine) throws -> Resource {
    let resource = Resource(kernel.make(ERESOURCE.self))
    try kernel.run { resource.initialize() }
    return resource
  }

  @Test("The exclusive owner may take it again, also shared")
  func recursion() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    try kernel.run {
      #expect(resource.acquireExclusive())
      #expect(resource.acquireExclusive())
      #expect(resource.acquireShared())
      #expect(resource.isAcquiredExclusive)
      #expect(resource.acquiredCount == 3)
      for _ in 0..<3 { resource.release() }
      #expect(resource.acquiredCount == 0)
      #expect(resource.pointer.pointee.ActiveEntries == 0)
      resource.delete()
    }
  }

  @Test("Another thread that does not wait is refused")
  func refused() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    try kernel.run { _ = resource.acquireExclusive() }
    kernel.start {
      #expect(!resource.acquireExclusive(canWait: false))
      #expect(!resource.acquireShared(canWait: false))
    }.join()
    try kernel.run {
      resource.convertToShared()
      #expect(!resource.isAcquiredExclusive)
    }
    kernel.start {
      #expect(!resource.acquireExclusive(canWait: false))
      #expect(resource.acquireShared(canWait: false))
      resource.release()
    }.join()
    try kernel.run { resource.release() }
  }

  @Test("A writer that waits goes before new readers, but not before starving ones")
  func fairness() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    try kernel.run { _ = resource.acquireShared() }
    let writer = kernel.start {
      _ = resource.acquireExclusive()
      resource.release()
    }
    #expect(eventually { resource.pointer.pointee.NumberOfExclusiveWaiters == 1 })
    kernel.start {
      #expect(!resource.acquireShared(canWait: false))
      #expect(!resource.acquireShared(canWait: false, .waitForExclusive))
      #expect(resource.acquireShared(canWait: false, .starveExclusive))
      resource.release()
    }.join()
    try kernel.run {
      // Who has it already may have it again.
      #expect(resource.acquireShared(canWait: false))
      resource.release()
      resource.release()
    }
    writer.join()
    #expect(resource.pointer.pointee.ActiveEntries == 0)
  }

  @Test("Readers and writers on four threads")
  func many() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    let values = kernel.make(UInt64.self, count: 2)
    let torn = kernel.make(UInt32.self)
    let tasks = (0..<4).map { index in
      kernel.start {
        for turn in 0..<400 {
          if index < 2 {
            _ = resource.acquireExclusive()
            values[0] += 1
            if turn % 40 == 0 { sched_yield() }
            values[1] += 1
          } else {
            _ = resource.acquireShared()
            if values[0] != values[1] { r3_add32(torn, 1) }
          }
          resource.release()
        }
      }
    }
    for task in tasks { task.join() }
    #expect(torn.pointee == 0 && values[0] == 800)
    #expect(resource.pointer.pointee.ActiveEntries == 0)
    try kernel.run { resource.delete() }
  }

  @Test("Releasing what one does not have is bug check 0xE3")
  func notOwned() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    #expect(try kernel.bugCheck { resource.release() }.code == 0xE3)
  }

  @Test("Another owner may release after the owner pointer was set")
  func owner() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    try kernel.run {
      _ = resource.acquireShared()
      resource.setOwner(0x1003)
      #expect(resource.acquiredCount == 0)
      resource.release(for: 0x1003)
      #expect(resource.pointer.pointee.ActiveEntries == 0)
    }
  }

  @Test("A resource in memory that is freed is found")
  func freed() throws {
    let kernel = try TestMachine()
    let resource = try makeResource(kernel)
    let address = UInt(bitPattern: resource.pointer)
    try kernel.run {
      #expect(Machine.current.activeResource(in: address..<address + 8) == resource.pointer)
      resource.delete()
      #expect(Machine.current.activeResource(in: address..<address + 8) == nil)
    }
  }
}
