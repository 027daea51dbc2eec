import Foundation
import Ring3
import Script

/// User memory for the data of a script's actions.
final class ScriptBuffers {
  let process: UserProcess
  let line: Int
  private let events: [String: UserEvent]
  /// Why the data cannot be had; the call that found it gave nil.
  private(set) var failure: ScriptRunner.Failure?

  /// Bytes that one action may have as contents.
  static let maximum = 1 << 30

  init(process: UserProcess, line: Int, events: [String: UserEvent]) {
    self.process = process
    self.events = events
    self.line = line
  }

  /// A buffer that holds the data; nil for no bytes.
  func input(_ data: ScriptData) throws(KernelError) -> UserBuffer? {
    // Zeros need no contents: fresh pages are zero.
    if case .fill(0, let count) = data { return try reserve(count) }
    let bytes: [UInt8]
    do {
      bytes = try data.bytes(maximum: Self.maximum, readFile: readHostFile) { name in
        events[name].map { UInt64($0.handle) }
      }
    } catch {
      failure = ScriptRunner.Failure(line: line, message: "\(error)")
      throw .status(.invalidParameter)
    }
    let buffer = try reserve(UInt64(bytes.count))
    buffer?.store(bytes)
    return buffer
  }

  /// A buffer for the driver's output.
  func output(_ buffer: Buffer) throws(KernelError) -> UserBuffer? {
    switch buffer {
    case .length(let count): try reserve(count)
    case .data(let data): try input(data)
    }
  }

  private func reserve(_ count: UInt64) throws(KernelError) -> UserBuffer? {
    guard count > 0 else { return nil }
    guard count <= 1 << 35, let buffer = UserBuffer(process, count: Int(count)) else {
      failure = ScriptRunner.Failure(
        line: line, message: "no room for a buffer of \(count) bytes in the process")
      throw .status(.noMemory)
    }
    return buffer
  }
}

/// Reads a file of the host for `file:PATH`.
func readHostFile(_ path: String) throws(ScriptData.Failure) -> [UInt8] {
  do {
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  } catch {
    throw .unreadable(path: path, reason: error.localizedDescription)
  }
}
