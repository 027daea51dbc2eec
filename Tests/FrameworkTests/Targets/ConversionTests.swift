import IOManager
import Machine
import Memory
import Ring3
import Testing

/// TGT-21 to TGT-29: from memory objects to what the lower device takes, and back.
@Suite struct ConversionTests {
  @Test("TGT-21: a buffered device gets a system buffer; a read is copied back")
  func buffered() throws {
    let bench = try TargetBench(opening: "Bench")
    let address = try bench.memory(0, pattern(32))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatWrite(0, 0)
    try bench.send(0)
    var seen = try bench.seen
    #expect(seen.systemBuffer != 0 && seen.systemBuffer != address && seen.mdl == 0)
    #expect(seen.bytes.first(32) == pattern(32))
    try bench.finish(information: 32, fill: 32)
    // What a driver leaves in the buffer of a write is not copied.
    #expect(try bench.contents(0, 32) == pattern(32))
    try bench.reuse(0)
    try bench.formatRead(0, 0)
    try bench.send(0)
    seen = try bench.seen
    #expect(seen.systemBuffer != address)
    try bench.finish(information: 20, fill: 32, byte: 0x66)
    #expect(
      try bench.contents(0, 32) == fill(0x66, 20) + pattern(12, from: 21))
  }

  @Test("TGT-22: never more is copied back than the buffer has, and nothing of a failed request")
  func lies() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    try bench.request(0)
    try bench.plan(information: 5000, fill: 16, byte: 0xEE)
    try bench.formatRead(0, 0, offset: 8, length: 16)
    try bench.send(0)
    let expected = pattern(8) + fill(0xEE, 16) + pattern(40, from: 25)
    #expect(try bench.contents(0, 64) == expected)
    try bench.reuse(0)
    try bench.plan(status: .dataError, information: 16, fill: 16, byte: 0xDD)
    try bench.formatRead(0, 0, offset: 8, length: 16)
    try bench.send(0)
    #expect(try bench.contents(0, 64) == expected)
    try bench.reuse(0)
    try bench.plan(status: .bufferOverflow, information: 4, fill: 16, byte: 0xCC)
    try bench.formatRead(0, 0, offset: 8, length: 16)
    try bench.send(0)
    #expect(try bench.contents(0, 8, at: 8) == [204, 204, 204, 204] + Array(expected[12..<16]))
  }

  @Test("TGT-23: METHOD_BUFFERED has one buffer for the longer of input and output")
  func methodBuffered() throws {
    for (input, output) in [(48, 16), (16, 48)] {
      let bench = try TargetBench(opening: "Bench")
      try bench.memory(0, pattern(input))
      try bench.memory(1, fill(9, output))
      try bench.request(0)
      try bench.plan(information: 10, fill: 48, byte: 0x42)
      try bench.formatControl(0, method: 0, input: 0, output: 1)
      try bench.send(0)
      #expect(try bench.seen.bytes.first(input) == pattern(input))
      #expect(
        try bench.contents(1, output)
          == fill(0x42, 10) + fill(9, output - 10))
      #expect(try bench.contents(0, input) == pattern(input))
    }
  }

  @Test("TGT-23: without an output nothing is copied back")
  func inputAlone() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    try bench.request(0)
    try bench.plan(information: 32, fill: 32)
    try bench.formatControl(0, method: 0, input: 0, output: TargetBench.none)
    try bench.send(0)
    #expect(try bench.contents(0, 32) == pattern(32))
  }

  @Test("TGT-24: a direct device gets locked pages of the memory itself")
  func direct() throws {
    let bench = try TargetBench(opening: "BenchDirect")
    try bench.memory(0, pattern(5000))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0, offset: 100, length: 4800)
    try bench.send(0)
    let seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.mdl != 0 && seen.mdlByteCount == 4800)
    // Locked, for a write of the device.
    #expect(seen.mdlFlags & 0x82 == 0x82)
    #expect(bench.kernel.ioFigures.lockedPages > 0)
    try bench.finish(information: 4800, fill: 4800, byte: 0x31)
    #expect(try bench.contents(0, 8, at: 96) == pattern(4, from: 97) + [0x31, 0x31, 0x31, 0x31])
    #expect(try bench.contents(0, 8, at: 4896).first(4) == [0x31, 0x31, 0x31, 0x31])
    try bench.reuse(0)
    #expect(bench.kernel.ioFigures.lockedPages == 0 && bench.kernel.ioFigures.mdls == 0)
    try bench.formatWrite(0, 0)
    try bench.send(0)
    #expect(try bench.seen.mdlFlags & 0x82 == 0x02)
    try bench.finish()
    try bench.call(.requestDelete, 0)
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("TGT-24: the MDL of a received direct request is passed on, whole or as a part")
  func sharedMdl() throws {
    let bench = try TargetBench(opening: "BenchDirect")
    let buffer = try #require(UserBuffer(bench.process, count: 256))
    buffer.store(pattern(256))
    let device = try bench.process.open(#"\Device\Targets"#)
    // An output of METHOD_OUT_DIRECT is an MDL.
    let control = try device.startControl(
      IoControlCode(bits: 0x22_2402), input: nil, output: buffer)
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, TargetBench.subject)
    try bench.send(0)
    #expect(try bench.seen.mdlByteCount == 256)
    // Not one more list than the request itself has.
    #expect(bench.kernel.ioFigures.mdls == 1)
    try bench.finish()
    try bench.reuse(0)
    try bench.formatRead(0, TargetBench.subject, offset: 16, length: 32)
    try bench.send(0)
    let seen = try bench.seen
    #expect(seen.mdlByteCount == 32 && seen.mdlFlags & 0x10 == 0x10)
    try bench.finish(information: 32, fill: 32, byte: 0x7A)
    try bench.reuse(0)
    #expect(bench.kernel.ioFigures.mdls == 1)
    try bench.call(.complete, TargetBench.subject, 0, 256)
    #expect(try control.wait()?.status == .success)
    #expect(
      buffer.bytes
        == pattern(16) + fill(0x7A, 32) + pattern(208, from: 49))
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("TGT-25: direct methods have the input's address as buffer and the output as MDL")
  func methodDirect() throws {
    let bench = try TargetBench(opening: "Bench")
    let input = try bench.memory(0, pattern(16))
    try bench.memory(1, pattern(64))
    try bench.request(0)
    for (method, isLockedForWriting) in [(1, false), (2, true)] {
      try bench.plan(.keep)
      try bench.formatControl(0, method: method, input: 0, output: 1)
      try bench.send(0)
      let seen = try bench.seen
      #expect(seen.systemBuffer == input && seen.mdlByteCount == 64)
      #expect((seen.mdlFlags & 0x80 != 0) == isLockedForWriting)
      try bench.finish()
      try bench.reuse(0)
    }
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("TGT-26: a device that takes neither gets addresses")
  func neither() throws {
    let bench = try TargetBench(opening: "BenchNeither")
    let input = try bench.memory(0, pattern(16))
    let output = try bench.memory(1, pattern(64))
    try bench.request(0)
    try bench.plan()
    try bench.formatRead(0, 1, offset: 8, length: 8)
    try bench.send(0)
    var seen = try bench.seen
    #expect(seen.userBuffer == output + 8 && seen.systemBuffer == 0 && seen.mdl == 0)
    try bench.reuse(0)
    try bench.formatControl(0, method: 3, input: 0, output: 1)
    try bench.send(0)
    seen = try bench.seen
    #expect(seen.userBuffer == output && seen.type3 == input)
  }

  @Test("TGT-27: an MDL gives its data to a buffered device")
  func mdlToBuffered() throws {
    let bench = try TargetBench(opening: "Bench")
    let words: [Int] = [0, -1, 1, -1, -1, 0, 0, 2, 32, 0x5A, 0, -1, 0]
    let answer = try bench.raw(.syncTransfer, words.map { UInt64(bitPattern: Int64($0)) })
    #expect(bench.status(answer) == .success)
    let seen = try bench.seen
    #expect(seen.systemBuffer != 0 && seen.mdl == 0)
    #expect(seen.bytes.first(32) == fill(0x5A, 32))
  }

  @Test("TGT-24: an MDL descriptor of the full length is the MDL that a direct device gets")
  func mdlToDirect() throws {
    let bench = try TargetBench(opening: "BenchDirect")
    for (length, isSame) in [(512, true), (32, false)] {
      let words: [Int] = [0, -1, 1, -1, -1, 0, 0, 2, length, 0x5A, 0, -1, 0]
      let answer = try bench.raw(.syncTransfer, words.map { UInt64(bitPattern: Int64($0)) })
      #expect(bench.status(answer) == .success)
      let seen = try bench.seen
      #expect((seen.mdl == answer[2]) == isSame)
      #expect(seen.mdlByteCount == UInt64(length))
    }
  }

  @Test("TGT-28: without bytes there is no buffer and no MDL, and the request is sent")
  func zeroLength() throws {
    for device in ["Bench", "BenchDirect"] {
      let bench = try TargetBench(opening: device)
      try bench.memory(0, pattern(16))
      try bench.request(0)
      try bench.plan()
      #expect(try bench.formatRead(0, 0, offset: 16, length: 0) == .success)
      #expect(try bench.send(0).wasSent)
      let seen = try bench.seen
      #expect(seen.systemBuffer == 0 && seen.mdl == 0 && seen.length == 0 && seen.count == 1)
    }
  }

  @Test("TGT-29: a request that is used again and again needs no more memory each time")
  func noGrowth() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    try bench.request(0)
    try bench.plan(information: 64)
    #expect(try bench.call(.soak, 2, 0, 0, 0) == .success)
    let pool = bench.kernel.machine.pool
    let before = pool.tagStatistics().map(\.liveCount).reduce(0, +)
    let seen = try bench.seen.count
    #expect(try bench.call(.soak, 1000, 0, 0, 0) == .success)
    #expect(try bench.seen.count == seen + 1000)
    #expect(pool.tagStatistics().map(\.liveCount).reduce(0, +) == before)
    #expect(bench.kernel.ioFigures.mdls == 0 && bench.kernel.ioFigures.irps == 1)
  }
}
