import Foundation

extension BuildJob {
  /// What linking leaves.
  struct Linked {
    var image: String
    /// The import library, when the image exports something.
    var library: String?
    var warnings: String
    var notes: [String]
  }

  /// Links the objects to an image.
  func link(_ compiled: [String], in work: String) throws(BuildError) -> Linked {
    var objects = compiled + inputs.objects
    var symbols = try undefinedSymbols(of: objects + configuration.libraries, in: work)
    var entry = "GsDriverEntry"
    if let framework = try frameworkEntry(needing: symbols, in: work) {
      objects.append(framework)
      symbols = try undefinedSymbols(of: objects + configuration.libraries, in: work)
      entry = "FxDriverEntry"
    }
    let imports = importedNames(symbols.filter { !$0.hasPrefix("__asan_") })
    let libraries = try importLibraries(imports.names, in: work)
    let support = try supportLibrary()
    // The import library names the file that it leads to.
    let folder = work + "/image"
    do { try BuildCache.makeDirectory(folder) } catch { throw BuildCache.failure(folder, error) }
    let image = folder + "/" + outputName
    var arguments = linkerFlags
    if configuration.addressSanitizer {
      arguments.append("/alternatename:KasanNextEntry=" + entry)
      entry = "KasanDriverEntry"
    }
    arguments.append("/entry:" + entry)
    if configuration.debugInformation { arguments.append("/debug:dwarf") }
    if configuration.controlFlowGuard { arguments.append("/guard:cf") }
    arguments += objects + configuration.libraries + [support] + libraries
    arguments.append("/out:" + image)
    let result = try run(toolchain.linker, arguments, in: work)
    let output = namingSources(result.output, compiled)
    guard result.isSuccess else { throw linkError(output) }
    let notes = imports.notes + initializerNotes(compiled)
    let library = folder + "/" + stem(outputName) + ".lib"
    return Linked(
      image: image, library: isFile(library) ? library : nil, warnings: output, notes: notes)
  }

  var linkerFlags: [String] {
    [
      "/driver", "/subsystem:native,10.0", "/osversion:10.0", "/nodefaultlib",
      "/dynamicbase",
      "/include:_load_config_used", "/opt:ref", "/Brepro", "/machine:x64",
      "/merge:_PAGE=PAGE", "/merge:_TEXT=.text", "/section:INIT,ERD",
    ]
  }

  /// The names that object files need and none of them has.
  private func undefinedSymbols(
    of objects: [String], in work: String
  ) throws(BuildError) -> Set<String> {
    func names(_ flags: [String]) throws(BuildError) -> Set<String> {
      let result = try run(
        toolchain.symbols, flags + ["--format=just-symbols", "--quiet"] + objects, in: work)
      guard result.isSuccess else {
        throw BuildError(
          .linkFailed, "The symbols of the object files cannot be listed.",
          diagnostics: result.output)
      }
      return Set(
        result.output.split(separator: "\n").filter { !$0.hasSuffix(":") }.map(String.init))
    }
    let undefined = try names(["--undefined-only"])
    return undefined.subtracting(try names(["--defined-only", "--extern-only"]))
  }

  /// Which of the undefined names are imports, and what to say about those only assumed to be.
  private func importedNames(_ symbols: Set<String>) -> (names: Set<String>, notes: [String]) {
    // What the support sources import.
    var names: Set<String> = ["KeBugCheckEx"]
    if configuration.addressSanitizer {
      names.formUnion(["Ring3KasanReport", "memcpy", "memmove", "memset"])
    }
    var unknown: Set<String> = []
    for symbol in symbols where !symbol.hasPrefix("?") && !symbol.hasPrefix("__imp_?") {
      if symbol.hasPrefix("__imp_") {
        names.insert(String(symbol.dropFirst(6)))
      } else {
        unknown.insert(symbol)
      }
    }
    let mentioned = kit.mentioned(unknown)
    var notes: [String] = []
    for symbol in unknown.sorted() {
      if mentioned.contains(symbol) {
        names.insert(symbol)
      } else if SystemModules.looksLikeExport(symbol) {
        names.insert(symbol)
        if !symbol.hasPrefix("_") && !symbol.hasPrefix("mem") {
          notes.append(
            "\(symbol): only the sources declare it; taken for an export of "
              + "\(SystemModules.module(of: symbol)).")
        }
      }
    }
    return (names, notes)
  }

