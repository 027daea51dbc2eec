import DriverBuild
import Foundation
import Ring3

// A read through a queue of the driver framework, beside one that a driver completes itself.
extension Bench {
  func queueCases() throws -> [Case] {
    let file = try openQueueDevice()
    return try [64, 4 << 10].map { size in
      let buffer = try memory(size)
      return Case(
        name: "framework read, buffered, sequential queue, \(size.binary)",
        subject: Subject(name: "File.read") { try self.read(file, buffer, $0) },
        peers: [
          Subject(name: "read, buffered, \(size.binary)") {
            try self.read(self.buffered, buffer, $0)
          }
        ])
    }
  }

  /// Builds and loads `Drivers/wdfqueue.c`.
  private func openQueueDevice() throws -> File {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let source = root.appending(path: "Drivers/wdfqueue.c").path(percentEncoded: false)
    let folder = FileManager.default.temporaryDirectory.appending(path: "ring3-queue-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "wdfqueue.sys").path(percentEncoded: false)
    _ = try DriverBuilder().build(sources: [source], output: output)
    try kernel.load(path: output)
    return try process.open(#"\\.\WdfQueue"#)
  }
}
