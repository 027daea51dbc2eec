import Foundation

/// One build, with everything that it needs found.
struct BuildJob {
  let configuration: DriverBuilder.Configuration
  let cache: BuildCache
  let toolchain: Toolchain
  let kit: DriverKit
  let inputs: SourceSet
  let scan: IncludeScan
  /// File name of the image.
  let outputName: String

  func run() throws(BuildError) -> BuiltDriver {
    let key = cacheKey
    let image = cache.directory + "/drivers/" + key + ".sys"
    let record = cache.directory + "/drivers/" + key + ".json"
    let library = cache.directory + "/drivers/" + key + ".lib"
    let mayReuse = configuration.usesCache && scan.isComplete
    if mayReuse, isFile(image), let remarks = BuildRemarks(path: record) {
      return BuiltDriver(
        path: image, importLibrary: isFile(library) ? library : nil, warnings: remarks.warnings,
        notes: remarks.notes, isFromCache: true)
    }
    return try cache.withWorkDirectory { work throws(BuildError) in
      let compiled = try compile(in: work)
      let linked = try link(compiled.objects, in: work)
      let remarks = BuildRemarks(
        warnings: compiled.warnings + linked.warnings, notes: inputs.notes + linked.notes)
      try BuildCache.write(remarks.json, to: work + "/remarks")
      try cache.publish(work + "/remarks", as: record)
      if let made = linked.library { try cache.publish(made, as: library) }
      try cache.publish(linked.image, as: image)
      return BuiltDriver(
        path: image, importLibrary: linked.library.map { _ in library }, warnings: remarks.warnings,
        notes: remarks.notes, isFromCache: false)
    }
  }

  /// Changes when anything changes that the image depends on.
  private var cacheKey: String {
    var hash = ContentHash()
    hash.add(toolchain.identity)
    hash.add(kit.identity)
    hash.add(FileManager.default.currentDirectoryPath)
    hash.add(outputName)
    for argument in compilerFlags + linkerFlags { hash.add(argument) }
    for text in inputs.files + inputs.traceFunctions + [inputs.standard] { hash.add(text) }
    for file in scan.files {
      hash.add(file.path)
      file.data.withUnsafeBytes { hash.add($0) }
    }
    for name in inputs.mofHeaders { hash.add(name) }
    for path in inputs.objects + inputs.mofFiles + configuration.libraries
      + configuration.importDefinitions
    {
      hash.add(path)
      hash.addFile(path)
    }
    return hash.hex
  }

  /// Runs tools side by side, at most one for each processor, and gives the results in order.
  func run(
    _ commands: [(tool: String, arguments: [String])], in work: String, stopsAtFailure: Bool
  ) throws(BuildError) -> [ToolProcess.Result] {
    var results: [ToolProcess.Result] = []
    let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
    for start in stride(from: 0, to: commands.count, by: width) {
      var running: [ToolProcess] = []
      for index in start..<min(start + width, commands.count) {
        let command = commands[index]
        configuration.log?(
          ([command.tool] + command.arguments).map(shellQuoted).joined(separator: " "))
        running.append(
          try ToolProcess(
            command.tool, command.arguments, outputPath: work + "/output\(index)"))
      }
      results += running.map { $0.wait() }
      if stopsAtFailure, results.contains(where: { !$0.isSuccess }) { break }
    }
    return results
  }

  /// Runs one tool.
  func run(
    _ tool: String, _ arguments: [String], in work: String
  ) throws(BuildError) -> ToolProcess.Result {
    try run([(tool, arguments)], in: work, stopsAtFailure: true)[0]
  }
}

/// An argument as a shell takes it.
func shellQuoted(_ text: String) -> String {
  let plain = text.allSatisfy { $0.isLetter || $0.isNumber || "-_=+,./:@%".contains($0) }
  return plain && !text.isEmpty
    ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
