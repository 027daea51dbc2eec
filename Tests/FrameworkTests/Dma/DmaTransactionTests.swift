import Machine
import Ring3
import TestSupport
import Testing

@Suite struct DmaTransactionTests {
  private func bench(
    _ profile: UInt64 = Dma.scatterGather64, _ length: UInt64 = 1 << 16, version: UInt64 = 0,
    registers: Int? = nil, pool: Int = 1 << 17
  ) throws -> (bench: DmaBench, enabler: UInt64, transaction: UInt64) {
    let bench = try DmaBench(registers: registers)
    let enabler = try bench.makeEnabler(profile, length, version: version)
    try bench.makePool(pool, seed: 1)
    return (bench, enabler, try bench.makeTransaction(enabler))
  }

  @Test("DMA-08: the parent of a transaction is the enabler, and no other can be given")
  func parent() throws {
    let (bench, enabler, transaction) = try bench()
    let refused = try bench.control(0x805, enabler, bench.device)
    #expect(bench.status(refused[0]) == Dma.parentAssignmentNotAllowed)
    #expect(refused[1] == 0)
    #expect(try bench.query(transaction).device == bench.device)
    try bench.delete(enabler)
    // It went with the enabler: its handle is none any more.
    let bugCheck = bench.bugCheck { _ = try bench.query(transaction) }
    #expect(bugCheck?.code.rawValue == 0x10D && bugCheck?.parameter1 == 5)
  }

  @Test("DMA-09: no MDL, or no EvtProgramDma, is a missing parameter", arguments: [2, 3])
  func missing(form: UInt64) throws {
    let (bench, _, transaction) = try bench()
    let bugCheck = bench.bugCheck { _ = try bench.initialize(transaction, 100, form: form) }
    #expect(bugCheck?.code.rawValue == 0x10D && bugCheck?.parameter1 == 4)
  }

