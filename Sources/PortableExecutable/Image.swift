import NTTypes

/// A driver image: the values that the bytes of a `.sys` file stand for.
///
/// Reading has no side effects. Every part that a loader relies on is checked here, so that it can copy,
/// relocate and bind without further checks of bounds:
///
///     let image = try Image(bytes: bytes)
///     try image.requireDriver()
///     for section in image.sections { … image.contents(of: section) … }
public struct Image: Sendable {
  /// What the headers say.
  public let headers: ImageHeaders
  /// The sections by rising address; they do not overlap.
  public let sections: [Section]
  /// Where each data directory lies, as image offsets.
  public let directories: [DataDirectory: Range<UInt32>]
  /// What the image needs, module by module; delayed imports come last.
  public let imports: [ImportedModule]
  /// What the image offers, by ordinal.
  public let exports: [Export]
  /// The name that the image gives itself in its export table.
  public let exportName: String?
  /// The addresses that change with the place of the image.
  public let relocations: Relocations
  /// The functions of the exception table, by rising address.
  public let functions: [RuntimeFunction]
  /// What the compiler asks of the loader; nil without one.
  public let loadConfiguration: LoadConfiguration?
  /// The thread-local storage; nil without any.
  public let threadLocalStorage: ThreadLocalStorage?
  /// The debug table.
  public let debugEntries: [DebugEntry]
  /// The PDB file that belongs to the image.
  public let pdb: PDBReference?
  /// The version resource.
  public let version: VersionInfo?
  /// The names that the linker left.
  public let symbols: SymbolTable

  let reader: ImageReader

  /// Reads an x64 image.
  public init(bytes: [UInt8], limits: ImageLimits = .standard) throws(ImageError) {
    var reader = ImageReader(bytes: bytes, limits: limits)
    headers = try reader.headers()
    directories = try reader.directories(headers)
    try reader.readSections(headers)
    sections = reader.sections
    imports =
      try reader.imports(at: directories[.imports])
      + reader.delayedImports(at: directories[.delayedImports])
    let offered = try reader.exports(at: directories[.exports])
    exports = offered?.exports ?? []
    exportName = offered?.name
    relocations = try reader.relocations(at: directories[.relocations])
    functions = try reader.functions(at: directories[.exceptions])
    loadConfiguration = try reader.loadConfiguration(
      at: directories[.loadConfiguration], base: headers.preferredBase)
    threadLocalStorage = try reader.threadLocalStorage(
      at: directories[.threadLocalStorage], base: headers.preferredBase)
    debugEntries = reader.debugEntries(at: directories[.debug])
    pdb = reader.pdb(in: debugEntries)
    version = reader.versionInfo(at: directories[.resources])
    symbols = reader.symbols(headers)
    self.reader = reader
  }

  /// The bytes of the file.
  public var bytes: [UInt8] { reader.bytes }
  /// Where execution begins, from the start of the image; 0 for none.
  public var entryPoint: UInt32 { headers.entryPoint }
  /// The size of the loaded image.
  public var imageSize: UInt32 { headers.imageSize }
  /// The address that the image was linked for.
  public var preferredBase: UInt64 { headers.preferredBase }
}

extension Image: CustomStringConvertible {
  /// The model, the size and the names of the sections.
  public var description: String {
    "\(driverModel) image of \(imageSize) bytes: \(sections.map(\.name).joined(separator: " "))"
  }
}

// MARK: Reading the loaded image

extension Image {
  /// The bytes that are copied to the start of the loaded image.
  public var headerContents: ArraySlice<UInt8> { bytes[0..<Int(headers.headerSize)] }

  /// The bytes that are copied to the section's place; the rest of the section is zero.
  public func contents(of section: Section) -> ArraySlice<UInt8> { bytes[section.fileRange] }

  /// The section that holds an image offset.
  public func section(containing rva: UInt32) -> Section? { reader.section(at: Int(rva)) }

  /// A copy of bytes of the loaded image before relocation; nil when they are not all inside one section.
  public func contents(at rva: UInt32, count: Int) -> [UInt8]? {
    reader.contents(image: Int(rva), count: count)
  }

  /// The whole loaded image before relocation.
  public func loaded() -> [UInt8] {
    var result = Array(repeating: UInt8(0), count: Int(imageSize))
    result.replaceSubrange(0..<headerContents.count, with: headerContents)
    for section in sections {
      let start = Int(section.rva)
      result.replaceSubrange(start..<start + section.fileRange.count, with: contents(of: section))
    }
    return result
  }
}

// MARK: Looking things up

extension Image {
  /// The function whose code holds an image offset.
  public func function(containing rva: UInt32) -> RuntimeFunction? {
    var (low, high) = (0, functions.count)
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].begin <= rva { low = middle + 1 } else { high = middle }
    }
    guard low > 0, functions[low - 1].range.contains(rva) else { return nil }
    return functions[low - 1]
  }

  /// How the frame of a function is unwound.
  public func unwindInfo(of function: RuntimeFunction) throws(ImageError) -> UnwindInfo {
    try reader.unwindInfo(of: function)
  }

  /// A symbol and the distance of an address from it.
  public struct Location: Hashable, Sendable, CustomStringConvertible {
    /// The symbol.
    public let name: String
    /// The distance from it, in bytes.
    public let offset: UInt32

    /// The symbol, with the distance when there is one.
    public var description: String { offset == 0 ? name : "\(name)+\(offset.hexadecimal())" }
  }

  /// The symbol that an image offset belongs to: the last one before it in the same section.
  public func symbol(nearest rva: UInt32) -> Location? {
    guard let section = section(containing: rva) else { return nil }
    let exported = exports.compactMap { export -> SymbolTable.Symbol? in
      guard let name = export.name, case .address(let address) = export.target else { return nil }
      return address <= rva ? SymbolTable.Symbol(name: name, rva: address) : nil
    }
    let candidates = [symbols.nearest(to: rva), exported.max { $0.rva < $1.rva }]
    let best = candidates.compactMap(\.self).filter { $0.rva >= section.rva }
      .max { $0.rva < $1.rva }
    return best.map { Location(name: $0.name, offset: rva - $0.rva) }
  }
}
