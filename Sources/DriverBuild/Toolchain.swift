import Foundation

/// The tools that a build runs, all of one toolchain.
struct Toolchain: Sendable {
  let clang: String
  let linker: String
  let symbols: String

  /// Names the toolchain in cache keys: another clang makes another image.
  var identity: String { Self.identity(of: clang) }

  /// Changes when the tool at a path changes.
  static func identity(of tool: String) -> String {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: tool).resolvingSymlinksInPath().path)
    let size = attributes?[.size] as? Int ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(tool) \(size) \(date)"
  }

  /// Finds one more tool in the places where the toolchain may be; nil when it is in none.
  static func find(_ tool: String) -> String? {
    let chosen = ProcessInfo.processInfo.environment["RING3_TOOLCHAIN"]
    let folders = chosen.map { [$0, $0 + "/bin", $0 + "/usr/bin"] } ?? usualFolders
    return folders.map { $0 + "/" + tool }.first { access($0, X_OK) == 0 }
  }

  /// Beside `swift`, on the path, in /usr/bin.
  private static var usualFolders: [String] {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map(String.init)
    let swiftFolders = path.filter { access($0 + "/swift", X_OK) == 0 }.flatMap { folder in
      let real = URL(fileURLWithPath: folder + "/swift").resolvingSymlinksInPath().path
      return [folder, parent(of: real)]
    }
    return swiftFolders + path + ["/usr/bin"]
  }

  /// Finds the tools: in `$RING3_TOOLCHAIN`, beside `swift`, on the path, in /usr/bin.
  static func find() throws(BuildError) -> Toolchain {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["RING3_TOOLCHAIN"] {
      for directory in [chosen, chosen + "/bin", chosen + "/usr/bin"] {
        if let toolchain = Toolchain(directory: directory) { return toolchain }
      }
      throw BuildError(
        .toolchainMissing,
        "\(chosen): no clang, lld-link and llvm-nm there. RING3_TOOLCHAIN must name the folder "
          + "of a Swift toolchain, or its usr/bin.")
    }
    for directory in usualFolders {
      if let toolchain = Toolchain(directory: directory) { return toolchain }
    }
    throw BuildError(
      .toolchainMissing,
      "clang, lld-link and llvm-nm are not found together. They come with the Swift toolchain "
        + "(https://www.swift.org/install): put its usr/bin on the PATH, or name it in "
        + "RING3_TOOLCHAIN.")
  }

  private init?(directory: String) {
    clang = directory + "/clang"
    linker = directory + "/lld-link"
    symbols = directory + "/llvm-nm"
    guard access(clang, X_OK) == 0, access(linker, X_OK) == 0, access(symbols, X_OK) == 0 else {
      return nil
    }
  }
}
