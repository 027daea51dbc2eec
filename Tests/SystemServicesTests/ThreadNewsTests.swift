import Ring3
import TestSupport
import Testing

/// PsSetCreateThreadNotifyRoutine, and the names of programs.
@Suite struct ThreadNewsTests {
  private func makeKernel(verifies: Bool) throws -> Kernel {
    var configuration = Configuration()
    if verifies { configuration.verifier = .standard }
    return try Kernel(configuration: configuration)
  }

  @Test(arguments: [false, true])
  func `a driver is told of its threads and of those of programs, as they begin and end`(
    verifies: Bool
  ) throws {
    let kernel = try makeKernel(verifies: verifies)
    let driver = try kernel.loadTestDriver("threadnews")
    let process = try kernel.makeProcess()
    #expect(throws: KernelError.self) { try process.open(#"\\.\None"#) }
    process.endThread()
    // The next call is a new thread's, which ends with its process.
    #expect(throws: KernelError.self) { try process.open(#"\\.\None"#) }
    try process.end()
    try driver.unload()
    #expect(kernel.debugOutput == "2 started, 2 ended, 0 failures\n")
  }

  @Test func `a program whose thread never comes to the kernel is no news`() throws {
    let kernel = try makeKernel(verifies: false)
    let driver = try kernel.loadTestDriver("threadnews")
    try kernel.makeProcess().end()
    try driver.unload()
    #expect(kernel.debugOutput == "0 started, 0 ended, 0 failures\n")
  }
}
