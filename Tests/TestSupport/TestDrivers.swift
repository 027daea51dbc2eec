import DriverBuild
import Foundation
import Ring3
import Synchronization

/// The drivers that tests load: sources under `Tests/Drivers` and `Samples`, built when first asked for.
public enum TestDrivers {
  private static let built = Mutex<[String: String]>([:])

  /// The root folder of the package.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

  /// Builds a source, given as a path from the root of the package, and gives the image's path.
  ///
  /// Each source is built once in a run with the same macros, however many tests ask at the same time.
  public static func build(
    _ source: String, defines: [String] = [], isSanitized: Bool = false
  ) throws -> String {
    let variant = (defines + (isSanitized ? ["kasan"] : [])).joined(separator: "-")
    return try built.withLock { built in
      if let path = built[source + ":" + variant] { return path }
      let name = URL(filePath: source).deletingPathExtension().lastPathComponent + ".sys"
      // Drivers of one name in two folders are two drivers.
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "ring3-tests-\(ProcessInfo.processInfo.processIdentifier)")
        .appending(path: variant).appending(path: source).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let output = folder.appending(path: name).path(percentEncoded: false)
      var configuration = DriverBuilder.Configuration()
      configuration.defines = defines
      configuration.addressSanitizer = isSanitized
      _ = try DriverBuilder(configuration).build(sources: [root + source], output: output)
      built[source + ":" + variant] = output
      return output
    }
  }
}

extension Kernel {
  /// Builds and loads a driver of `Tests/Drivers`.
  @discardableResult
  public func loadTestDriver(_ name: String) throws -> Driver {
    try load(path: TestDrivers.build("Tests/Drivers/\(name).c"))
  }

  /// Builds and loads the echo driver of `Samples`.
  @discardableResult
  public func loadEcho() throws -> Driver {
    try load(path: TestDrivers.build("Samples/Echo/echo.c"))
  }
}
