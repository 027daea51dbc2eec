import Foundation
import Ring3
import TestSupport
import Testing

/// Services of the system as a driver uses them.
@Suite struct ServicesTests {
  @Test(
    "Routines by name, files in the sandbox and nowhere else, threads, and news of processes",
    arguments: [false, true])
  func driver(verifies: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("hello".utf8).write(to: folder.appending(path: "greeting.txt"))
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "link"), withDestinationURL: URL(filePath: "/etc"))
    var configuration = Configuration()
    configuration.verifies = verifies
    configuration.sandboxPath = folder.path(percentEncoded: false)
    let kernel = try Kernel(configuration: configuration)
    let driver = try kernel.loadTestDriver("services")
    #expect(kernel.debugOutput == "0 failures\n")
    _ = try kernel.makeProcess()
    let error = #expect(throws: KernelError.self) { try kernel.makeProcess("denied.exe") }
    #expect(error?.status == .accessDenied)
    try driver.unload()
    #expect(kernel.debugOutput.hasSuffix("2 created, 2 ended, 0 failures\n"))
  }

  @Test func `drivers are told that a process ends when it ends, not when it is forgotten`() throws
  {
    let kernel = try Kernel()
    let driver = try kernel.loadTestDriver("services")
    let process = try kernel.makeProcess()
    try process.end()
    try driver.unload()
    #expect(kernel.debugOutput.contains("1 created, 1 ended"))
    withExtendedLifetime(process) {}
  }
}
