import Hardware
import NTTypes
import Ring3
import TestSupport
import Testing

@Suite("DMA routines that are refused memory")
struct RefusedDmaTests {
  private func configuration(_ plan: FailurePlan) -> Configuration {
    var configuration = Configuration()
    configuration.lowResources = plan
    return configuration
  }

  /// Those whose first call the driver asks for; the first of BuildScatterGatherList has to fail anyway.
  private static let routines = [
    "AllocateCommonBuffer", "GetScatterGatherList", "GetScatterGatherListEx",
  ]

  /// Does what calls each of the routines once.
  private func work(_ bench: HardwareBench) throws {
    try bench.makeAdapter(version: 3)
    try bench.makePool(5000, fill: 1)
    for form: UInt64 in 0...2 {
      _ = try bench.runList(offset: 100, 4000, isWrite: true, form: form)
    }
    try bench.control(0x807, 0, 8192)
  }

  @Test("Routines of an adapter are sites, and work when they are not refused")
  func sites() throws {
    let bench = try HardwareBench(configuration: configuration(.record))
    try work(bench)
    let names = Set(bench.kernel.failureSites.map(\.routine))
    for routine in Self.routines + ["BuildScatterGatherList"] { #expect(names.contains(routine)) }
  }

  @Test("A routine of an adapter says that there is no memory", arguments: routines)
  func refused(routine: String) throws {
    let plain = try HardwareBench(configuration: configuration(.record))
    try work(plain)
    let site = try #require(plain.kernel.failureSites.first { $0.routine == routine })
    let bench = try HardwareBench(configuration: configuration(.site(site.identifier)))
    let error = #expect(throws: KernelError.self) { try work(bench) }
    #expect(error?.status == .insufficientResources, "\(String(describing: error))")
  }
}
