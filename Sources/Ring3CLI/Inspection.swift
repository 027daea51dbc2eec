import CRing3Exports
import PortableExecutable
import Ring3

/// The facts that `ring3 inspect` reports; the names of the properties are those of its JSON.
struct Inspection: Encodable {
  struct SectionFacts: Encodable {
    var name: String
    var address: UInt32
    var size: UInt32
    var protection: String
    var discardable: Bool
    var pageable: Bool
  }

  struct ImportFacts: Encodable {
    var name: String
    var implemented: Bool
  }

  struct ModuleFacts: Encodable {
    var name: String
    /// Whether it is a module of the system; another one is a driver that must be loaded before.
    var system: Bool
    var imports: [ImportFacts]
  }

  var op = "inspect"
  var path: String
  var model: String
  /// The version of KMDF that the driver asks for.
  var frameworkVersion: String?
  var loadable: Bool
  /// Why the image cannot be loaded.
  var problem: String?
  var description: String?
  var entryPoint: UInt32
  var imageSize: UInt32
  var preferredBase: UInt64
  var functions: Int
  var symbols: Int
  var pdb: String?
  var controlFlowGuard: Bool
  var stackCookie: Bool
  var sections: [SectionFacts]
  var modules: [ModuleFacts]

  init(path: String, image: Image) {
    self.path = path
    model = image.driverModel.description
    frameworkVersion = image.frameworkVersion?.description
    do throws(ImageError) {
      try image.requireDriver()
      loadable = true
    } catch {
      loadable = false
      problem = error.description
    }
    description = image.version?.fileDescription
    entryPoint = image.entryPoint
    imageSize = image.imageSize
    preferredBase = image.preferredBase
    functions = image.functions.count
    symbols = image.symbols.count
    pdb = image.pdb?.path
    controlFlowGuard = image.loadConfiguration?.guardFlags.contains(.instrumented) ?? false
    stackCookie = image.loadConfiguration?.securityCookie != nil
    sections = image.sections.map {
      SectionFacts(
        name: $0.name, address: $0.rva, size: $0.size, protection: $0.protection,
        discardable: $0.isDiscardable, pageable: $0.isPageable)
    }
    modules = image.imports.map { module in
      let isSystem = isSystemModule(module.name)
      return ModuleFacts(
        name: module.name, system: isSystem,
        imports: module.imports.map { item in
          ImportFacts(
            name: item.symbol.description, implemented: isSystem && Self.isImplemented(item))
        })
    }
  }

  private static func isImplemented(_ item: Import) -> Bool {
    guard case .name(let name) = item.symbol else { return false }
    return r3_export_find(name) != nil
  }

  /// The number of imports that Ring3 does not implement.
  var missingCount: Int {
    modules.reduce(0) { $0 + $1.imports.count { !$0.implemented } }
  }
}

extension Inspection {
  /// The facts for a person.
  func text(missingOnly: Bool) -> String {
    let kind = model + (frameworkVersion.map { " \($0)" } ?? "")
    var lines = ["\(path): \(kind) driver" + (description.map { ", \($0)" } ?? "")]
    if let problem { lines.append("  cannot be loaded: \(problem)") }
    lines.append("  entry point  +\(hex(entryPoint))")
    lines.append("  image size   \(imageSize / 1024) KiB")
    lines.append("  built with   " + features.joined(separator: ", "))
    if let pdb { lines.append("  symbols in   \(pdb)") }
    lines.append("")
    lines.append("Sections")
    let width = sections.map(\.name.count).max() ?? 0
    for section in sections {
      var line = "  " + section.name.padded(to: width) + "  " + section.protection
      line += "  +" + hex(section.address).padded(to: 10) + "\(section.size) bytes"
      if section.discardable { line += ", discardable" }
      if section.pageable { line += ", pageable" }
      lines.append(line)
    }
    lines.append("")
    lines.append(summary)
    for module in modules { lines += text(module, missingOnly: missingOnly) }
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let total = modules.reduce(0) { $0 + $1.imports.count }
    guard total > 0 else { return "No imports" }
    return "Imports: \(total), "
      + (missingCount == 0 ? "all implemented" : "\(missingCount) missing")
  }

  private var features: [String] {
    var features = [functions == 0 ? "no unwind data" : "unwind data of \(functions) functions"]
    if stackCookie { features.append("stack cookie") }
    if controlFlowGuard { features.append("control-flow guard") }
    features.append(symbols == 0 ? "no symbols" : "\(symbols) symbols")
    return features
  }

  private func text(_ module: ModuleFacts, missingOnly: Bool) -> [String] {
    let shown = module.imports.filter { !missingOnly || !$0.implemented }
    guard !shown.isEmpty else { return [] }
    let note = module.system ? "" : ", another driver: beside this one, or loaded first"
    return ["  \(module.name)\(note)"]
      + shown.map { ($0.implemented ? "    implemented  " : "    missing      ") + $0.name }
  }

  private func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16, uppercase: true) }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
