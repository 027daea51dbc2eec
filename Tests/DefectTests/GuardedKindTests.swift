import Ring3
import TestSupport
import Testing

/// Memory that the system allocates for drivers lies beside guarded pages, too.
@Suite struct GuardedKindTests {
  /// What a driver touches, by the number in its control code, and the rule that this breaks.
  struct Kind: Sendable, CustomTestStringConvertible {
    let driver: String
    let number: UInt32
    let rule: String?
    let testDescription: String

    init(_ number: UInt32, _ text: String, _ rule: String?, in driver: String = "guarded") {
      self.driver = driver
      self.number = number
      self.rule = rule
      testDescription = text
    }

    static let all = [
      Kind(0, "an IRP, behind its end", "SpecialPoolOverrun"),
      Kind(1, "an IRP, released", "SpecialPoolUsedAfterFree"),
      Kind(2, "an MDL, behind its end", "SpecialPoolOverrun"),
      Kind(3, "an MDL, released", "SpecialPoolUsedAfterFree"),
      Kind(4, "an entry of a lookaside list, behind its end", "SpecialPoolOverrun"),
      Kind(5, "an entry of a lookaside list, released", "SpecialPoolUsedAfterFree"),
      Kind(6, "an entry of a list of the old form, behind its end", "SpecialPoolOverrun"),
      Kind(7, "an entry of a list of the old form, released", "SpecialPoolUsedAfterFree"),
      Kind(8, "a system buffer, behind its pages", "SpecialPoolOverrun"),
      Kind(9, "a system buffer, before its pages", "SpecialPoolOverrun"),
      Kind(10, "a system buffer, the byte behind its end", "SpecialPoolCorrupted"),
      Kind(11, "a system buffer, the byte before it", "SpecialPoolCorrupted"),
      Kind(12, "nothing", nil),
      Kind(13, "paged pool, behind its end", "SpecialPoolOverrun"),
      Kind(0, "a memory object's buffer, behind its end", "SpecialPoolOverrun", in: "guarded-wdf"),
      Kind(1, "a memory object's buffer, released", "SpecialPoolUsedAfterFree", in: "guarded-wdf"),
      Kind(
        2, "an entry of a framework's list, behind its end", "SpecialPoolOverrun", in: "guarded-wdf"
      ),
      Kind(
        3, "an entry of a framework's list, released", "SpecialPoolUsedAfterFree", in: "guarded-wdf"
      ),
      Kind(4, "nothing, in the framework", nil, in: "guarded-wdf"),
    ]
  }

  @Test("4.1: what the system allocates is guarded, too", arguments: Kind.all)
  func guarded(kind: Kind) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    #expect(try verdicts(kind, configuration) == [kind.rule].compactMap(\.self))
  }

  @Test("4.1: blocks of other tags are left alone", arguments: Kind.all.filter { $0.number == 5 })
  func tags(kind: Kind) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.specialPool.tags = ["Else"]
    // The entry is kept by its list, where writing it is not found.
    #expect(try verdicts(kind, configuration) == [])
  }

  private func verdicts(_ kind: Kind, _ configuration: Configuration) throws -> [String] {
    let kernel = try Kernel(configuration: configuration)
    do {
      let driver = try kernel.load(
        path: TestDrivers.build("Tests/Drivers/\(kind.driver).c", defines: []))
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      guard let buffer = UserBuffer(process, count: 64) else { throw KernelError.status(.noMemory) }
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2000 + 4 * kind.number), inputAt: buffer.address, inputCount: 0,
        outputAt: buffer.address, outputCount: 60)
      try file.close()
      try process.end()
      try driver.unload()
    } catch let error as KernelError where error.bugCheck != nil {}
    return (kernel.verdicts + [kernel.bugCheck].compactMap(\.self)).map { $0.rule?.name ?? "?" }
  }
}
