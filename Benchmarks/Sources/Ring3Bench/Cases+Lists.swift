import CBenchPeers
import Ring3

// Buffers alone from lookaside lists, by a driver in Swift: `Lists.swift`.
extension Bench {
  func listCases() throws -> [Case] {
    try kernel.load(Lists.self)
    let files = try (0..<2).map { _ in try process.open(#"\\.\SwiftLists"#) }
    let works = [try memory(16), try memory(16)]
    let pairs = [64, 256].map { size in
      Case(
        name: "lookaside list, buffer alone, pair, \(size) B",
        subject: Subject(name: "makeBuffer, and its end") {
          try Self.run(.listPairs, files[0], works[0], $0, size)
        },
        peers: [mallocPairs(size)])
    }
    let cross = Case(
      name: "lookaside list, buffer alone, two threads, 256 B", clock: .wall, fewestTurns: 50_000,
      subject: Subject(name: "taken here, given there") { count in
        let taker = Helper { try Self.run(.listTake, files[1], works[1], count, 256) }
        try Self.run(.listGive, files[0], works[0], count, 256)
        try taker.join()
      },
      peers: [line])
    return pairs + [cross]
  }

  private static func run(
    _ code: IoControlCode, _ file: File, _ work: UserBuffer, _ count: UInt64, _ size: Int
  ) throws {
    work.store([count, UInt64(size)].withUnsafeBytes { Array($0) })
    let answer = try file.deviceControl(
      code, inputAt: work.address, inputCount: 16, outputAt: 0, outputCount: 0)
    if answer.status != .success { throw BenchError("\(code): \(answer.status)") }
  }
}
