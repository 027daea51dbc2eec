import Foundation

/// One build of a driver in Swift, with everything that it needs found.
struct SwiftBuildJob {
  let configuration: DriverBuilder.Configuration
  let cache: BuildCache
  /// The path of swiftc.
  let compiler: String
  let modules: SwiftModules
  let sources: SwiftSourceSet
  /// The texts of the sources, in their order.
  let texts: [String]
  /// The name of the type that is the driver.
  let type: String

  func run() throws(BuildError) -> BuiltDriver {
    let key = cacheKey
    let library = cache.directory + "/drivers/" + key + ".so"
    let record = cache.directory + "/drivers/" + key + ".json"
    if configuration.usesCache, isFile(library), let remarks = BuildRemarks(path: record) {
      return BuiltDriver(
        path: library, warnings: remarks.warnings, notes: remarks.notes, isFromCache: true)
    }
    return try cache.withWorkDirectory { work throws(BuildError) in
      let remarks = BuildRemarks(
        warnings: try compile(to: work + "/driver.so", module: moduleName(key), in: work),
        notes: sources.notes)
      try BuildCache.write(remarks.json, to: work + "/remarks")
      try cache.publish(work + "/remarks", as: record)
      try cache.publish(work + "/driver.so", as: library)
      return BuiltDriver(
        path: library, warnings: remarks.warnings, notes: remarks.notes, isFromCache: false)
    }
  }

  /// Compiles the sources; gives what the compiler warned of.
  private func compile(
    to library: String, module: String, in work: String
  ) throws(BuildError) -> String {
    let entry = work + "/ring3-driver-entry.swift"
    try BuildCache.write(entrySource, to: entry)
    // Debug information wants a module as well, which must not lie in the user's folder.
    let products = [
      "-module-name", module, "-emit-module-path", work + "/" + module + ".swiftmodule", "-o",
      library,
    ]
    let arguments = flags + products + sources.files.map(absolute) + [entry]
    configuration.log?(([compiler] + arguments).map(shellQuoted).joined(separator: " "))
    let result = try ToolProcess(compiler, arguments, outputPath: work + "/output").wait()
    guard result.isSuccess else {
      throw BuildError(
        .compilationFailed,
        "\(sources.files.joined(separator: ", ")): the Swift compiler refused the driver.",
        diagnostics: result.output)
    }
    return result.output
  }

  /// No module of the program has such a name, nor another driver in the same program.
  private func moduleName(_ key: String) -> String {
    let name = stem(sources.files[0]).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return "Driver_" + String(name) + "_" + key.prefix(8)
  }

  /// What the loader asks the library for.
  private var entrySource: String {
    """
    // Made by Ring3: names the driver to the program that loads the library.
    import Ring3

    @c(ring3_swift_driver)
    public func ring3SwiftDriver(_ place: UnsafeMutableRawPointer) {
      place.initializeMemory(as: (any SwiftDriver.Type).self, to: \(type).self)
    }

    @c(ring3_swift_driver_stamp)
    public func ring3SwiftDriverStamp() -> UInt64 { \(modules.stamp) }

    """
  }

  private var flags: [String] {
    var flags = [
      "-emit-library", "-parse-as-library", "-whole-module-optimization", "-swift-version", "6",
      "-enable-experimental-feature", "Lifetimes", "-I", modules.folder,
    ]
    for map in modules.moduleMaps {
      flags += ["-Xcc", "-fmodule-map-file=" + map]
      // Headers of one module include those of another.
      flags += ["-Xcc", "-I" + map.dropLast("/module.modulemap".count)]
    }
    switch configuration.optimization {
    case .none: flags.append("-Onone")
    case .size: flags.append("-Osize")
    case .some, .speed: flags.append("-O")
    }
    if configuration.debugInformation { flags.append("-g") }
    for name in configuration.defines { flags += ["-D", name] }
    for directory in configuration.includeDirectories { flags += ["-I", directory] }
    return flags + configuration.libraries
  }

  /// Changes when anything changes that the library depends on.
  private var cacheKey: String {
    var hash = ContentHash()
    hash.add(Toolchain.identity(of: compiler))
    hash.add("\(modules.stamp) \(type)")
    for flag in flags { hash.add(flag) }
    for (path, text) in zip(sources.files, texts) {
      hash.add(absolute(path))
      hash.add(text)
    }
    for path in configuration.libraries { hash.addFile(path) }
    return hash.hex
  }
}
