import CBenchPeers
import Ring3

// Pool, lookaside lists and MDLs: the driver loops inside one request.
extension Bench {
  func memoryCases() throws -> [Case] {
    var cases = [64, 256, 1024].map { size in
      Case(
        name: "pool pair, \(size) B",
        subject: Subject(name: "ExAllocatePoolWithTag + ExFreePoolWithTag") {
          try self.run(.poolPair, $0, size: size)
        },
        peers: [mallocPairs(size)])
    }
    cases.append(replaceCase())
    cases.append(lookasideCase("lookaside pair, list Ex, 256 B", .lookasideEx))
    cases.append(lookasideCase("lookaside pair, nonpaged list, 256 B", .lookasideNPaged))
    for size in [64 << 10, 1 << 20, 16 << 20] { cases.append(try mdlCase(size)) }
    return cases
  }

  func mallocPairs(_ size: Int) -> Subject {
    .peer("malloc + free, \(size) B") { r3b_malloc_pairs($0, UInt64(size)) }
  }

  private func replaceCase() -> Case {
    Case(
      name: "pool, 10,000 live, 16 B..8 KiB, replace",
      subject: Subject(name: "free + allocate of a random block") {
        try self.run(.poolReplace, $0)
      },
      peers: [.peer("free + malloc, same sizes") { r3b_malloc_replace($0) }],
      prepare: {
        try self.run(.poolFill)
        if r3b_malloc_fill() == 0 { throw BenchError("no memory for malloc") }
      },
      cleanUp: {
        try self.run(.poolDrain)
        r3b_malloc_drain()
      })
  }

  private func lookasideCase(_ name: String, _ loop: Loop) -> Case {
    Case(
      name: name,
      subject: Subject(name: "allocate + free") { try self.run(loop, $0, size: 256) },
      peers: [
        mallocPairs(256),
        .peer("16-byte compare-exchange, pop + push") { r3b_list_pairs($0) },
      ])
  }

  private func mdlCase(_ size: Int) throws -> Case {
    let buffer = try memory(size)
    let pages = size / 4096
    return Case(
      name: "MDL build, lock, unlock, \(size.binary)", unit: "page",
      subject: Subject(name: "IoAllocateMdl to IoFreeMdl", unitsPerTurn: pages) {
        try self.run(.mdl, $0, size: size, address: buffer.address)
      },
      peers: [
        .peer("memcpy, \(size.binary)", unitsPerTurn: pages) { r3b_memcpy($0, UInt64(size)) },
        .peer("mlock + munlock, \(size.binary)", unitsPerTurn: pages) {
          r3b_mlock($0, UInt64(size))
        },
      ])
  }
}

extension Int {
  /// Bytes with a binary unit.
  var binary: String {
    if self >= 1 << 20 { return "\(self >> 20) MiB" }
    return self >= 1 << 10 ? "\(self >> 10) KiB" : "\(self) B"
  }
}
