import Foundation

/// What a driver's `.vcxproj` says about building it, as its Release configuration for x64.
struct VisualStudioProject {
  /// The sources to compile, as paths.
  private(set) var sources: [String] = []
  /// The other items that a build would translate: resources, assembly, messages.
  private(set) var otherItems: [String] = []
  private(set) var includeDirectories: [String] = []
  private(set) var defines: [String] = []
  /// The C++ standard, as clang calls it.
  private(set) var standard: String?
  /// The trace functions that the project declares, in the words of `FUNC` statements.
  private(set) var traceFunctions: [String] = []
  /// Files in the managed object format, of which headers are made.
  private(set) var mofFiles: [String] = []
  /// The names of those headers.
  private(set) var mofHeaders: [String] = []
  /// The kind of product, such as `Driver` or `Application`.
  var kind: String { properties["ConfigurationType"] ?? "" }

  /// Projects of libraries that the driver is linked with, as paths.
  private var libraries: [String] = []
  private let directory: String
  private var properties: ProjectProperties
  private var finder = FileFinder()

  init(_ path: String) throws(BuildError) {
    try self.init(path, isLibrary: false)
    for library in libraries { add(try VisualStudioProject(library, isLibrary: true)) }
  }

  private init(_ path: String, isLibrary: Bool) throws(BuildError) {
    guard let content = text(of: path) else {
      throw BuildError(.inputMissing, "\(path): the project cannot be read.")
    }
    directory = parent(of: path)
    properties = ProjectProperties(projectDirectory: absolute(directory))
    properties["ProjectName"] = stem(path)
    read(content)
    addFrameworkVersion()
    // Sources in other folders find the headers beside the project.
    includeDirectories.append(directory)
    if isLibrary { libraries = [] }
  }

  /// Adds what a static library is made of: its sources are compiled with the driver's.
  private mutating func add(_ library: VisualStudioProject) {
    guard library.kind.lowercased() == "staticlibrary" else { return }
    sources += library.sources.filter { !sources.contains($0) }
    includeDirectories += library.includeDirectories.filter { !includeDirectories.contains($0) }
    defines += library.defines.filter { !defines.contains($0) }
  }

  private mutating func read(_ content: String) {
    struct Element {
      var name: String
      var isActive: Bool
      var include: String?
      var text = ""
    }
    var scanner = XMLScanner(content)
    var stack: [Element] = []
    var excluded = false
    while let event = scanner.next() {
      switch event {
      case .open(let name, let attributes):
        let isActive = (stack.last?.isActive ?? true) && properties.holds(attributes["Condition"])
        stack.append(Element(name: name, isActive: isActive, include: attributes["Include"]))
        if attributes["Include"] != nil { excluded = false }
      case .text(let text):
        if !stack.isEmpty { stack[stack.count - 1].text += text }
      case .close:
        guard let element = stack.popLast(), element.isActive else { continue }
        let value = element.text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let include = element.include {
          if !excluded { addItem(element.name, include) }
        } else if element.name == "ExcludedFromBuild" {
          excluded = value.lowercased() == "true"
        } else {
          addSetting(element.name, value, within: stack.last?.name ?? "")
        }
      }
    }
  }

  /// The framework's version is a property of a project, and a macro in its sources.
  private mutating func addFrameworkVersion() {
    for name in ["KMDF_VERSION_MAJOR", "KMDF_VERSION_MINOR", "KMDF_MINIMUM_VERSION_REQUIRED"] {
      guard let value = properties[name], Int(value) != nil,
        !defines.contains(where: { $0.hasPrefix(name + "=") })
      else { continue }
      defines.append(name + "=" + value)
    }
  }

  /// Notes the project that makes a library: it has the library's name and lies where the driver's project
  /// looks for it, apart from folders of the build.
  private mutating func addLibrary(_ windowsPath: String) {
    let parts = windowsPath.replacingOccurrences(of: "\\", with: "/").split(separator: "/")
    guard let name = parts.last, !name.contains("$("),
      lowercaseExtension(String(name)) == "lib"
    else { return }
    let folder = parts.dropLast().filter { !$0.contains("$(") && $0 != "." }
    addProject((folder + [stem(String(name)) + ".vcxproj"]).joined(separator: "/"))
  }

  private mutating func addProject(_ windowsPath: String) {
    for path in paths(windowsPath) where isFile(path) && !libraries.contains(path) {
      libraries.append(path)
    }
  }

  private mutating func addItem(_ name: String, _ include: String) {
    if name == "ProjectReference" { return addProject(include) }
    let kinds = ["ClCompile", "MASM", "ResourceCompile", "MessageCompile", "MofComp"]
    guard kinds.contains(name) else { return }
    for part in list(include) {
      for path in paths(part) {
        switch name {
        case "ClCompile": sources.append(path)
        case "MofComp": mofFiles.append(path)
        default: otherItems.append(path)
        }
      }
    }
  }

  private mutating func addSetting(_ name: String, _ value: String, within group: String) {
    switch (group, name) {
    case ("PropertyGroup", "IncludePath"):
      addIncludeDirectories(value)
    case ("PropertyGroup", _):
      properties[name] = properties.expanded(value)
    case ("Link", "AdditionalDependencies"):
      for library in value.split(separator: ";") {
        addLibrary(library.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    case ("ClCompile", "PreprocessorDefinitions"):
      for define in list(value) where isDefine(define) && !defines.contains(define) {
        defines.append(define)
      }
    case ("ClCompile", "AdditionalIncludeDirectories"):
      addIncludeDirectories(value)
    case ("ClCompile", "LanguageStandard"):
      standard =
        [
          "stdcpp14": "c++14", "stdcpp17": "c++17", "stdcpp20": "c++20", "stdcpp23preview": "c++23",
          "stdcpplatest": "c++23",
        ][value.lowercased()]
    case ("ClCompile", "WppTraceFunction"):
      for function in value.components(separatedBy: ");") where !function.isEmpty {
        traceFunctions.append(function.hasSuffix(")") ? function : function + ")")
      }
    case ("Wmimofck", "HeaderOutputFile"):
      mofHeaders.append(lastComponent(value.replacingOccurrences(of: "\\", with: "/")))
    default: break
    }
  }

  private mutating func addIncludeDirectories(_ value: String) {
    for path in list(value).flatMap({ paths($0) }) where !includeDirectories.contains(path) {
      if isDirectory(path) { includeDirectories.append(path) }
    }
  }

  /// The parts of a list that say something by themselves.
  private func list(_ value: String) -> [String] {
    value.split(whereSeparator: { $0 == ";" || $0.isNewline }).map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty && !$0.hasPrefix("%(") && properties.knowsAll(in: $0) }
      .map { properties.expanded($0) }
  }

  private func isDefine(_ text: String) -> Bool {
    text.first.map { $0.isLetter || $0 == "_" } ?? false
  }

  /// The paths that a Windows path of the project means, wildcards expanded.
  private mutating func paths(_ windowsPath: String) -> [String] {
    let path = windowsPath.replacingOccurrences(of: "\\", with: "/")
    if lastComponent(path).hasPrefix("*.") {
      let folder = join(directory, parent(of: path) == "." ? "" : parent(of: path))
      let wanted = lowercaseExtension("x" + lastComponent(path).dropFirst())
      return entries(of: folder.isEmpty ? "." : folder)
        .filter { lowercaseExtension($0) == wanted }.map { join(folder, $0) }
    }
    let written = path.hasPrefix("/") ? path : join(directory, path)
    if FileManager.default.fileExists(atPath: written) { return [written] }
    return [finder.find(path, in: absolute(directory)) ?? written]
  }
}