  /// An import library for each module.
  private func importLibraries(
    _ names: Set<String>, in work: String
  ) throws(BuildError) -> [String] {
    var definitions = configuration.importDefinitions
    let modules = Dictionary(grouping: names, by: SystemModules.module)
    for (module, names) in modules.sorted(by: { $0.key < $1.key }) {
      let path = work + "/\(module).def"
      let list = names.sorted().map(SystemModules.definition).joined(separator: "\n")
      try BuildCache.write("LIBRARY \(module)\nEXPORTS\n\(list)\n", to: path)
      definitions.append(path)
    }
    var libraries: [String] = []
    for (index, definition) in definitions.enumerated() {
      let library = work + "/import\(index).lib"
      let result = try run(
        toolchain.linker,
        ["/lib", "/def:" + definition, "/machine:x64", "/out:" + library], in: work)
      guard result.isSuccess else {
        throw BuildError(
          .linkFailed, "\(definition): no import library can be made of it.",
          diagnostics: result.output)
      }
      libraries.append(library)
    }
    return libraries
  }

  /// The library that every driver is linked with: entry, stack cookie, load configuration.
  private func supportLibrary() throws(BuildError) -> String {
    var hash = ContentHash()
    hash.add(toolchain.identity)
    let library = parent(of: kit.support) + "-support/\(hash.hex).lib"
    if isFile(library) { return library }
    try cache.withWorkDirectory { work throws(BuildError) in
      var commands: [(tool: String, arguments: [String])] = []
      var objects: [String] = []
      for name in entries(of: kit.support) {
        let object = work + "/\(stem(name)).obj"
        objects.append(object)
        let path = kit.support + "/" + name
        commands.append((toolchain.clang, Self.codeFlags + ["-O2", "-c", path, "-o", object]))
      }
      for result in try run(commands, in: work, stopsAtFailure: true) where !result.isSuccess {
        throw BuildError(
          .compilationFailed, "\(kit.support): the support sources do not compile.",
          diagnostics: result.output)
      }
      let result = try run(
        toolchain.linker, ["/lib"] + objects + ["/machine:x64", "/out:\(work)/support.lib"],
        in: work)
      guard result.isSuccess else {
        throw BuildError(
          .linkFailed, "\(kit.support): no library can be made.", diagnostics: result.output)
      }
      try cache.publish(work + "/support.lib", as: library)
    }
    return library
  }

  /// The linker's words with sources in place of temporary object files.
  private func namingSources(_ output: String, _ objects: [String]) -> String {
    zip(inputs.files, objects).reduce(output) { text, pair in
      text.replacingOccurrences(of: pair.1, with: pair.0)
        .replacingOccurrences(of: lastComponent(pair.1), with: pair.0)
    }
  }

  private func linkError(_ output: String) -> BuildError {
    var message = "\(inputs.files.joined(separator: ", ")): not linked; the linker says why."
    if output.contains("undefined symbol: DriverEntry") {
      message +=
        "\nNo source defines DriverEntry. In C++ it must be declared extern \"C\"."
    }
    if output.contains("undefined symbol: void * __cdecl operator new")
      || output.contains("undefined symbol: void __cdecl operator delete")
    {
      message += "\nA driver must define operator new and operator delete itself."
    }
    message +=
      "\nAn undefined function is in no source, and neither the bundled headers nor the list of "
      + "implemented exports has it. For another module's exports give a .def or .lib file."
    return BuildError(.linkFailed, message, diagnostics: output)
  }

  /// Nobody runs the initialisers of C++ globals in a driver, which surprises.
  private func initializerNotes(_ objects: [String]) -> [String] {
    zip(inputs.files, objects).compactMap { source, object in
      guard SourceSet.cxxExtensions.contains(lowercaseExtension(source)),
        let data = FileManager.default.contents(atPath: object),
        data.withUnsafeBytes({ find(".CRT$XCU", in: $0) != nil })
      else { return nil }
      return "\(source): has globals with constructors; in a driver nobody runs them."
    }
  }
}
