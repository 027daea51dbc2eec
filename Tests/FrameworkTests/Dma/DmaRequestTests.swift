import Machine
import Ring3
import TestSupport
import Testing

/// Requests whose buffers are moved, from the program to the device and back.
@Suite struct DmaRequestTests {
  private static let lengths = [1, 511, 4095, 4096, 4097, 8192, 10000, 40000, 65535, 65536, 65537]

  @Test(
    "DMA-31: reads bring the device's data, whatever the method and the length",
    arguments: [
      (#"\\.\WdfDma"#, Dma.scatterGather64), (#"\\.\WdfDmaDirect"#, Dma.scatterGather64),
      (#"\\.\WdfDma"#, Dma.packet), (#"\\.\WdfDmaDirect"#, Dma.packet),
    ])
  func reads(name: String, profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 10000))
    try bench.useForRequests(transaction, Dma.read)
    let file = try bench.process.open(name)
    bench.setMemory(DmaBench.pattern(70000, 11))
    for length in Self.lengths {
      try bench.setRun([.moves, .completes, .releases])
      #expect(try file.read(count: length) == Array(DmaBench.pattern(70000, 11)[..<length]))
      #expect(try bench.run().errors == 0)
    }
  }

  @Test(
    "DMA-31: writes bring the program's data to the device",
    arguments: [
      (#"\\.\WdfDma"#, Dma.packet64), (#"\\.\WdfDmaDirect"#, Dma.scatterGather),
      (#"\\.\WdfDma"#, Dma.scatterGather), (#"\\.\WdfDmaDirect"#, Dma.packet),
    ])
  func writes(name: String, profile: UInt64) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(profile, 10000))
    try bench.useForRequests(transaction, Dma.write)
    let file = try bench.process.open(name)
    for length in Self.lengths {
      try bench.setRun([.moves, .completes, .releases])
      #expect(try file.write(DmaBench.pattern(length, length)) == length)
      #expect(bench.memory(length) == DmaBench.pattern(length, length))
    }
  }

  @Test("DMA-31: user pages above 4 GiB are reached by a device of 32 bits")
  func bounced() throws {
    let bench = try DmaBench(BlockMover(addressWidth: 32), configuration: DmaBench.large)
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather, 10000))
    let file = try bench.process.open(#"\\.\WdfDmaDirect"#)
    try bench.useForRequests(transaction, Dma.write)
    try bench.setRun([.moves, .completes, .releases])
    #expect(try file.write(DmaBench.pattern(50000, 3)) == 50000)
    try bench.useForRequests(transaction, Dma.read)
    try bench.setRun([.moves, .completes, .releases])
    #expect(try file.read(count: 50000) == DmaBench.pattern(50000, 3))
    #expect(try bench.run().highest <= 1 << 32)
  }

  @Test("DMA-31: a read that the device ends early is as long as what came")
  func underrun() throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64, 4096))
    try bench.useForRequests(transaction, Dma.read)
    bench.setMemory(DmaBench.pattern(20000, 2))
    try bench.setRun([.moves, .completes], .finalAt, finalAt: 3, finalLength: 5)
    #expect(try bench.file.read(count: 20000) == Array(DmaBench.pattern(20000, 2)[..<8197]))
  }

  @Test("DMA-30: a transaction knows its request while it runs, and until it is released")
  func request() async throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.useForRequests(transaction, Dma.read)
    try bench.setRun([.moves])
    let buffer = try #require(UserBuffer(bench.process, count: 4096))
    let pending = try bench.file.startRead(into: buffer)
    let figures = try bench.query(transaction)
    #expect(figures.request != 0 && figures.current == 4096)
    try bench.control(0x820, transaction, 0)
    let completion = try #require(try pending.wait())
    #expect(completion.status == Dma.success && completion.information == 4096)
    _ = try bench.release(transaction)
    #expect(try bench.query(transaction).request == 0)
  }

  @Test("DMA-25: a transaction that runs keeps its request, and lets it go at its end")
  func reference() throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.useForRequests(transaction, Dma.write)
    // The driver completes the request before the transfer, against the rules.
    try bench.setRun([.completesRequest])
    #expect(try bench.file.write([1, 2, 3]) == 0)
    #expect(try bench.run().calls == 1)
    #expect(try bench.run().destroyedBefore == 0)
    let words = try bench.control(0x808, transaction)
    #expect(words[0] & 0xFF == 1 && words[2] == 1)
  }

  @Test(
    "DMA-13, DMA-14: the direction has to fit the request",
    arguments: [
      ("read", true, false), ("write", false, true), ("buffered", true, true),
      ("in direct", false, true), ("out direct", true, false), ("neither", false, false),
    ])
  func directions(kind: String, fitsRead: Bool, fitsWrite: Bool) throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    for (direction, fits) in [(Dma.read, fitsRead), (Dma.write, fitsWrite)] {
      try bench.useForRequests(transaction, direction, onlyInitializes: true)
      #expect(
        try send(kind, bench, 100) == (fits ? Dma.success : Dma.invalidDeviceRequest))
      // Reads and writes without bytes are the queue's, which completes them.
      if kind == "read" || kind == "write" { continue }
      #expect(try send(kind, bench, 0) == Dma.invalidDeviceRequest)
    }
    try bench.useForRequests(transaction, 2, onlyInitializes: true)
    #expect(try send(kind, bench, 100) == Dma.invalidParameter)
  }

  /// The status of a request with so many bytes.
  private func send(_ kind: String, _ bench: DmaBench, _ count: Int) throws -> NTStatus {
    do throws(KernelError) {
      try sendThrowing(kind, bench.file, count)
      return Dma.success
    } catch {
      return try #require(error.status)
    }
  }

  private func sendThrowing(_ kind: String, _ file: File, _ count: Int) throws(KernelError) {
    let bytes = [UInt8](repeating: 1, count: count)
    switch kind {
    case "read": _ = try file.read(count: count)
    case "write": try file.write(bytes)
    default:
      let method = ["buffered", "in direct", "out direct", "neither"].firstIndex(of: kind) ?? 0
      let code = IoControlCode(bits: 0x22_0000 | 0x880 << 2 | UInt32(method))
      _ = try file.deviceControl(code, input: bytes, outputCount: count)
    }
  }

  @Test("DMA-14: control requests move the buffer that the method says")
  func control() throws {
    let bench = try DmaBench()
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    bench.setMemory(DmaBench.pattern(9000, 1))
    for method: UInt32 in [0, 2] {
      try bench.useForRequests(transaction, Dma.read)
      try bench.setRun([.moves, .completes, .releases])
      let output = try bench.file.deviceControl(
        IoControlCode(bits: 0x22_0000 | 0x880 << 2 | method), input: [1], outputCount: 9000)
      #expect(output == DmaBench.pattern(9000, 1))
    }
    try bench.useForRequests(transaction, Dma.write)
    try bench.setRun([.moves, .completes, .releases])
    _ = try bench.file.deviceControl(
      IoControlCode(bits: 0x22_0000 | 0x880 << 2), input: DmaBench.pattern(5000, 7),
      outputCount: 5000)
    #expect(bench.memory(5000) == DmaBench.pattern(5000, 7))
  }
}
