import Foundation

extension BuildJob {
  /// The object files of the sources, and what the compiler warned of.
  func compile(in work: String) throws(BuildError) -> (objects: [String], warnings: String) {
    try writeTraceHeaders(in: work)
    try writeMofHeaders(in: work)
    try BuildCache.write(
      HeaderOverlay.yaml(trees: [kit.headers, work + "/trace"], scan: scan),
      to: work + "/overlay.yaml")
    var objects: [String] = []
    var commands: [(tool: String, arguments: [String])] = []
    for (index, source) in inputs.files.enumerated() {
      let object = work + "/\(index)-\(stem(source)).obj"
      objects.append(object)
      commands.append((toolchain.clang, arguments(source: source, object: object, work: work)))
    }
    let results = try run(commands, in: work, stopsAtFailure: !configuration.keepGoing)
    let output = results.map(\.output).joined()
    let failed = zip(inputs.files, results).filter { !$0.1.isSuccess }.map(\.0)
    guard failed.isEmpty else { throw compilationError(failed, output) }
    return (objects, output)
  }

  /// The flags that are the same for every source.
  var compilerFlags: [String] {
    var flags = Self.codeFlags
    flags.append("-O" + configuration.optimization.rawValue)
    flags.append("-fstack-protector-strong")
    if configuration.debugInformation { flags.append("-gdwarf") }
    if configuration.controlFlowGuard { flags += ["-Xclang", "-cfguard"] }
    if configuration.addressSanitizer {
      flags += Self.sanitizerFlags
    } else if scan.files.contains(where: { $0.contains("alloc_text") || $0.contains("code_seg") }) {
      flags.append(Self.inlineFlag)
    }
    flags += Self.toleranceFlags
    let chosen = inputs.defines + configuration.defines
    flags += Self.definesFlags(besides: chosen)
    flags += chosen.map { "-D" + $0 }
    for directory in configuration.includeDirectories + inputs.includeDirectories {
      flags += ["-I", directory]
    }
    return flags
  }

  private func arguments(source: String, object: String, work: String) -> [String] {
    var arguments = compilerFlags
    if SourceSet.cxxExtensions.contains(lowercaseExtension(source)) {
      arguments += ["-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
      arguments += ["-std=" + inputs.standard, "-Wno-c++11-narrowing", "-Wno-register"]
      // Without `__try` the flag would only add handlers for destructors.
      if scan.files.contains(where: { $0.contains("__try") }) {
        arguments.append("-fasync-exceptions")
      }
    } else {
      arguments.append("-fasync-exceptions")
    }
    arguments += ["-I", work + "/trace", "-isystem", kit.headers]
    if isDirectory(kit.headers + "/crt") { arguments += ["-isystem", kit.headers + "/crt"] }
    arguments += ["-ivfsoverlay", work + "/overlay.yaml", "-ffile-prefix-map=\(work)=/ring3"]
    return arguments + ["-c", source, "-o", object]
  }

  private func writeTraceHeaders(in work: String) throws(BuildError) {
    guard !scan.traceHeaders.isEmpty else { return }
    var functions = inputs.traceFunctions.compactMap { TraceFunction($0) }
    for file in scan.files where file.contains("begin_wpp") {
      functions += TraceFunction.declared(in: String(decoding: file.data, as: UTF8.self))
    }
    let content = TraceHeader.text(functions)
    for name in scan.traceHeaders {
      do { try BuildCache.makeDirectory(work + "/trace") } catch {
        throw BuildCache.failure(work, error)
      }
      try BuildCache.write(content, to: work + "/trace/" + name)
    }
  }

  private func writeMofHeaders(in work: String) throws(BuildError) {
    guard !inputs.mofHeaders.isEmpty else { return }
    var texts: [String] = []
    for path in inputs.mofFiles {
      guard let content = text(of: path) else {
        throw BuildError(.inputMissing, "\(path): the project lists it, but it cannot be read.")
      }
      texts.append(content)
    }
    do { try BuildCache.makeDirectory(work + "/trace") } catch {
      throw BuildCache.failure(work, error)
    }
    for name in inputs.mofHeaders {
      try BuildCache.write(MofHeader.text(texts), to: work + "/trace/" + name)
    }
  }

  private func compilationError(_ failed: [String], _ output: String) -> BuildError {
    let missing = output.split(separator: "\n").compactMap { line -> String? in
      guard line.contains("file not found"), let start = line.range(of: "error: '") else {
        return nil
      }
      return String(line[start.upperBound...].prefix { $0 != "'" })
    }
    let files = failed.joined(separator: ", ")
    var message = "\(files): not compiled; the compiler says why."
    for name in missing {
      message += "\n" + hint(missingHeader: name)
    }
    return BuildError(.compilationFailed, message, diagnostics: output)
  }

  private func hint(missingHeader name: String) -> String {
    var messages: [String] = []
    for directory in scan.directories.sorted() {
      messages += entries(of: directory)
        .filter { SourceSet.messageExtensions.contains(lowercaseExtension($0)) }
        .map { directory + "/" + $0 }
    }
    let wanted = stem(name).lowercased()
    let nowhere =
      "\(name) is neither beside the source, nor in a directory given with -I, nor among the "
      + "bundled headers."
    guard let message = messages.first(where: { stem($0).lowercased() == wanted }) ?? messages.first
    else { return nowhere }
    return nowhere
      + " If it is what Microsoft's mc.exe makes of \(message): that tool is not here; "
      + "make the header on Windows and put it beside the source."
  }
}
