import Foundation

/// The modules of this program, against which the drivers that it loads are compiled.
package struct SwiftModules: Sendable {
  /// The folder of the `.swiftmodule` files.
  let folder: String
  /// The module maps of the C targets that the modules import.
  let moduleMaps: [String]
  /// Changes when a module changes: a library that was built against another one does not fit.
  package let stamp: UInt64

  /// Finds the modules beside the running program, and the C headers in the checkout that it was
  /// built from.
  package static func find() throws(BuildError) -> SwiftModules {
    try SwiftModules(program: resolved("/proc/self/exe"))
  }

  init(program: String) throws(BuildError) {
    folder = join(parent(of: program), "Modules")
    guard isFile(folder + "/Ring3.swiftmodule") else {
      throw BuildError(
        .modulesMissing,
        "\(folder)/Ring3.swiftmodule: not there. A driver in Swift is compiled against the modules "
          + "in the build folder of ring3: build it with swift build in its checkout, and run it "
          + "where that put it.")
    }
    guard let sources = Self.sources(of: program) else {
      throw BuildError(
        .modulesMissing,
        "\(parent(of: program)): the checkout of Ring3 that this was built from is not found, and a "
          + "driver in Swift needs its C headers. Build ring3 anew in the checkout, with swift build."
      )
    }
    // What stands on Ring3, as Ring3Testing does, is no part of every program.
    let names = entries(of: sources).filter { $0 == "Ring3" || !$0.hasPrefix("Ring3") }
    moduleMaps = names.map { "\(sources)/\($0)/include/module.modulemap" }.filter(isFile)
    var hash = ContentHash()
    let built = Self.change(of: program)?.date ?? 0
    for name in names {
      let path = "\(folder)/\(name).swiftmodule"
      guard let change = Self.change(of: path) else { continue }
      guard change.date <= built else {
        throw BuildError(
          .modulesMissing,
          "\(path): newer than \(program), so that a driver would not fit. Build the program anew, "
            + "with swift build.")
      }
      hash.add("\(name) \(change.size) \(change.date)")
    }
    stamp = hash.word
  }

  /// The folder of the sources: above the program, else where this source lay.
  private static func sources(of program: String) -> String? {
    var folder = parent(of: program)
    while folder != "/", folder != "." {
      if let sources = sources(in: folder) { return sources }
      folder = parent(of: folder)
    }
    return sources(in: parent(of: parent(of: parent(of: parent(of: #filePath)))))
  }

  private static func sources(in folder: String) -> String? {
    let sources = folder + "/Sources"
    return isFile(sources + "/CDriverKit/include/module.modulemap") ? sources : nil
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func change(of path: String) -> (size: Int, date: Double)? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    let time = facts.st_mtim
    return (Int(facts.st_size), Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }
}
