extension BuildJob {
  /// The object file with which a KMDF driver starts; nil for other drivers.
  ///
  /// It binds the driver to the version of the framework that the objects were compiled for. Their
  /// symbols tell it; where they name none, the macros do.
  func frameworkEntry(needing symbols: Set<String>, in work: String) throws(BuildError) -> String? {
    let versions = symbols.filter { $0.hasPrefix(Self.tablePrefix) }
      .compactMap { Int($0.dropFirst(Self.tablePrefix.count)) }.sorted()
    guard versions.count <= 1 else {
      let list = versions.map { "1.\($0)" }.joined(separator: " and ")
      throw BuildError(
        .linkFailed,
        "\(inputs.files.joined(separator: ", ")): compiled for KMDF \(list). "
          + "All objects of a driver must be for one version: KMDF_VERSION_MINOR chooses it.")
    }
    guard
      !versions.isEmpty || symbols.contains("WdfDriverGlobals")
        || scan.includedNames.contains("wdf.h")
    else { return nil }
    var defines = inputs.defines + configuration.defines
    if let version = versions.first {
      defines.removeAll { $0.hasPrefix("KMDF_VERSION_MINOR") }
      defines.append("KMDF_VERSION_MINOR=\(version)")
    }
    let object = work + "/wdfentry.obj"
    let result = try run(
      toolchain.clang,
      Self.codeFlags + ["-O2", "-Wno-pragma-pack"] + Self.definesFlags(besides: defines)
        + defines.map { "-D" + $0 } + ["-isystem", kit.headers, "-isystem", kit.headers + "/crt"]
        + ["-c", kit.framework + "/wdfentry.c", "-o", object],
      in: work)
    guard result.isSuccess else {
      throw BuildError(
        .compilationFailed,
        "\(kit.framework)/wdfentry.c: the entry of KMDF drivers does not compile.",
        diagnostics: result.output)
    }
    return object
  }

  /// How the name of the table of functions begins; the version follows, as `WdfFunctions_01015`.
  private static let tablePrefix = "WdfFunctions_01"
}
