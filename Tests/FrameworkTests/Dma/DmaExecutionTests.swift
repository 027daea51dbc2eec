import CDriverKit
import Machine
import Ring3
import TestSupport
import Testing

@Suite struct DmaExecutionTests {
  private static let lengths = [
    1, 2, 4095, 4096, 4097, 8191, 8192, 10000, 12288, 20000, 32768, 65535, 65536, 65537,
  ]

  @Test(
    "DMA-19, DMA-22: every length arrives whole and in order, in transfers that are not too long",
    arguments: [Dma.scatterGather64, Dma.packet64, Dma.packet, Dma.scatterGather])
  func everyLength(profile: UInt64) throws {
    let bench = try DmaBench()
    let enabler = try bench.makeEnabler(profile, 10000)
    let transaction = try bench.makeTransaction(enabler)
    try bench.makePool(1 << 17, seed: 4)
    let source = DmaBench.pattern(1 << 17, 4)
    for (index, length) in Self.lengths.enumerated() {
      let offset = index * 1021 % 4096
      let figures = try bench.move(transaction, offset: offset, length)
      #expect(figures.errors == 0)
      #expect(figures.bytes == length && figures.transferred == length)
      #expect(figures.calls == (length + 9999) / 10000)
      #expect(figures.lengths.allSatisfy { $0 <= 10000 })
      #expect(bench.memory(length) == Array(source[offset..<offset + length]))
    }
  }

  @Test("DMA-19: map registers make transfers shorter")
  func registers() throws {
    let bench = try DmaBench(registers: 3)
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.makePool(40000)
    #expect(try bench.move(transaction, offset: 7, 20000).lengths == [8192, 8192, 3616])
    #expect(bench.memory(20000) == Array(DmaBench.pattern(40000)[7..<20007]))
  }

  @Test("DMA-19: a chain of short MDLs is cut where the map registers end")
  func registersOfChain() throws {
    let bench = try DmaBench(registers: 3)
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.makePool(100)
    try bench.makePool(20000, index: 1, seed: 30)
    try bench.setRun()
    #expect(try bench.initialize(transaction, 8292, chained: 1) == Dma.success)
    #expect(try bench.execute(transaction) == Dma.success)
    let figures = try bench.run()
    // A page of the first list, two of the second, and no more: there are three registers.
    #expect(figures.lengths == [8192, 100] && figures.errors == 0)
    #expect(bench.memory(8292) == DmaBench.pattern(100) + DmaBench.pattern(20000, 30)[..<8192])
  }

