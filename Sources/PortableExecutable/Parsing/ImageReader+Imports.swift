import NTTypes

extension ImageReader {
  /// Reads the import table.
  mutating func imports(at table: Range<UInt32>?) throws(ImageError) -> [ImportedModule] {
    guard let table else { return [] }
    var modules: [ImportedModule] = []
    var room = limits.imports
    var entry = Int(table.lowerBound)
    while true {
      let what = "The import table"
      let lookup = Int(try u32(image: entry, what, .badImport))
      let name = Int(try u32(image: entry + 12, what, .badImport))
      let slots = Int(try u32(image: entry + 16, what, .badImport))
      if name == 0 || slots == 0 { return modules }
      try checkModuleCount(modules.count, at: entry)
      let moduleName = try self.name(image: name, "The name of an imported module", .badImport)
      let imports = try imports(
        of: moduleName, names: lookup == 0 ? slots : lookup, slots: slots, room: &room)
      modules.append(ImportedModule(name: moduleName, imports: imports, isDelayed: false))
      entry += 20
    }
  }

  /// Reads the table of imports that are bound at the first call.
  mutating func delayedImports(at table: Range<UInt32>?) throws(ImageError) -> [ImportedModule] {
    guard let table else { return [] }
    var modules: [ImportedModule] = []
    var room = limits.imports
    var entry = Int(table.lowerBound)
    while true {
      let what = "The delayed import table"
      let name = Int(try u32(image: entry + 4, what, .badImport))
      if name == 0 { return modules }
      try checkModuleCount(modules.count, at: entry)
      guard try u32(image: entry, what, .badImport) & 1 == 1 else {
        throw ImageError(
          .badImport, "The delayed imports are in the old form with absolute addresses",
          at: place(entry), remedy: "Link the driver with a current linker")
      }
      let slots = Int(try u32(image: entry + 12, what, .badImport))
      let names = Int(try u32(image: entry + 16, what, .badImport))
      let moduleName = try self.name(image: name, "The name of an imported module", .badImport)
      let imports = try imports(of: moduleName, names: names, slots: slots, room: &room)
      modules.append(ImportedModule(name: moduleName, imports: imports, isDelayed: true))
      entry += 32
    }
  }

  private func checkModuleCount(_ count: Int, at entry: Int) throws(ImageError) {
    guard count < limits.modules else {
      throw ImageError(
        .overLimit, "The image imports from more than \(limits.modules) modules", at: place(entry))
    }
  }

  private mutating func imports(
    of module: String, names: Int, slots: Int, room: inout Int
  ) throws(ImageError) -> [Import] {
    let what = "The list of imports from \(module)"
    guard slots.isMultiple(of: 8) else {
      throw ImageError(.badImport, "\(what) has slots that are not aligned", at: place(slots))
    }
    var result: [Import] = []
    while true {
      let value = try u64(image: names + result.count * 8, what, .badImport)
      if value == 0 { return result }
      guard room > 0 else {
        throw ImageError(
          .overLimit, "The image has more than \(limits.imports) imports", at: place(names))
      }
      room -= 1
      let slot = slots + result.count * 8
      // Reading the slot proves that it exists.
      _ = try u64(image: slot, what, .badImport)
      result.append(
        Import(symbol: try symbol(value, what: what), slot: UInt32(truncatingIfNeeded: slot)))
    }
  }

  private mutating func symbol(
    _ value: UInt64, what: String
  ) throws(ImageError) -> Import.Symbol {
    if value >> 63 == 1 { return .ordinal(UInt16(truncatingIfNeeded: value)) }
    guard value <= 0x7FFF_FFFF else {
      throw ImageError(
        .badImport, "\(what) holds \(value.hexadecimal()), which is neither a name nor an ordinal")
    }
    let name = try name(image: Int(value) + 2, "The name of an import", .badImport)
    guard !name.isEmpty else {
      throw ImageError(.badImport, "\(what) holds an empty name", at: place(Int(value)))
    }
    return .name(name)
  }
}
