import Ring3
import TestSupport
import Testing

/// WDFDPC and WDFWORKITEM.
@Suite struct DeferredTests {
  @Test("OBJ-03: a DPC and a work item need a parent with a device, and a level that fits")
  func refusals() throws { try ScenarioBench("wdf-dpc").run(0) }

  @Test("A DPC is queued once, can be cancelled, and runs as the level is lowered")
  func queueing() throws { try ScenarioBench("wdf-dpc").run(1) }

  @Test("OBJ-03, OBJ-14: a DPC and a work item end with their parent; what was queued has run")
  func parentGoes() throws { try ScenarioBench("wdf-dpc").run(2) }

  @Test("A work item runs in another thread at PASSIVE_LEVEL; flushing waits for it")
  func working() throws { try ScenarioBench("wdf-dpc").run(3) }

  @Test("A work item that is queued stays queued once, and may flush or delete itself")
  func coalescing() throws { try ScenarioBench("wdf-dpc").run(4) }

  @Test("Work items that are not serialized run at the same time")
  func meeting() throws { try ScenarioBench("wdf-dpc").run(5) }

  @Test("Work items that are serialized run one at a time")
  func serializedItems() throws {
    let scenarios = try ScenarioBench("wdf-dpc")
    #expect(try scenarios.run(6, 1) == [0])
    #expect(try scenarios.run(6, 0) == [1])
  }

  @Test("DPCs of several processors that are serialized run one at a time")
  func serializedDpcs() throws {
    let scenarios = try ScenarioBench("wdf-dpc")
    #expect(try scenarios.run(7, 1) == [0])
    #expect(try scenarios.run(7, 0) == [1])
  }
}
