import Ring3
import TestSupport
import Testing

/// What drivers leave is reported with the stack that allocated it.
@Suite struct LeakReportTests {
  /// What `Tests/Drivers/leaves.c` is told to leave, and what the report calls it.
  static let kinds: [(number: UInt32, kinds: [LeakReport.Kind])] = [
    (0, [.pool]), (1, [.mdl]), (2, [.irp]), (3, [.lookasideList]), (4, [.object, .handle]),
    (5, [.lockedPage, .mdl]), (6, [.timer]), (7, [.workItem]),
  ]

  @Test("4.1: each kind of thing that is left is reported with its stack", arguments: kinds)
  func stack(number: UInt32, kinds: [LeakReport.Kind]) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    try kernel.load(path: TestDrivers.build("Tests/Drivers/leaves.c", defines: []))
    let process = try kernel.makeProcess()
    let file = try process.open(#"\\.\Defect"#)
    guard let buffer = UserBuffer(process, count: 64) else { throw KernelError.status(.noMemory) }
    buffer.store(withUnsafeBytes(of: UInt64(buffer.address)) { Array($0) })
    func control(_ number: UInt32) throws {
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2000 + 4 * number), inputAt: buffer.address, inputCount: 8,
        outputAt: 0, outputCount: 0)
    }
    // What the system makes at the first request is there before.
    try control(9)
    let before = kernel.leakReport
    try control(number)
    let left = kernel.leakReport.subtracting(before)
    for kind in kinds {
      let leak = try #require(left.leaks.first { $0.kind == kind }, "\(kind): \(left)")
      #expect(leak.count == 1)
      #expect(leak.frames.first?.module == "leaves.sys", "\(left)")
    }
    if number == 7 { try control(8) }
  }
}
