import Foundation
import Ring3
import Script

/// User memory for what a script's action gives a driver.
struct ScriptBuffers {
  private let runner: ScriptRunner
  private let line: Int

  /// Bytes that one action may have as contents.
  static let maximum = 1 << 30

  init(_ runner: ScriptRunner, line: Int) {
    (self.runner, self.line) = (runner, line)
  }

  /// What a request names as a buffer, and what memory there is behind it.
  struct Place {
    var address: UInt = 0
    var count = 0
    /// nil for no bytes, and for a bare pointer.
    var buffer: UserBuffer?

    /// The memory that must live until the request ends.
    var memory: [UserBuffer] { buffer.map { [$0] } ?? [] }
  }

  /// Where a buffer lies and how long the request says that it is; no buffer is NULL and no bytes.
  func place(_ buffer: Buffer?) throws(ScriptRunner.Failure) -> Place {
    switch buffer {
    case nil: return Place()
    case .length(let count): return place(try reserve(count))
    case .data(let data): return place(try filled(data))
    case .named(let name):
      guard let buffer = runner.buffers[name] else {
        throw failure("there is no buffer \(name); its line was not done")
      }
      return place(buffer)
    case .pointer(let address): return Place(address: UInt(address))
    case .stated(let buffer, let length):
      var place = try place(buffer)
      place.count = Int(length)
      return place
    }
  }

  private func place(_ buffer: UserBuffer?) -> Place {
    Place(address: buffer?.address ?? 0, count: buffer?.count ?? 0, buffer: buffer)
  }

  /// A buffer that holds the data; nil for no bytes.
  private func filled(_ data: ScriptData) throws(ScriptRunner.Failure) -> UserBuffer? {
    // Zeros need no contents: fresh pages are zero.
    if case .fill(0, let count) = data { return try reserve(count) }
    let bytes: [UInt8]
    do {
      bytes = try runner.contents(of: data, maximum: Self.maximum)
    } catch {
      throw failure("\(error)")
    }
    let buffer = try reserve(UInt64(bytes.count))
    buffer?.store(bytes)
    return buffer
  }

  private func reserve(_ count: UInt64) throws(ScriptRunner.Failure) -> UserBuffer? {
    guard count > 0 else { return nil }
    guard count <= 1 << 35, let buffer = UserBuffer(runner.process, count: Int(count)) else {
      throw failure("no room for a buffer of \(count) bytes in the process")
    }
    return buffer
  }

  private func failure(_ message: String) -> ScriptRunner.Failure {
    ScriptRunner.Failure(line: line, message: message)
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
