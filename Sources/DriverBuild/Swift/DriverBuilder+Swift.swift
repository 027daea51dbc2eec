extension DriverBuilder {
  /// Builds one driver in Swift.
  func buildSwift(
    sources: [String], output: String?, in cache: BuildCache
  ) throws(BuildError) -> BuiltDriver {
    let inputs = try SwiftSourceSet(sources)
    try checkSwiftOptions()
    var texts: [String] = []
    for file in inputs.files {
      guard let content = text(of: file) else {
        throw BuildError(.inputMissing, "\(file): the source cannot be read.")
      }
      texts.append(content)
    }
    let type = try driverType(
      among: texts.flatMap(SwiftDriverTypes.names), in: sources.joined(separator: ", "))
    guard let compiler = Toolchain.find("swiftc") else {
      throw BuildError(
        .toolchainMissing,
        "swiftc is not found. It comes with the Swift toolchain (https://www.swift.org/install): put "
          + "its usr/bin on the PATH, or name it in RING3_TOOLCHAIN.")
    }
    let job = SwiftBuildJob(
      configuration: configuration, cache: cache, compiler: compiler,
      modules: try SwiftModules.find(), sources: inputs, texts: texts, type: type)
    var driver = try job.run()
    if let output {
      try cache.copy(driver.path, to: output)
      driver.path = output
    }
    return driver
  }

  /// Refuses what has no meaning for a driver in Swift.
  private func checkSwiftOptions() throws(BuildError) {
    let refused: String? =
      if configuration.controlFlowGuard {
        "control-flow guard"
      } else if let file = configuration.importDefinitions.first {
        file
      } else {
        configuration.defines.first { $0.contains("=") }.map { "a value: \($0)" }
      }
    if let refused {
      throw BuildError(.inputUnsupported, "A driver in Swift is not built with \(refused).")
    }
  }

  /// The type that is the driver: the only one, or the one that is named.
  private func driverType(
    among names: [String], in sources: String
  ) throws(BuildError) -> String {
    if let only = names.first, names.count == 1 { return only }
    let chosen = configuration.driverTypes
    if names.isEmpty {
      // A conformance that the scan cannot see: by a superclass, or by another protocol.
      if let only = chosen.first, chosen.count == 1 { return only }
      throw BuildError(
        .driverTypeUnclear,
        "\(sources): no type conforms to SwiftDriver. Declare one, such as final class Pattern: "
          + "SwiftDriver, or name the type with --type.")
    }
    let fitting = names.filter(chosen.contains)
    if let only = fitting.first, fitting.count == 1 { return only }
    throw BuildError(
      .driverTypeUnclear,
      "\(sources): several types conform to SwiftDriver (\(names.joined(separator: ", "))). "
        + "Choose one with --type.")
  }
}
