import Ring3
import TestSupport
import Testing

/// Files whose handle is closed while a request is under way.
@Suite struct LateCloseTests {
  @Test("A driver gets the close of a file before its unload, also when the last request ends late")
  func order() throws {
    let kernel = try Kernel()
    let driver = try kernel.loadTestDriver("late-close")
    let process = try kernel.makeProcess()
    let file = try process.open(#"\Device\LateClose"#)
    let buffer = try #require(UserBuffer(process, count: 8))
    let read = try file.startRead(into: buffer)
    try file.close()
    try driver.unload()
    #expect(kernel.debugOutput.contains("closed before"), "\(kernel.debugOutput)")
    #expect(try read.wait()?.status == .success)
  }
}
