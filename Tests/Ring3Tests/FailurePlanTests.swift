import Ring3
import TestSupport
import Testing

/// The class "low resources": which calls of a driver fail, and how.
@Suite struct FailurePlanTests {
  /// A kernel with the driver `shortage` and a file of its device.
  private func shortage(_ plan: FailurePlan?) throws -> (kernel: Kernel, file: File) {
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.lowResources = plan
    let kernel = try Kernel(configuration: configuration)
    try kernel.load(path: TestDrivers.build("Tests/Drivers/LowResources/shortage.c"))
    return (kernel, try kernel.makeProcess().open(#"\\.\Shortage"#))
  }

  /// The statuses of a write, a read and a lock of user memory.
  private func use(_ file: File) throws -> [NTStatus] {
    let lock = IoControlCode(rawValue: 0x22_2003)
    let requests: [() throws -> PendingRequest] = [
      { try file.startWrite(from: buffer(file)) }, { try file.startRead(into: buffer(file)) },
      { try file.startControl(lock, input: buffer(file), output: nil) },
    ]
    return try requests.map { try outcome($0()) }
  }

  private func outcome(_ request: PendingRequest) throws -> NTStatus {
    try #require(try request.wait()).status
  }

  private func buffer(_ file: File) throws -> UserBuffer {
    let buffer = try #require(UserBuffer(file.process, count: 5000))
    buffer.store(Array(repeating: 0x61, count: 5000))
    return buffer
  }

  @Test("Without the class no site is noted, and nothing fails")
  func off() throws {
    let (kernel, file) = try shortage(nil)
    #expect(try use(file) == [.success, .success, .success])
    #expect(kernel.failureSites.isEmpty)
  }

  @Test("Recording notes each routine that may fail, once for each stack, and fails none")
  func record() throws {
    let (kernel, file) = try shortage(.record)
    #expect(try use(file) == [.success, .success, .success])
    let first = kernel.failureSites
    let routines = Set(first.map(\.routine))
    #expect(
      routines.isSuperset(of: [
        "IoCreateDevice", "IoCreateSymbolicLink", "RtlAnsiStringToUnicodeString",
        "ExAllocatePool2", "IoAllocateMdl", "IoAllocateWorkItem", "ExAllocateFromLookasideListEx",
        "MmProbeAndLockPages", "MmMapLockedPagesSpecifyCache",
      ]), "\(routines)")
    #expect(first.allSatisfy { $0.failureCount == 0 && !$0.frames.isEmpty })
    #expect(first.first { $0.routine == "ExAllocatePool2" }?.tag == PoolTag(text: "Shrt"))
    // Guarded entries are not kept: each comes from pool.
    #expect(try use(file) == [.success, .success, .success])
    let second = kernel.failureSites
    #expect(second.map(\.identifier) == first.map(\.identifier))
    #expect(second.first { $0.routine == "ExAllocatePool2" }?.callCount == 2)
    #expect(second.first { $0.routine == "ExAllocateFromLookasideListEx" }?.callCount == 2)
  }

  @Test("A site has the same identifier in every kernel")
  func identifiers() throws {
    let kernels = [try shortage(.record), try shortage(.record)]
    let sites = try kernels.map { kernel, file in
      _ = try use(file)
      return kernel.failureSites.map(\.identifier)
    }
    #expect(sites[0] == sites[1] && Set(sites[0]).count == sites[0].count)
  }

  @Test(
    "One call at a site fails in the way of its routine, and the next one succeeds",
    arguments: [
      "ExAllocatePool2", "IoAllocateMdl", "IoAllocateWorkItem", "ExAllocateFromLookasideListEx",
      "MmProbeAndLockPages", "MmMapLockedPagesSpecifyCache",
    ])
  func site(routine: String) throws {
    let (plain, file) = try shortage(.record)
    _ = try use(file)
    let site = try #require(plain.failureSites.first { $0.routine == routine })
    let (kernel, other) = try shortage(.site(site.identifier))
    #expect(try use(other).filter { $0 == .insufficientResources }.count == 1)
    #expect(try use(other) == [.success, .success, .success])
    #expect(kernel.failureSites.map(\.failureCount).reduce(0, +) == 1)
    #expect(kernel.bugCheck == nil)
  }

  @Test("Several sites fail once each, and only those that are not known are described")
  func sites() throws {
    let (plain, file) = try shortage(.record)
    _ = try use(file)
    let chosen = plain.failureSites.filter {
      ["ExAllocatePool2", "MmProbeAndLockPages"].contains($0.routine)
    }
    #expect(chosen.count == 2 && chosen[0].firstCall < chosen[1].firstCall)
    let (kernel, other) = try shortage(.sites(chosen.map(\.identifier)))
    #expect(try use(other) == [.insufficientResources, .success, .insufficientResources])
    #expect(try use(other) == [.success, .success, .success])
    #expect(kernel.failureCount == 2)
    let known = Set(plain.failureSites.map(\.identifier)).subtracting([chosen[0].identifier])
    let described = kernel.failureSites(except: known)
    #expect(described.map(\.identifier) == [chosen[0].identifier])
    #expect(described.first?.failureCount == 1)
  }

  @Test("A driver may be refused in DriverEntry, by the number of the site or of the call")
  func loading() throws {
    for plan in [FailurePlan.siteNumber(1), .siteNumber(2), .call(1), .call(2)] {
      let error = #expect(throws: DriverLoadError.self) { try shortage(plan) }
      guard case .refused(_, .insufficientResources) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("A percentage with a seed fails the same calls again, and other tags never")
  func percentage() throws {
    func statuses(_ plan: FailurePlan) throws -> [NTStatus] {
      let (_, file) = try shortage(plan)
      return try (0..<20).flatMap { _ in try use(file) }
    }
    let tags: Set<PoolTag> = ["Shrt"]
    let plan = FailurePlan(.percentage(40, seed: 7), tags: tags)
    let first = try statuses(plan)
    #expect(try statuses(plan) == first)
    #expect(try statuses(FailurePlan(.percentage(40, seed: 8), tags: tags)) != first)
    let failed = first.enumerated().filter { $0.element == .insufficientResources }
    // Only the write asks for memory with this tag.
    #expect((3...15).contains(failed.count) && failed.allSatisfy { $0.offset % 3 == 0 })
    #expect(
      try statuses(FailurePlan(.percentage(100, seed: 1), tags: ["Othr"]))
        .allSatisfy { $0 == .success })
  }
}
