import Ring3
import TestSupport
import Testing

/// The codes of rules that can be broken in several ways: by which routine, at which level, with what.
@Suite struct CallCodeTests {
  /// What `Tests/Drivers/miscalled.c` is told to do, and what comes of it.
  struct Call: Sendable, CustomTestStringConvertible {
    let number: UInt32
    let testDescription: String
    let code: UInt32
    let first: UInt64
    let rule: String

    static let all: [Call] = [
      ("MmProbeAndLockPages", 0xC4, 0x70, "MdlLevel"),
      ("MmProbeAndLockProcessPages", 0xC4, 0x71, "MdlLevel"),
      ("MmMapIoSpace", 0xC4, 0x73, "MdlLevel"),
      ("a kernel mapping", 0xC4, 0x76, "MdlLevel"), ("a user mapping", 0xC4, 0x77, "MdlLevel"),
      ("MmUnlockPages", 0xC4, 0x78, "MdlLevel"),
      ("the end of a kernel mapping", 0xC4, 0x79, "MdlLevel"),
      ("the end of a user mapping", 0xC4, 0x7A, "MdlLevel"),
      ("MmUnmapIoSpace", 0xC4, 0x7B, "MdlLevel"),
      ("MmAllocatePagesForMdl", 0xC4, 0x7E, "MdlLevel"),
      ("a second MmUnlockPages", 0xC4, 0x7C, "MdlNotLocked"),
      ("an MDL over the stack", 0xC4, 0x140, "MdlOverPagedPool"),
      ("an MDL that is built already", 0xC4, 0xB1, "MdlWrongFlags"),
      ("a partial MDL that is unmapped", 0xC4, 0xB5, "MdlPartialUnlocked"),
      ("KeReleaseSpinLock", 0xC4, 0x32, "SpinLockLevel"),
      ("KeAcquireSpinLockAtDpcLevel", 0xC4, 0x40, "SpinLockLevel"),
      ("KeReleaseSpinLockFromDpcLevel", 0xC4, 0x41, "SpinLockLevel"),
      ("KeAcquireSpinLock", 0xC4, 0x42, "SpinLockLevel"),
      ("KeLowerIrql", 0xC4, 0x31, "ForbiddenIrqlMove"),
      ("a wait above DISPATCH_LEVEL", 0xC4, 0x120, "WaitAtRaisedLevel"),
      ("a wait without end", 0xC4, 0x121, "WaitAtRaisedLevel"),
      ("a wait for a while", 0xC4, 0x122, "WaitAtRaisedLevel"),
      ("KeLeaveCriticalRegion", 0xC4, 0x11B, "CriticalRegionLevel"),
      ("ExReleaseFastMutexUnsafe", 0xC4, 0x3A, "UnsafeFastMutex"),
      ("ExReleaseResourceLite", 0xC4, 0x38, "ResourceWithAPCs"),
      ("ExReleasePushLockShared", 0xC4, 0xEB, "PushLockWithAPCs"),
      ("a release in another form", 0xC4, 0x1009, "LockMixedForms"),
      ("an allocation of nonpaged pool", 0xC4, 0x02, "IrqlExAllocatePool"),
      ("a release of paged pool", 0xC4, 0x11, "IrqlExFreePool"),
      ("a release of nonpaged pool", 0xC4, 0x12, "IrqlExFreePool"),
      ("an adapter whose channel is taken", 0xE6, 0x08, "DmaAdapterInUse"),
      ("an adapter with map registers", 0xE6, 0x09, "DmaAdapterInUse"),
      ("an adapter with a list", 0xE6, 0x0A, "DmaAdapterInUse"),
    ].enumerated().map {
      Call(
        number: UInt32($0.offset), testDescription: $0.element.0, code: $0.element.1,
        first: $0.element.2, rule: $0.element.3)
    }
  }

  @Test("4.2: each way to break a rule has its code", arguments: Call.all)
  func code(call: Call) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    do {
      try kernel.load(path: TestDrivers.build("Tests/Drivers/miscalled.c", defines: []))
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      guard let buffer = UserBuffer(process, count: 64) else { throw KernelError.status(.noMemory) }
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2000 + 4 * call.number), inputAt: buffer.address, inputCount: 0,
        outputAt: buffer.address, outputCount: 0)
    } catch let error as KernelError where error.bugCheck != nil {}
    let verdict = try #require(kernel.bugCheck)
    #expect(verdict.code.rawValue == call.code)
    #expect(verdict.parameters[0] == call.first)
    #expect(verdict.rule?.name == call.rule)
  }
}
