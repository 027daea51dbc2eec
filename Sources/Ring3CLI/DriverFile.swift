import DriverBuild
import Foundation
import Ring3

/// A driver that a command is given, built first when it is source.
enum DriverFile {
  /// A `.sys` file.
  case image(path: String)
  /// A driver in Swift: a `.so` file, and what the user named.
  case library(path: String, source: String)

  /// Whether a word names a driver, built or to be built.
  static func isDriver(_ path: String) -> Bool {
    let endings = [".sys", ".so", ".c", ".cpp", ".cc", ".cxx", ".vcxproj", ".swift"]
    var isDirectory: ObjCBool = false
    return endings.contains { path.lowercased().hasSuffix($0) }
      || FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        && isDirectory.boolValue
  }

  /// Finds the driver, or builds it and prints what there is to say about that.
  init(_ path: String, _ options: BuildOptions, isVerified: Bool = false) throws {
    let builder = options.builder(isVerified: isVerified)
    if path.lowercased().hasSuffix(".sys") {
      self = .image(path: path)
    } else if path.hasSuffix(".so") {
      self = .library(path: path, source: path)
    } else if DriverBuilder.isSwiftSource(path) {
      let built = try builder.build(sources: [path])
      built.printRemarks()
      self = .library(path: built.path, source: path)
    } else {
      let built = try builder.build(sources: [path], output: try Self.place(for: path))
      built.printRemarks()
      self = .image(path: built.path)
    }
  }

  /// A path for an image, whose file name is the driver's name.
  private static func place(for source: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ring3-run-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        message: "\(folder.path): cannot be made: \(error.localizedDescription)")
    }
    return folder.appendingPathComponent(DriverBuilder.usualName(of: [source])).path
  }

  /// Loads the driver.
  func load(in kernel: Kernel) throws(DriverLoadError) -> Driver {
    switch self {
    case .image(let path): try kernel.load(path: path)
    case .library(let path, _): try kernel.load(library: path)
    }
  }
}
