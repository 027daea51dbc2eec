import Foundation

/// What the user gave to build, sorted by what is done with it.
struct SourceSet {
  /// C and C++ sources, as the user would write their paths.
  private(set) var files: [String] = []
  /// Object files and libraries.
  private(set) var objects: [String] = []
  private(set) var includeDirectories: [String] = []
  private(set) var defines: [String] = []
  private(set) var traceFunctions: [String] = []
  /// Files in the managed object format, and the names of the headers that are made of them.
  private(set) var mofFiles: [String] = []
  private(set) var mofHeaders: [String] = []
  private(set) var notes: [String] = []
  /// The C++ standard that the sources are written in.
  private(set) var standard = "c++17"

  static let cExtensions: Set<String> = ["c"]
  static let cxxExtensions: Set<String> = ["cpp", "cxx", "cc"]
  /// Files of which Microsoft's mc.exe makes headers.
  static let messageExtensions: Set<String> = ["mc", "man", "xml"]
  static let sourceExtensions = cExtensions.union(cxxExtensions)

  init(_ sources: [String]) throws(BuildError) {
    guard !sources.isEmpty else {
      throw BuildError(.inputMissing, "No source given. Name a C or C++ file, or a directory.")
    }
    for source in sources {
      if isDirectory(source) {
        try addDirectory(source)
      } else if isFile(source) {
        try add(source)
      } else {
        throw BuildError(.inputMissing, "\(source): no such file. Check the path.")
      }
    }
    guard !files.isEmpty || !objects.isEmpty else {
      throw BuildError(
        .inputMissing, "\(sources.joined(separator: ", ")): nothing there that can be compiled.")
    }
    addTraceFunctionsOfNeighbours()
  }

  private mutating func addDirectory(_ directory: String) throws(BuildError) {
    let names = entries(of: directory)
    var drivers: [(path: String, project: VisualStudioProject)] = []
    for name in names where lowercaseExtension(name) == "vcxproj" {
      let path = join(directory, name)
      let project = try VisualStudioProject(path)
      let kind = project.kind.lowercased()
      if !project.sources.isEmpty, kind == "driver" || kind.isEmpty {
        drivers.append((path, project))
      }
    }
    if drivers.count > 1 {
      let list = drivers.map(\.path).joined(separator: ", ")
      throw BuildError(.inputMissing, "\(directory): several driver projects (\(list)). Name one.")
    }
    if let driver = drivers.first { return try add(driver.project) }
    let sources = names.filter { Self.sourceExtensions.contains(lowercaseExtension($0)) }
    guard !sources.isEmpty else {
      let below = Self.projects(below: directory, depth: 3)
      let hint = below.isEmpty ? "" : " Below it are \(below.joined(separator: ", "))."
      throw BuildError(
        .inputMissing,
        "\(directory): no driver project and no Swift, C or C++ file in it.\(hint)")
    }
    for name in sources { try add(join(directory, name)) }
  }

  private static func projects(below directory: String, depth: Int) -> [String] {
    guard depth > 0 else { return [] }
    return entries(of: directory).flatMap { name -> [String] in
      let path = join(directory, name)
      if isDirectory(path) { return projects(below: path, depth: depth - 1) }
      return lowercaseExtension(name) == "vcxproj" ? [path] : []
    }
  }

  private mutating func add(_ project: VisualStudioProject) throws(BuildError) {
    includeDirectories += project.includeDirectories
    defines += project.defines
    traceFunctions += project.traceFunctions
    mofFiles += project.mofFiles
    mofHeaders += project.mofHeaders
    standard = project.standard ?? standard
    for path in project.sources + project.otherItems {
      guard isFile(path) else {
        throw BuildError(.inputMissing, "\(path): the project lists it, but there is no such file.")
      }
      try add(path)
    }
  }

  private mutating func add(_ path: String) throws(BuildError) {
    switch lowercaseExtension(path) {
    case let name where Self.sourceExtensions.contains(name):
      if !files.contains(path) { files.append(path) }
    case "vcxproj":
      try add(try VisualStudioProject(path))
    case "obj", "lib":
      objects.append(path)
    case "rc", "inf", "inx", "ctl", "txt", "md":
      notes.append("\(path): left out; a driver runs here without it.")
    case let name where Self.messageExtensions.contains(name):
      notes.append(
        "\(path): left out; if a source includes the header that mc.exe makes of it, "
          + "put that header beside the source.")
    case "asm", "s":
      throw BuildError(
        .inputUnsupported,
        "\(path): Microsoft assembly cannot be translated here: the Swift toolchain has no "
          + "assembler for it. Assemble it on Windows and give the .obj file.")
    case "h", "hpp", "hxx":
      throw BuildError(
        .inputUnsupported, "\(path): a header is not built by itself. Name the sources.")
    default:
      throw BuildError(
        .inputUnsupported,
        "\(path): not a source that can be built. Give .c, .cpp, .cxx, .cc, .vcxproj or a directory."
      )
    }
  }

  /// Trace functions of sources that were named one by one may be declared in their project.
  private mutating func addTraceFunctionsOfNeighbours() {
    guard traceFunctions.isEmpty else { return }
    for directory in Set(files.map(parent)).sorted() {
      for name in entries(of: directory) where lowercaseExtension(name) == "vcxproj" {
        guard let project = try? VisualStudioProject(join(directory, name)) else { continue }
        traceFunctions += project.traceFunctions
      }
    }
  }
}
