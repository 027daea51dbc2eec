/// The Swift sources of one driver.
struct SwiftSourceSet {
  /// Paths of the sources, as the user would write them.
  private(set) var files: [String] = []
  private(set) var notes: [String] = []

  /// Whether the path names a Swift file, or a directory that stands for the Swift files in it.
  static func isSwift(_ path: String) -> Bool {
    if lowercaseExtension(path) == "swift" { return true }
    guard isDirectory(path) else { return false }
    return !swiftFiles(in: path).isEmpty
      && !entries(of: path).contains { lowercaseExtension($0) == "vcxproj" }
  }

  /// A package's manifest is no part of a driver.
  private static func swiftFiles(in directory: String) -> [String] {
    entries(of: directory)
      .filter { lowercaseExtension($0) == "swift" && $0 != "Package.swift" }
      .map { join(directory, $0) }
  }

  init(_ sources: [String]) throws(BuildError) {
    for source in sources {
      guard Self.isSwift(source) else {
        throw BuildError(
          .inputUnsupported,
          "\(source): not Swift, and \(sources.first(where: Self.isSwift) ?? "") is. A driver is "
            + "built from one of both; load two drivers side by side.")
      }
      if isDirectory(source) {
        files += Self.swiftFiles(in: source)
        noteOthers(in: source)
      } else if isFile(source) {
        files.append(source)
      } else {
        throw BuildError(.inputMissing, "\(source): no such file. Check the path.")
      }
    }
  }

  private mutating func noteOthers(in directory: String) {
    let others = entries(of: directory).filter {
      SourceSet.sourceExtensions.contains(lowercaseExtension($0))
    }
    guard !others.isEmpty else { return }
    notes.append(
      "\(directory): built from its Swift files; \(others.joined(separator: ", ")) left out.")
  }
}
