import DriverBuild
import Foundation
import Ring3

// The same driver in Swift and in C, `Pattern.swift` and `Drivers/wdfpattern.c`, in one run.
extension Bench {
  func swiftCases() throws -> [Case] {
    try kernel.load(Pattern.self)
    let swift = try process.open(#"\\.\SwiftPattern"#)
    let c = try openPattern()
    return try [64, 4 << 10].map { try reads($0, swift, c) } + [controls(swift, c)]
  }

  private func reads(_ size: Int, _ swift: File, _ c: File) throws -> Case {
    let buffer = try memory(size)
    return Case(
      name: "driver in Swift, read, \(size.binary)",
      subject: Subject(name: "in Swift") { try self.read(swift, buffer, $0) },
      peers: [Subject(name: "the same in C (KMDF)") { try self.read(c, buffer, $0) }])
  }

  private func controls(_ swift: File, _ c: File) throws -> Case {
    let buffer = try memory(64)
    return Case(
      name: "driver in Swift, METHOD_BUFFERED control, 64 B in and out",
      subject: Subject(name: "in Swift") { try Self.reverse(swift, buffer, $0) },
      peers: [Subject(name: "the same in C (KMDF)") { try Self.reverse(c, buffer, $0) }])
  }

  private static func reverse(_ file: File, _ buffer: UserBuffer, _ count: UInt64) throws {
    for _ in 0..<count {
      let answer = try file.deviceControl(
        .patternReverse, inputAt: buffer.address, inputCount: buffer.count,
        outputAt: buffer.address, outputCount: buffer.count)
      if answer.status != .success { throw BenchError("control: \(answer.status)") }
    }
  }

  private func openPattern() throws -> File {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let source = root.appending(path: "Drivers/wdfpattern.c").path(percentEncoded: false)
    let folder = FileManager.default.temporaryDirectory.appending(path: "ring3-twin-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "wdfpattern.sys").path(percentEncoded: false)
    _ = try DriverBuilder().build(sources: [source], output: output)
    try kernel.load(path: output)
    return try process.open(#"\\.\WdfPattern"#)
  }
}