  @Test("DMA-09: a chain of MDLs is one buffer for adapters with scatter/gather")
  func chain() throws {
    let (bench, _, transaction) = try bench(pool: 5000)
    try bench.makePool(7000, index: 1, seed: 50)
    try bench.setRun()
    #expect(
      try bench.initialize(transaction, offset: 1000, 10000, chained: 1) == Dma.success)
    #expect(try bench.execute(transaction) == Dma.success)
    #expect(try bench.run().errors == 0)
    #expect(
      bench.memory(10000)
        == Array(DmaBench.pattern(5000, 1)[1000...] + DmaBench.pattern(7000, 50)[..<6000]))
  }

  @Test("DMA-09: packets know no chains before version 3")
  func packetChain() throws {
    let bench = try DmaBench()
    try bench.makePool(5000)
    try bench.makePool(5000, index: 1)
    let old = try bench.makeTransaction(try bench.makeEnabler(Dma.packet64))
    #expect(try bench.initialize(old, 6000, chained: 1) == Dma.invalidParameter)
    let new = try bench.makeTransaction(try bench.makeEnabler(Dma.packet64, version: 3))
    let figures = try bench.move(new, 10000)
    #expect(figures.errors == 0 && figures.mostElements == 1)
    #expect(bench.memory(10000) == DmaBench.pattern(5000) + DmaBench.pattern(5000))
  }

  @Test(
    "DMA-10: a range that is empty or not in the buffer, or no direction, is refused",
    arguments: [
      (1, 0, 0), (2, 0, 100), (1, -1, 100), (1, 5000, 1), (1, 0, 5001), (1, 4999, 2),
    ])
  func ranges(direction: UInt64, offset: Int, length: Int) throws {
    let (bench, _, transaction) = try bench(pool: 5000)
    #expect(
      try bench.initialize(transaction, direction: direction, offset: offset, length)
        == Dma.invalidParameter)
    #expect(try bench.initialize(transaction, offset: 4999, 1) == Dma.success)
  }

  @Test("DMA-11: more pages than the device takes elements are too fragmented")
  func fragmented() throws {
    let (bench, enabler, transaction) = try bench()
    try bench.control(0x804, enabler, 2)
    #expect(try bench.initialize(transaction, 5 << 12) == Dma.tooFragmented)
    #expect(try bench.initialize(transaction, 2 << 12) == Dma.success)
    #expect(try bench.release(transaction) == Dma.success)
    try bench.useForRequests(transaction, Dma.write, onlyInitializes: true)
    let error = #expect(throws: KernelError.self) {
      try bench.file.write([UInt8](repeating: 1, count: 5 << 12))
    }
    // What only the framework knows becomes a status of the system.
    #expect(error?.status == Dma.invalidDeviceRequest)
  }

  @Test(
    "DMA-11: a transfer that got too fragmented later fails in Execute, or ends the transaction")
  func fragmentedLater() throws {
    let (bench, enabler, transaction) = try bench(length: 4096)
    #expect(try bench.initialize(transaction, 8192) == Dma.success)
    try bench.control(0x804, enabler, 1)
    // The pool begins at a page; a transfer that begins elsewhere touches two.
    try bench.setRun([.completes], .halves)
    #expect(try bench.execute(transaction) == Dma.success)
    let figures = try bench.run()
    #expect(figures.calls == 1 && figures.trues == 1 && figures.status == Dma.tooFragmented)
    #expect(figures.transferred == 2048)
  }

  private func bench(length: UInt64) throws -> (
    bench: DmaBench, enabler: UInt64, transaction: UInt64
  ) {
    try bench(Dma.scatterGather64, length)
  }

  @Test("DMA-12: what has to be one transfer must not be longer than one")
  func single() throws {
    let (bench, _, transaction) = try bench(Dma.scatterGather64, 16384, version: 3)
    try bench.control(0x813, transaction, 1)
    #expect(try bench.initialize(transaction, 16385) == Dma.tooManyTransfers)
    // That the transaction is released, and as new, is the framework's way.
    #expect(try bench.initialize(transaction, 16385) == Dma.success)
    #expect(try bench.release(transaction) == Dma.success)
    try bench.control(0x813, transaction, 1)
    #expect(try bench.move(transaction, 16384).lengths == [16384])
  }

  @Test("DMA-12: what has to be one transfer needs map registers for all of it")
  func singleRegisters() throws {
    let (bench, enabler, _) = try bench(
      Dma.scatterGather64, 1 << 16, version: 3, registers: 4)
    let transaction = try bench.makeTransaction(enabler)
    try bench.control(0x813, transaction, 1)
    #expect(try bench.initialize(transaction, 5 << 12) == Dma.notEnoughMapRegisters)
    try bench.control(0x813, transaction, 1)
    #expect(try bench.move(transaction, 4 << 12).lengths == [4 << 12])
    // Without the requirement: three pages at a time, wherever they begin.
    #expect(try bench.move(transaction, 5 << 12).lengths == [3 << 12, 2 << 12])
  }

  @Test("DMA-12: a transfer that is shorter than it was to be ends what has to be one")
  func singleShort() throws {
    let (bench, enabler, _) = try bench(Dma.packet64, 1 << 16, version: 3)
    let transaction = try bench.makeTransaction(enabler)
    try bench.control(0x813, transaction, 1)
    let figures = try bench.move(transaction, 1000, [.completes], .halves)
    #expect(figures.trues == 1 && figures.status == Dma.tooManyTransfers)
  }

  @Test(
    "DMA-15: an offset lies in the first MDL",
    arguments: [(0, true), (2500, true), (4999, true), (5000, false), (1 << 40, false)])
  func offsets(offset: Int, isGood: Bool) throws {
    let (bench, _, transaction) = try bench(pool: 5000)
    try bench.makePool(5000, index: 1)
    let length = 100
    let status = try bench.initialize(transaction, offset: offset, length, form: 1, chained: 1)
    #expect(status == (isGood ? Dma.success : Dma.invalidParameter))
    guard isGood else { return }
    try bench.setRun()
    #expect(try bench.execute(transaction) == Dma.success)
    let whole = DmaBench.pattern(5000, 1) + DmaBench.pattern(5000)
    #expect(bench.memory(length) == Array(whole[offset..<offset + length]))
  }

  @Test("DMA-16: a transaction's transfers can be made shorter, not longer")
  func maximum() throws {
    let (bench, _, transaction) = try bench()
    try bench.setRun()
    _ = try bench.initialize(transaction, 10000)
    try bench.control(0x80B, transaction, 4096)
    try bench.control(0x80B, transaction, 1 << 30)
    try bench.control(0x80B, transaction, 0)
    _ = try bench.execute(transaction)
    #expect(try bench.run().lengths == [4096, 4096, 1808])
    #expect(bench.memory(10000) == Array(DmaBench.pattern(1 << 17, 1)[..<10000]))
    // The next initialization begins anew.
    _ = try bench.release(transaction)
    #expect(try bench.move(transaction, 10000).lengths == [10000])
  }

  @Test(
    "DMA-17, DMA-18: what the state forbids ends the kernel",
    arguments: [
      "initialize twice", "initialize after the end", "execute a fresh one", "execute twice",
      "execute after the end", "complete before", "complete after", "limit before",
      "ask for figures after", "release while it runs", "delete while it runs",
      "delete the enabler while it runs",
    ])
  func states(what: String) throws {
    let (bench, enabler, transaction) = try bench()
    try bench.setRun([])
    try bench.setRun(run: 1, [.completes])
    let initialize = { _ = try bench.initialize(transaction, 100) }
    let start = {
      try initialize()
      _ = try bench.execute(transaction)
    }
    let finish = {
      try initialize()
      _ = try bench.execute(transaction, run: 1)
    }
    let (first, second): (() throws -> Void, () throws -> Void) =
      switch what {
      case "initialize twice": (initialize, initialize)
      case "initialize after the end": (finish, initialize)
      case "execute a fresh one": ({}, { _ = try bench.execute(transaction) })
      case "execute twice": (start, { _ = try bench.execute(transaction) })
      case "execute after the end": (finish, { _ = try bench.execute(transaction) })
      case "complete before": (initialize, { _ = try bench.complete(transaction) })
      case "complete after": (finish, { _ = try bench.complete(transaction) })
      case "limit before": ({}, { try bench.control(0x80B, transaction, 100) })
      case "ask for figures after": (finish, { try bench.control(0x812, transaction) })
      case "release while it runs": (start, { _ = try bench.release(transaction) })
      case "delete while it runs": (start, { try bench.delete(transaction) })
      default: (start, { try bench.delete(enabler) })
      }
    try first()
    #expect(bench.isRefused(second))
  }

  @Test("DMA-32: releasing makes a transaction as new, and does no harm twice or without use")
  func release() throws {
    let (bench, _, transaction) = try bench()
    #expect(try bench.release(transaction) == Dma.success)
    #expect(try bench.release(transaction) == Dma.success)
    _ = try bench.initialize(transaction, 100)
    #expect(try bench.release(transaction) == Dma.success)
    for count in [1, 5000, 100_000] {
      #expect(try bench.move(transaction, count).transferred == count)
      #expect(try bench.query(transaction).transferred == 0)
    }
  }

  @Test("DMA-33: a transaction that is done may be deleted without being released")
  func deletion() throws {
    let (bench, enabler, transaction) = try bench(Dma.packet64, registers: 3)
    try bench.setRun()
    _ = try bench.initialize(transaction, 100)
    _ = try bench.execute(transaction)
    try bench.delete(transaction)
    // Nothing is left taken.
    #expect(try bench.move(try bench.makeTransaction(enabler), 8192).errors == 0)
  }

  @Test("Figures of a transfer tell pages; packets of version 3 are one element")
  func info() throws {
    let bench = try DmaBench()
    try bench.makePool(20000)
    func info(_ profile: UInt64, _ version: UInt64) throws -> [UInt64] {
      let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, version: version))
      _ = try bench.initialize(transaction, offset: 4095, 4098)
      return Array(try bench.control(0x812, transaction)[..<2])
    }
    #expect(try info(Dma.scatterGather64, 2) == [3, 3])
    #expect(try info(Dma.scatterGather64, 3) == [3, 3])
    #expect(try info(Dma.packet64, 2) == [3, 3])
    #expect(try info(Dma.packet64, 3) == [3, 1])
  }

  @Test("A transfer context is there with version 3, from the initialization on")
  func transferContext() throws {
    let (bench, enabler, transaction) = try bench(version: 3)
    #expect(try bench.query(transaction).transferContext == 0)
    _ = try bench.initialize(transaction, 100)
    #expect(try bench.query(transaction).transferContext != 0)
    let old = try bench.makeTransaction(try bench.makeEnabler(Dma.packet))
    _ = try bench.initialize(old, 100)
    #expect(try bench.query(old).transferContext == 0 && enabler != 0)
  }

  @Test("What is for system DMA controllers ends the kernel with its name")
  func systemTransfers() throws {
    let (bench, _, transaction) = try bench()
    let bugCheck = bench.bugCheck { try bench.control(0x821, transaction) }
    #expect(bugCheck?.code.rawValue == 0x5233_0001)
  }
}
