import CDriverFiles
import Foundation

/// A sample driver whose source travels with the program.
public enum BundledSample: String, Sendable, CaseIterable {
  /// The driver of `Samples/Echo`: it gives back what was written to it.
  case echo = "Echo"

  /// Writes the sample's files to a folder, which is made when it is missing.
  ///
  /// - Returns: the paths of its C sources.
  public func write(to folder: String) throws -> [String] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let prefix = "Samples/\(rawValue)/"
    var sources: [String] = []
    for file in DriverKit.files where file.path.hasPrefix(prefix) {
      let path = folder + "/" + file.path.dropFirst(prefix.count)
      try Data(file.text).write(to: URL(fileURLWithPath: path))
      if path.hasSuffix(".c") { sources.append(path) }
    }
    return sources
  }
}