  @Test("DMA-18: Execute may be called at DISPATCH_LEVEL")
  func level() throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.makePool(8192)
    try bench.setRun()
    _ = try bench.initialize(transaction, 8192)
    #expect(try bench.execute(transaction, level: 2) == Dma.success)
    #expect(try bench.run().transferred == 8192)
  }

  @Test(
    "DMA-20: EvtProgramDma is called at DISPATCH_LEVEL, and what it returns does not matter",
    arguments: [Dma.scatterGather64, Dma.packet])
  func program(profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 4096))
    try bench.makePool(8192)
    let figures = try bench.move(transaction, 8192, [.moves, .completes, .denies])
    #expect(figures.level == 2 && figures.calls == 2 && figures.errors == 0)
    #expect(figures.status == Dma.success)
  }

  @Test("DMA-21: a list of elements has its layout")
  func layout() {
    #expect(MemoryLayout<SCATTER_GATHER_LIST>.offset(of: \.NumberOfElements) == 0)
    #expect(MemoryLayout<SCATTER_GATHER_LIST>.offset(of: \.Reserved) == 8)
    #expect(MemoryLayout<SCATTER_GATHER_ELEMENT>.offset(of: \.Address) == 0)
    #expect(MemoryLayout<SCATTER_GATHER_ELEMENT>.offset(of: \.Length) == 8)
    #expect(MemoryLayout<SCATTER_GATHER_ELEMENT>.size == 0x18)
  }

  @Test("DMA-22: packets are one element, whatever the pages")
  func packets() throws {
    let bench = try DmaBench()
    try bench.makePool(3000)
    try bench.makePool(9000, index: 1, seed: 8)
    let enabler = try bench.makeEnabler(Dma.packet64, version: 3)
    let transaction = try bench.makeTransaction(enabler)
    try bench.setRun()
    _ = try bench.initialize(transaction, 11000, chained: 1)
    _ = try bench.execute(transaction)
    #expect(try bench.run().lists == [1])
    #expect(bench.memory(11000) == DmaBench.pattern(3000) + DmaBench.pattern(9000, 8)[..<8000])
  }

  @Test("DMA-23: one packet transaction at a time, before version 3")
  func turns() throws {
    let bench = try DmaBench()
    try bench.makePool(8192)
    let enabler = try bench.makeEnabler(Dma.packet)
    let transactions = [try bench.makeTransaction(enabler), try bench.makeTransaction(enabler)]
    try bench.setRun([])
    for transaction in transactions { _ = try bench.initialize(transaction, 100) }
    #expect(try bench.execute(transactions[0]) == Dma.success)
    #expect(try bench.execute(transactions[1]) == Dma.busy)
    #expect(try bench.complete(transactions[0]).isDone)
    // DMA-24: what failed has to be released first.
    #expect(try bench.release(transactions[1]) == Dma.success)
    _ = try bench.initialize(transactions[1], 100)
    #expect(try bench.execute(transactions[1]) == Dma.success)
    #expect(try bench.complete(transactions[1]).isDone)
  }

  @Test(
    "DMA-23: several transactions of other profiles run at once",
    arguments: [(Dma.scatterGather, UInt64(2)), (Dma.packet, UInt64(3))])
  func atOnce(profile: UInt64, version: UInt64) throws {
    let bench = try DmaBench()
    try bench.makePool(8192)
    let enabler = try bench.makeEnabler(profile, version: version)
    let transactions = try (0..<3).map { _ in try bench.makeTransaction(enabler) }
    try bench.setRun([])
    for transaction in transactions {
      _ = try bench.initialize(transaction, 100)
      #expect(try bench.execute(transaction) == Dma.success)
    }
    #expect(try bench.run().calls == 3)
    for transaction in transactions { #expect(try bench.complete(transaction).isDone) }
  }

  @Test("DMA-24: an Execute that failed may be followed by a deletion, not by another Execute")
  func failure() throws {
    let bench = try DmaBench()
    try bench.makePool(8192)
    let enabler = try bench.makeEnabler(Dma.packet)
    let first = try bench.makeTransaction(enabler)
    try bench.setRun([])
    _ = try bench.initialize(first, 100)
    _ = try bench.execute(first)
    for _ in 0..<2 {
      let second = try bench.makeTransaction(enabler)
      _ = try bench.initialize(second, 100)
      #expect(try bench.execute(second) == Dma.busy)
      try bench.delete(second)
    }
    let third = try bench.makeTransaction(enabler)
    _ = try bench.initialize(third, 100)
    _ = try bench.execute(third)
    #expect(bench.isRefused { _ = try bench.execute(third) })
  }

  @Test(
    "DMA-26: all but the last completion say that more is to come",
    arguments: [Dma.scatterGather64, Dma.packet])
  func completions(profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 512))
    try bench.makePool(70000)
    let figures = try bench.move(transaction, 65537)
    #expect(figures.calls == 129 && figures.falses == 128 && figures.more == 128)
    #expect(figures.trues == 1 && figures.status == Dma.success)
    #expect(bench.memory(65537) == Array(DmaBench.pattern(70000)[..<65537]))
  }

  @Test("DMA-26, DMA-30: the figures along a run that is completed from outside")
  func figures() throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64, 4096))
    try bench.makePool(10000)
    try bench.setRun([.moves])
    _ = try bench.initialize(transaction, 10000)
    #expect(try bench.query(transaction).current == 0)
    _ = try bench.execute(transaction)
    for (transferred, current) in [(0, 4096), (4096, 4096), (8192, 1808)] {
      let figures = try bench.query(transaction)
      #expect(figures.transferred == UInt64(transferred) && figures.current == UInt64(current))
      #expect(figures.request == 0 && figures.device == bench.device)
      let (isDone, status) = try bench.complete(transaction)
      #expect(isDone == (transferred == 8192))
      #expect(status == (isDone ? Dma.success : NTStatus(bits: 0xC000_0016)))
    }
    let figures = try bench.query(transaction)
    #expect(figures.transferred == 10000 && figures.current == 0)
  }

  @Test(
    "DMA-27: short transfers go on where they ended, and none at all is repeated",
    arguments: [Dma.scatterGather64, Dma.packet])
  func shortTransfers(profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 4096))
    try bench.makePool(20000, seed: 2)
    let source = DmaBench.pattern(20000, 2)
    let halves = try bench.move(transaction, offset: 3, 9000, .whole, .halves)
    #expect(halves.transferred == 9000 && halves.errors == 0)
    #expect(Array(halves.lengths.prefix(3)) == [4096, 4096, 4096])
    #expect(bench.memory(9000) == Array(source[3..<9003]))
    let repeated = try bench.move(transaction, offset: 3, 9000, .whole, .zeroFirst)
    #expect(repeated.lengths == [4096, 4096, 4096, 808] && repeated.transferred == 9000)
  }

  @Test(
    "DMA-28: the final completion ends the transaction early",
    arguments: [Dma.scatterGather64, Dma.packet])
  func early(profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 4096))
    try bench.makePool(20480)
    let figures = try bench.move(
      transaction, 20480, .whole, .finalAt, finalAt: 2, finalLength: 1000)
    #expect(figures.calls == 2 && figures.trues == 1 && figures.status == Dma.success)
    #expect(figures.transferred == 5096)
  }

  @Test(
    "DMA-29: more bytes than the transfer has end the transaction as an error", arguments: [1, 2])
  func tooLong(form: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.packet, 4096))
    try bench.makePool(20480)
    try bench.setRun([])
    _ = try bench.initialize(transaction, 20480)
    _ = try bench.execute(transaction)
    _ = try bench.complete(transaction)
    let (isDone, status) = try bench.complete(transaction, form: form, 4097)
    #expect(isDone && status == Dma.invalidParameter)
    #expect(try bench.query(transaction).transferred == 4096)
    #expect(try bench.release(transaction) == Dma.success)
    // Its turn is over.
    #expect(try bench.move(transaction, 100).errors == 0)
  }

  @Test("Transactions wait for map registers, first come first served")
  func exhausted() throws {
    let bench = try DmaBench(registers: 4)
    try bench.makePool(1 << 14)
    let enabler = try bench.makeEnabler(Dma.scatterGather64)
    let transactions = try (0..<3).map { _ in try bench.makeTransaction(enabler) }
    for (index, transaction) in transactions.enumerated() {
      try bench.setRun(run: UInt64(index), [])
      _ = try bench.initialize(transaction, 3 << 12)
      #expect(try bench.execute(transaction, run: UInt64(index)) == Dma.success)
    }
    let calls = { try (0..<3).map { try bench.run(UInt64($0)).calls } }
    #expect(try calls() == [1, 0, 0])
    #expect(try bench.complete(transactions[0]).isDone)
    #expect(try calls() == [1, 1, 0])
    #expect(try bench.complete(transactions[1]).isDone)
    #expect(try calls() == [1, 1, 1])
    #expect(try bench.complete(transactions[2]).isDone)
  }
}
