import Ring3
import TestSupport
import Testing

@Suite struct TargetUnloadTests {
  @Test("4.1: a target that is deleted in EvtDriverUnload leaves nothing of its driver's")
  func unload() throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.loadTestDriver("wdf-unload-target")
    let process = try kernel.makeProcess()
    let file = try process.open(#"\Device\WdfUnloadTarget"#)
    _ = try file.read(count: 4)
    try file.close()
    try process.end()
    try driver.unload()
    #expect(kernel.bugCheck == nil)
  }
}
