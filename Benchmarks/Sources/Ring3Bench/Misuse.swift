import Ring3

/// Mistakes with pool that must end the machine in an optimized build too, where the short ways are.
enum Misuse {
  private static let expected: [(choice: UInt64, code: UInt32, first: UInt64, what: String)] = [
    (0, 0xC2, 0x0A, "another tag"), (1, 0xC2, 0x07, "freed twice"),
    (2, 0x19, 0x21, "a byte behind the block"), (3, 0xC2, 0x99, "the middle of a block"),
    (4, 0xC2, 0x46, "NULL"),
  ]

  static func check() throws {
    let image = try Bench.image("load")
    for size: UInt64 in [64, 2000, 5000] {
      if let found = try run(image, choice: 99, size) {
        throw BenchError("a plain pair of \(size) bytes: bug check \(found)")
      }
      for each in expected {
        guard let found = try run(image, choice: each.choice, size),
          found.code.rawValue == each.code, found.parameter1 == each.first
        else { throw BenchError("\(each.what), \(size) bytes: not found as it should be") }
      }
    }
  }

  private static func run(_ image: [UInt8], choice: UInt64, _ size: UInt64) throws -> BugCheck? {
    let kernel = try Kernel()
    try kernel.load(bytes: image, name: "load")
    let process = try kernel.makeProcess("bench.exe")
    let file = try process.open(#"\\.\BenchLoad"#)
    guard let work = UserBuffer(process, count: 24) else { throw BenchError("no user memory") }
    work.store([size, choice, 0].withUnsafeBytes { Array($0) })
    do {
      _ = try file.deviceControl(
        Bench.Load.misuse.code, inputAt: work.address, inputCount: 16, outputAt: work.address,
        outputCount: 8)
    } catch {
      guard let report = error.bugCheck else { throw error }
      return report
    }
    return nil
  }
}
