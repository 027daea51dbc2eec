import Foundation

/// The directory of images built earlier, headers laid out, and work under way.
///
/// Entries are named by what went into them and appear whole, by renaming, so that builds in
/// several threads and processes may share it.
struct BuildCache {
  let directory: String

  init(directory chosen: String?) throws(BuildError) {
    let environment = ProcessInfo.processInfo.environment
    let candidates =
      chosen.map { [$0] }
      ?? [
        environment["RING3_CACHE"],
        environment["XDG_CACHE_HOME"].map { $0 + "/ring3" },
        environment["HOME"].map { $0 + "/.cache/ring3" },
        NSTemporaryDirectory() + "ring3-cache-\(getuid())",
      ].compactMap { $0 }
    for candidate in candidates {
      let path = absolute(candidate)
      if (try? Self.makeDirectory(path)) != nil, access(path, W_OK) == 0 {
        directory = path
        return
      }
    }
    throw BuildError(
      .outputFailed,
      "\(candidates[0]): the build cache cannot be written. Set RING3_CACHE to a directory that can."
    )
  }

  static func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Runs `body` with a fresh directory that is removed afterwards.
  func withWorkDirectory<R>(_ body: (String) throws(BuildError) -> R) throws(BuildError) -> R {
    let path = directory + "/work/" + UUID().uuidString
    do { try Self.makeDirectory(path) } catch { throw Self.failure(path, error) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// Moves a finished file or directory to its name; one that is there already stays.
  func publish(_ work: String, as path: String) throws(BuildError) {
    do { try Self.makeDirectory(parent(of: path)) } catch { throw Self.failure(path, error) }
    if rename(work, path) == 0 || FileManager.default.fileExists(atPath: path) { return }
    throw BuildError(
      .outputFailed, "\(path): cannot be written: \(String(cString: strerror(errno))).")
  }

  /// Copies a file to a place that the user named, as a whole.
  func copy(_ source: String, to output: String) throws(BuildError) {
    let temporary = join(parent(of: output), ".\(lastComponent(output)).\(UUID().uuidString)")
    do {
      try FileManager.default.copyItem(atPath: source, toPath: temporary)
    } catch {
      throw Self.failure(output, error)
    }
    guard rename(temporary, output) != 0 else { return }
    let reason = String(cString: strerror(errno))
    unlink(temporary)
    throw BuildError(.outputFailed, "\(output): cannot be written: \(reason).")
  }

  static func write(_ text: String, to path: String) throws(BuildError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw failure(path, error)
    }
  }

  static func failure(_ path: String, _ error: any Error) -> BuildError {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let reason = underlying.map { String(cString: strerror(Int32($0.code))) }
    return BuildError(
      .outputFailed, "\(path): cannot be written: \(reason ?? error.localizedDescription).")
  }
}
