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
    try kernel.load(bytes: Self.image("wdfqueue"), name: "wdfqueue")
    return try process.open(#"\\.\WdfQueue"#)
  }
}
