import Ring3
import Testing

/// Copies into and out of memory objects, and what the headers say of memory.
@Suite struct MemoryCopyTests {
  /// Copies with an object of 64 bytes; gives status, bytes changed, the first, and whether they are right.
  private func copy(_ isOut: Bool, _ offset: UInt64, _ count: UInt64) throws -> [UInt64] {
    Array(try memoryBench().run(MemoryScenario.copy, isOut ? 1 : 0, offset, count)[0...3])
  }

  @Test("MEM-17: exactly the range that was named changes")
  func into() throws {
    for (offset, count): (UInt64, UInt64) in [(0, 64), (0, 1), (63, 1), (10, 20), (1, 63)] {
      #expect(try copy(false, offset, count) == [0, count, offset, 1])
    }
  }

  @Test("MEM-18, MEM-22: a copy of no bytes is refused")
  func nothing() throws {
    #expect(try copy(false, 0, 0)[0...1] == [.invalidParameter, 0])
    #expect(try copy(true, 0, 0)[0...1] == [.invalidParameter, 0])
    #expect(try copy(false, 100, 0)[0] == .invalidParameter)
  }

  @Test("MEM-19: an offset at or beyond the end", arguments: [64, 65, .max] as [UInt64])
  func offset(offset: UInt64) throws {
    #expect(try copy(false, offset, 1)[0...1] == [.invalidBufferSize, 0])
  }

  @Test("MEM-20: more bytes than there are behind the offset")
  func tooMany() throws {
    for (offset, count): (UInt64, UInt64) in [(0, 65), (63, 2), (10, 55), (1, .max), (0, .max)] {
      #expect(try copy(false, offset, count)[0...1] == [.invalidBufferSize, 0])
    }
  }

  @Test("MEM-22: bytes are copied out of the object")
  func outOf() throws {
    for (offset, count): (UInt64, UInt64) in [(0, 64), (0, 1), (63, 1), (10, 20)] {
      #expect(try copy(true, offset, count) == [0, count, 0, 1])
    }
  }

  @Test("MEM-23: copying out beyond the end is STATUS_BUFFER_TOO_SMALL")
  func outOfBounds() throws {
    let wrong: [(UInt64, UInt64)] = [(64, 1), (65, 1), (.max, 1), (0, 65), (63, 2), (1, .max)]
    for (offset, count) in wrong {
      #expect(try copy(true, offset, count)[0...1] == [.bufferTooSmall, 0])
    }
  }

  @Test("MEM-24: only the object's side is checked")
  func plainSide() throws {
    // The plain buffer may be longer than the object; what counts is the object's end.
    #expect(try copy(false, 32, 32) == [0, 32, 32, 1])
    #expect(try copy(false, 32, 33)[0] == .invalidBufferSize)
  }

  @Test("MEM-25: copies at the levels that are allowed")
  func levels() throws {
    let output = try memoryBench().run(MemoryScenario.levels)
    #expect(output[1] == 0 && output[6] == 0 && output[7] == 0)
  }

  @Test("MEM-26: a copy inside one object moves its bytes")
  func overlap() throws {
    #expect(Array(try memoryBench().run(MemoryScenario.overlap)[0...4]) == [0, 0, 0, 0, 0])
  }

  @Test("MEM-21: input of a write request is read-only")
  func write() throws {
    let bench = try memoryBench()
    let error = #expect(throws: KernelError.self) { try bench.file.write("abc") }
    #expect(error?.status?.bits == 0xC000_0005)
  }

  @Test("MEM-21: so are direct control requests' input, and the output of METHOD_IN_DIRECT")
  func direct() throws {
    let bench = try memoryBench()
    // The methods: IN_DIRECT 1, OUT_DIRECT 2, and BUFFERED 0, where both may be written.
    for (method, information): (UInt32, Int) in [(1, 3), (2, 1), (0, 0)] {
      let output = try bench.file.deviceControl(
        ScenarioBench.code(MemoryScenario.readOnly, method: method), input: [1, 2, 3],
        outputCount: 8)
      #expect(output.count == information)
    }
  }

  @Test("MEM-27: the layout of WDF_MEMORY_DESCRIPTOR, and MEM-31: of WDFMEMORY_OFFSET")
  func layout() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[0] == 0) }

  @Test("MEM-28: WDF_MEMORY_DESCRIPTOR_INIT_BUFFER")
  func buffer() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[1] == 0) }

  @Test("MEM-29: WDF_MEMORY_DESCRIPTOR_INIT_MDL")
  func mdl() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[2] == 0) }

  @Test("MEM-30: WDF_MEMORY_DESCRIPTOR_INIT_HANDLE")
  func handle() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[3] == 0) }

  @Test("MEM-35: WDF_ALIGN_SIZE_UP gives the next multiple")
  func up() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[4] == 0) }

  @Test("MEM-36: WDF_ALIGN_SIZE_DOWN gives the multiple before")
  func down() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[5] == 0) }

  @Test("MEM-37: aligning up wraps without a trap")
  func wrap() throws { #expect(try memoryBench().run(MemoryScenario.descriptors)[6] == 0) }

  @Test("MEM-38: seven aligned buffers of 100 bytes in one memory object")
  func stride() throws {
    #expect(Array(try memoryBench().run(MemoryScenario.stride)[0...1]) == [128, 0])
  }

  @Test("MEM-39: freed memory is overwritten when verifying")
  func poison() throws {
    let bench = try memoryBench(verifies: true)
    let address = try bench.run(MemoryScenario.keep, 64, 512, 0x74736554)[1]
    let bytes = try #require(UnsafePointer<UInt8>(bitPattern: UInt(address)))
    #expect(bytes[32] == 0x5A)
    try bench.run(MemoryScenario.unkeep)
    #expect(bytes[32] != 0x5A)
  }
}
