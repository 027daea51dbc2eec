import CDriverKit
import CRing3
import Machine
import MachineTestSupport
import Testing

@Suite("DPCs")
struct DPCTests {
  private func makeDPC(
    _ kernel: TestMachine, _ log: UnsafeMutablePointer<TestLog>,
    _ address: UnsafeRawPointer = test_dpc()
  ) -> UnsafeMutablePointer<KDPC> {
    let dpc = kernel.make(KDPC.self)
    DPC.initialize(dpc, routine(address), log)
    return dpc
  }

  private func number(_ value: Int) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: value)
  }

  @Test("Below DISPATCH_LEVEL a DPC runs at once, at DISPATCH_LEVEL")
  func atOnce() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let dpc = makeDPC(kernel, log, test_dpc_level())
    try kernel.run {
      #expect(DPC.insert(dpc))
      #expect(log.entries == [0x102])
    }
  }

  @Test("At DISPATCH_LEVEL DPCs wait for the level to drop, and run in order, important ones first")
  func order() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let dpcs = (0..<4).map { _ in makeDPC(kernel, log) }
    dpcs[3].pointee.Importance = 2
    try kernel.run {
      IRQL.raise(to: IRQL.dispatch)
      for index in 0..<4 { #expect(DPC.insert(dpcs[index], number(index + 1))) }
      #expect(!DPC.insert(dpcs[0], number(9)))
      #expect(log.count == 0)
      IRQL.lower(to: IRQL.passive)
      #expect(log.entries == [4, 1, 2, 3])
    }
  }

  @Test("A DPC that was taken out does not run")
  func remove() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let dpcs = (0..<3).map { _ in makeDPC(kernel, log) }
    try kernel.run {
      IRQL.raise(to: IRQL.dispatch)
      for index in 0..<3 { DPC.insert(dpcs[index], number(index + 1)) }
      #expect(DPC.remove(dpcs[1]))
      #expect(!DPC.remove(dpcs[1]))
      IRQL.lower(to: IRQL.passive)
      #expect(log.entries == [1, 3])
    }
  }

  @Test("A DPC for another processor runs there")
  func target() throws {
    let kernel = try TestMachine { $0.processorCount = 2 }
    let log = kernel.makeLog()
    let dpc = kernel.make(KDPC.self)
    let routine: DPC.Routine = { dpc in
      dpc.pointee.DeferredContext.assumingMemoryBound(to: TestLog.self)
        .add(UInt64(CurrentThread.pointer.pointee.processorNumber))
    }
    DPC.initialize(dpc, host: routine, log)
    for number in 0..<2 {
      try kernel.run {
        dpc.pointee.Number = 0x500 + UInt16(number)
        #expect(DPC.insert(dpc))
      }
      #expect(eventually { log.count == number + 1 })
    }
    #expect(log.entries == [0, 1])
  }

  @Test("Flushing returns when everything queued has run")
  func flush() throws {
    let kernel = try TestMachine { $0.processorCount = 4 }
    let log = kernel.makeLog()
    let dpcs = (0..<4).map { _ in makeDPC(kernel, log) }
    try kernel.run {
      for index in 0..<4 {
        dpcs[index].pointee.Number = 0x500 + UInt16(index)
        DPC.insert(dpcs[index], number(index + 1))
      }
      DPC.flush()
      #expect(log.entries.sorted() == [1, 2, 3, 4])
    }
  }

  @Test("Waiting in a DPC is bug check 0xB8")
  func wait() throws {
    let kernel = try TestMachine()
    let dpc = kernel.make(KDPC.self)
    let event = kernel.makeEvent(.notification)
    let routine: DPC.Routine = { dpc in
      Event(dpc.pointee.DeferredContext.assumingMemoryBound(to: KEVENT.self)).wait()
    }
    DPC.initialize(dpc, host: routine, event.pointer)
    #expect(try kernel.bugCheck { DPC.insert(dpc) }.code == 0xB8)
  }

  @Test("A DPC that returns at another level is bug check 0xC8")
  func badLevel() throws {
    let kernel = try TestMachine()
    let dpc = kernel.make(KDPC.self)
    let routine: DPC.Routine = { _ in IRQL.raise(to: IRQL.high) }
    DPC.initialize(dpc, host: routine, nil)
    #expect(try kernel.bugCheck { DPC.insert(dpc) }.code == 0xC8)
  }
}
