import CRing3Exports
import Machine
import PortableExecutable

extension Images {
  /// What an import leads to.
  enum Resolution {
    /// Code or data of an image that is loaded.
    case image(UnsafeRawPointer)
    case system(UnsafePointer<R3Export>)
    case missing
  }

  /// Most forwarders that are followed, one leading to the next.
  private static let maximumForwarderCount = 8

  /// Looks for an import in the images that are loaded, and then in the system.
  ///
  /// The system's modules are known by name only: Windows numbers their exports anew in each
  /// version, so that an ordinal of theirs leads nowhere.
  static func resolve(
    _ symbol: Import.Symbol, from module: String, for loaded: LoadedImage
  ) -> Resolution {
    var (symbol, module) = (symbol, module)
    for _ in 0...maximumForwarderCount {
      guard let exporter = exporter(module, in: loaded.machine) else {
        return system(symbol, from: module)
      }
      guard let export = exporter.image.exports.first(where: { $0.isMeant(by: symbol) }) else {
        return .missing
      }
      switch export.target {
      case .address(let rva):
        loaded.use(exporter)
        return .image(exporter.base + Int(rva))
      case .forwarder(let text):
        guard let next = Forwarder(text) else { return .missing }
        (symbol, module) = (next.symbol, next.module)
      }
    }
    return .missing
  }

  private static func system(_ symbol: Import.Symbol, from module: String) -> Resolution {
    guard case .name(let name) = symbol, isSystemModule(module),
      let export = name.withCString({ r3_export_find($0) })
    else { return .missing }
    return .system(export)
  }

  /// The loaded image of that file name, which a forwarder gives without its extension.
  static func exporter(_ module: String, in machine: Machine) -> LoadedImage? {
    let wanted = module.lowercased()
    return state(of: machine).loaded.first { image in
      let name = image.name.lowercased()
      return !image.isUnloaded && (name == wanted || name.prefix { $0 != "." } == wanted)
    }
  }

  /// Whether a module is the system's own, so that its exports are those that Ring3 implements.
  package static func isSystemModule(_ name: String) -> Bool {
    let name = name.lowercased()
    let stem = String(name.prefix { $0 != "." })
    return systemModules.contains(stem) || name.hasPrefix("ext-ms-win-ntos-")
      || name.hasPrefix("api-ms-win-")
  }

  private static let systemModules: Set<String> = [
    "ntoskrnl", "ntkrnlmp", "ntkrnlpa", "hal", "bootvid", "ci", "classpnp", "clfs", "cng",
    "dxgkrnl", "fltmgr", "fwpkclnt", "hidclass", "hidparse", "kdcom", "ks", "ksecdd", "msrpc",
    "ndis", "netio", "pcw", "portcls", "pshed", "scsiport", "storport", "tdi", "tm", "usbd",
    "videoprt", "wdfldr", "werkernel", "wmilib", "wpprecorder",
  ]
}

extension Export {
  /// Whether an import asks for this.
  fileprivate func isMeant(by symbol: Import.Symbol) -> Bool {
    switch symbol {
    case .name(let name): self.name == name
    case .ordinal(let ordinal): self.ordinal == UInt32(ordinal)
    }
  }
}

/// Something of another module: `ntoskrnl.RtlCompareMemory` or `helper.#7`.
private struct Forwarder {
  let module: String
  let symbol: Import.Symbol

  init?(_ text: String) {
    guard let dot = text.lastIndex(of: ".") else { return nil }
    let rest = text[text.index(after: dot)...]
    module = String(text[..<dot])
    if rest.hasPrefix("#") {
      guard let ordinal = UInt16(rest.dropFirst()) else { return nil }
      symbol = .ordinal(ordinal)
    } else {
      symbol = .name(String(rest))
    }
  }
}
