import CDriverFiles
import Foundation

/// The bundled headers and support sources, laid out as files.
struct DriverKit {
  /// The folder of the headers.
  let headers: String
  /// The folder of the support sources.
  let support: String
  /// The folder of the source with which KMDF drivers start.
  let framework: String
  /// The folder of the lists of exports.
  let exports: String
  /// Changes when a file of the kit changes.
  let identity: String

  /// Every embedded file: its path in the kit and its text.
  static var files: [(path: String, text: UnsafeRawBufferPointer)] {
    (0..<r3_driver_file_count()).map { index in
      let file = r3_driver_file_at(index)
      // Without the target's folder: "../CDriverKit/include/wdm.h" becomes "include/wdm.h".
      let parts = String(cString: file.path).split(separator: "/")
      let path = parts.drop { $0 == ".." || $0.hasPrefix("C") }.joined(separator: "/")
      return (path, UnsafeRawBufferPointer(start: file.text, count: file.size))
    }
  }

  private static let embeddedIdentity: String = {
    var hash = ContentHash()
    for file in files {
      hash.add(file.path)
      hash.add(file.text)
    }
    return hash.hex
  }()

  /// Lays the kit out in the cache unless it is there.
  static func install(in cache: BuildCache) throws(BuildError) -> DriverKit {
    let folder = cache.directory + "/kit/" + embeddedIdentity
    if !isDirectory(folder) {
      try cache.withWorkDirectory { work throws(BuildError) in
        for file in files { try write(file.text, to: work + "/kit/" + file.path) }
        try cache.publish(work + "/kit", as: folder)
      }
    }
    guard let chosen = ProcessInfo.processInfo.environment["RING3_HEADERS"] else {
      return DriverKit(
        headers: folder + "/include", support: folder + "/support",
        framework: folder + "/framework", exports: folder + "/lists", identity: embeddedIdentity)
    }
    guard isDirectory(chosen) else {
      throw BuildError(
        .inputMissing, "\(chosen): no such directory. RING3_HEADERS must name a folder of headers.")
    }
    var hash = ContentHash()
    for file in HeaderOverlay.tree(chosen) {
      hash.add(file)
      hash.addFile(file)
    }
    return DriverKit(
      headers: absolute(chosen), support: folder + "/support", framework: folder + "/framework",
      exports: folder + "/lists", identity: embeddedIdentity + hash.hex)
  }

  private static func write(_ text: UnsafeRawBufferPointer, to path: String) throws(BuildError) {
    do {
      try BuildCache.makeDirectory(parent(of: path))
      try Data(text).write(to: URL(fileURLWithPath: path))
    } catch {
      throw BuildCache.failure(path, error)
    }
  }

  /// Those of `names` that the headers or the lists of exports mention.
  func mentioned(_ names: Set<String>) -> Set<String> {
    guard !names.isEmpty else { return [] }
    var found: Set<String> = []
    for path in HeaderOverlay.tree(headers) + HeaderOverlay.tree(exports) {
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      data.withUnsafeBytes { bytes in
        for name in names where !found.contains(name) && containsWord(name, in: bytes) {
          found.insert(name)
        }
      }
    }
    return found
  }
}
