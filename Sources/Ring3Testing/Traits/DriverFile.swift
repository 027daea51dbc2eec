import DriverBuild
import Foundation
import Ring3
import Testing

/// A driver as a test names it: a `.sys` file, the sources of one, or a type of the test's own program.
///
/// A string is a path: `"echo.sys"` is loaded as it is, anything else - `"echo.c"`, a folder, a
/// Visual Studio project - is built. A relative path is looked for in the folder of the test's source
/// file, then in the folders above it, then in the current folder.
public struct DriverFile: Sendable {
  enum Place {
    case path(String, DriverBuilder.Configuration)
    case sources([String], DriverBuilder.Configuration)
    case variable(String, otherwise: String?)
    case type(any SwiftDriver.Type)
  }

  let place: Place

  /// A `.sys`, or a source, folder or project to be built.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - configuration: how sources are built.
  public static func path(
    _ path: String, configuration: DriverBuilder.Configuration = DriverBuilder.Configuration()
  ) -> DriverFile {
    DriverFile(place: .path(path, configuration))
  }

  /// Several sources of one driver.
  public static func sources(
    _ paths: [String],
    configuration: DriverBuilder.Configuration = DriverBuilder.Configuration()
  ) -> DriverFile {
    DriverFile(place: .sources(paths, configuration))
  }

  /// The file that an environment variable names, relative to the current folder.
  ///
  /// - Parameters:
  ///   - variable: the variable, such as `DRIVER`.
  ///   - path: what counts when the variable is not set; nil: the test fails then.
  public static func environment(_ variable: String, default path: String? = nil) -> DriverFile {
    DriverFile(place: .variable(variable, otherwise: path))
  }

  /// A driver in Swift, which is part of the program.
  public static func type(_ type: any SwiftDriver.Type) -> DriverFile {
    DriverFile(place: .type(type))
  }

  /// Loads the driver, which is built first where it is needed.
  ///
  /// - Parameter source: path of the test's source file.
  func load(in kernel: Kernel, near source: String) throws -> Driver {
    if case .type(let type) = place { return try kernel.load(type) }
    let image = try image(near: source)
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: image.path)))
    return try kernel.load(bytes: bytes, name: image.name, path: image.path)
  }

  private func image(near source: String) throws -> DriverImage {
    switch place {
    case .type(let type): throw DriverFileError.noFile("\(type)")
    case .path(let path, let configuration):
      let found = try Self.find(path, near: source)
      guard found.lowercased().hasSuffix(".sys") else {
        return try DriverStore.build([found], configuration)
      }
      return DriverImage(path: found, name: URL(fileURLWithPath: found).lastPathComponent)
    case .sources(let paths, let configuration):
      return try DriverStore.build(paths.map { try Self.find($0, near: source) }, configuration)
    case .variable(let name, let otherwise):
      if let value = ProcessInfo.processInfo.environment[name], !value.isEmpty {
        return try DriverFile.path(value).image(near: "")
      }
      guard let otherwise else { throw DriverFileError.notSet(name) }
      return try DriverFile.path(otherwise).image(near: source)
    }
  }

  private static func find(_ path: String, near source: String) throws -> String {
    if path.hasPrefix("/") { return path }
    var folder = source
    while let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      let candidate = "\(folder)/\(path)"
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw DriverFileError.notFound(path, source)
    }
    return path
  }
}

extension DriverFile: ExpressibleByStringInterpolation {
  /// A path.
  public init(stringLiteral path: String) { self = .path(path) }
}

/// A file with an image, and the name that it is loaded under.
struct DriverImage: Sendable {
  let path: String
  let name: String
}

/// Why there is no driver to load.
enum DriverFileError: Error, CustomStringConvertible {
  case notSet(String)
  case notFound(String, String)
  case noFile(String)

  var description: String {
    switch self {
    case .notSet(let name): "\(name) is not set; it must name the .sys file."
    case .noFile(let type): "\(type) is a type of this program, not a file."
    case .notFound(let path, let source):
      "There is no \(path) in the current folder"
        + (source.isEmpty ? "." : ", in the folder of \(source) or in one above it.")
    }
  }
}
