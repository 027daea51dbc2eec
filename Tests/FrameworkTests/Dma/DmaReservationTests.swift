import Machine
import Ring3
import TestSupport
import Testing

/// Map registers that are reserved, waited for, or not to be waited for: DMA version 3.
@Suite struct DmaReservationTests {
  private let bench: DmaBench
  private let enabler: UInt64

  init() throws {
    bench = try DmaBench(registers: 4)
    enabler = try bench.makeEnabler(Dma.packet64, version: 3)
    try bench.makePool(1 << 15, seed: 6)
  }

  private func reserve(_ transaction: UInt64, _ count: UInt64, direction: UInt64 = Dma.write) throws
    -> NTStatus
  {
    bench.status(try bench.control(0x815, transaction, direction, count, 0x77)[0])
  }

  @Test func `reserved registers are kept from transfer to transfer, until they are freed`() throws
  {
    let first = try bench.makeTransaction(enabler)
    #expect(try reserve(first, 3) == Dma.success)
    #expect(try bench.control(0x818)[..<3] == [1, 2, 0x77])
    let other = try bench.makeTransaction(enabler)
    try bench.setRun(run: 1, [.completes])
    _ = try bench.initialize(other, 8192)
    #expect(try bench.execute(other, run: 1) == Dma.success)
    for _ in 0..<2 {
      let figures = try bench.move(first, offset: 9, 12288)
      #expect(figures.errors == 0 && figures.transferred == 12288)
      #expect(bench.memory(12288) == Array(DmaBench.pattern(1 << 15, 6)[9..<12297]))
      #expect(try bench.run(1).calls == 0)
    }
    try bench.control(0x816, first)
    #expect(try bench.run(1).calls == 1)
  }

  @Test func `a transfer is as long as the reserved registers reach`() throws {
    let transaction = try bench.makeTransaction(enabler)
    #expect(try reserve(transaction, 2) == Dma.success)
    #expect(try bench.move(transaction, offset: 96, 12288).lengths == [8096, 4192])
    #expect(bench.memory(12288) == Array(DmaBench.pattern(1 << 15, 6)[96..<12384]))
  }

  @Test func `no number of registers means those of the buffer`() throws {
    let transaction = try bench.makeTransaction(enabler)
    _ = try bench.initialize(transaction, offset: 4095, 2)
    #expect(try reserve(transaction, 0) == Dma.success)
    #expect(try bench.move(transaction, 8192).lengths == [8192])
    #expect(try bench.move(transaction, 8193).lengths == [8192, 1])
  }

  @Test func `more registers than there are, or another profile, are refused`() throws {
    let transaction = try bench.makeTransaction(enabler)
    #expect(try reserve(transaction, 5) == Dma.insufficientResources)
    #expect(try bench.release(transaction) == Dma.success)
    #expect(try reserve(transaction, 1, direction: 2) == Dma.invalidParameter)
    #expect(try reserve(transaction, 4) == Dma.success)
    let list = try bench.makeEnabler(Dma.scatterGather64, version: 3)
    #expect(try reserve(bench.makeTransaction(list), 1) == Dma.invalidDeviceRequest)
    let old = try bench.makeEnabler(Dma.packet64)
    #expect(try reserve(bench.makeTransaction(old), 1) == Dma.invalidDeviceRequest)
  }

  @Test(arguments: ["without a number", "twice", "free without"])
  func `what the state forbids ends the kernel`(what: String) throws {
    let transaction = try bench.makeTransaction(enabler)
    if what == "twice" { _ = try reserve(transaction, 1) }
    let second = {
      switch what {
      case "without a number": _ = try reserve(transaction, 0)
      case "twice": _ = try reserve(transaction, 1)
      default: try bench.control(0x816, transaction)
      }
    }
    #expect(bench.isRefused(second))
  }

  @Test func `a transaction that waits for registers can be cancelled, once`() throws {
    let holder = try bench.makeTransaction(enabler)
    #expect(try reserve(holder, 4) == Dma.success)
    let transaction = try bench.makeTransaction(enabler)
    try bench.setRun()
    _ = try bench.initialize(transaction, 100)
    #expect(try bench.control(0x817, transaction)[0] & 0xFF == 0)
    #expect(try bench.execute(transaction) == Dma.success)
    #expect(try bench.control(0x817, transaction)[0] & 0xFF == 1)
    try bench.control(0x816, holder)
    #expect(try bench.run().calls == 0)
    #expect(try bench.release(transaction) == Dma.success)
    #expect(try bench.move(transaction, 100).transferred == 100)
    #expect(bench.isRefused { try bench.control(0x817, transaction) })
  }

  @Test func `a reservation that waits goes with its transaction`() throws {
    let holder = try bench.makeTransaction(enabler)
    #expect(try reserve(holder, 4) == Dma.success)
    let waiting = try bench.makeTransaction(enabler)
    #expect(try reserve(waiting, 2) == Dma.success)
    #expect(try bench.control(0x818)[0] == 1)
    try bench.delete(waiting)
    try bench.delete(holder)
    #expect(try bench.control(0x818)[0] == 1)
    #expect(try bench.move(bench.makeTransaction(enabler), 12288).errors == 0)
  }

  @Test func `what must not wait fails when there are no registers`() throws {
    let holder = try bench.makeTransaction(enabler)
    #expect(try reserve(holder, 4) == Dma.success)
    let transaction = try bench.makeTransaction(enabler)
    try bench.setRun()
    _ = try bench.initialize(transaction, 100)
    try bench.control(0x814, transaction, 1)
    #expect(try bench.execute(transaction) == Dma.insufficientResources)
    #expect(try bench.release(transaction) == Dma.success)
    try bench.control(0x816, holder)
    _ = try bench.initialize(transaction, 100)
    try bench.control(0x814, transaction, 1)
    #expect(try bench.execute(transaction) == Dma.success)
    #expect(try bench.run().transferred == 100)
  }
}
