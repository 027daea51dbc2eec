/// The functions and variables that the linker left the names of, by address.
public struct SymbolTable: Sendable {
  /// One name and its place.
  public struct Symbol: Hashable, Sendable {
    /// The name as the linker wrote it.
    public let name: String
    /// Image offset of the function or variable.
    public let rva: UInt32
  }

  /// Where a symbol is in the file; its text is read when it is asked for.
  struct Entry: Sendable {
    let rva: UInt32
    let offset: Int
  }

  let reader: ImageReader
  let strings: Range<Int>?
  /// The symbols by rising address.
  let entries: [Entry]

  /// Number of symbols.
  public var count: Int { entries.count }
  /// Whether the linker left no names.
  public var isEmpty: Bool { entries.isEmpty }

  /// The symbol with that position in the order of addresses.
  public subscript(position: Int) -> Symbol {
    Symbol(name: name(of: entries[position]), rva: entries[position].rva)
  }

  /// The last symbol at or before an image offset.
  public func nearest(to rva: UInt32) -> Symbol? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].rva <= rva { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : self[low - 1]
  }

  /// The symbol of that name.
  public func symbol(named name: String) -> Symbol? {
    entries.first { self.name(of: $0) == name }.map { Symbol(name: name, rva: $0.rva) }
  }

  private func name(of entry: Entry) -> String {
    let field = reader.bytes[entry.offset..<entry.offset + 8]
    guard field.prefix(4).allSatisfy({ $0 == 0 }) else {
      return String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
    let offset = field.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return strings.flatMap { reader.text(file: offset, in: $0) } ?? ""
  }
}

extension ImageReader {
  /// Reads the COFF symbol table; a table that does not fit the file counts as none.
  func symbols(_ headers: ImageHeaders) -> SymbolTable {
    let (start, count) = (headers.symbolTableOffset, headers.symbolCount)
    let none = SymbolTable(reader: self, strings: nil, entries: [])
    guard start != 0, count <= limits.symbols, start + count * 18 <= bytes.count else {
      return none
    }
    var entries: [SymbolTable.Entry] = []
    var index = 0
    while index < count {
      let offset = start + index * 18
      if let entry = symbol(at: offset) { entries.append(entry) }
      index += 1 + Int(bytes[offset + 17])
    }
    entries.sort { ($0.rva, $0.offset) < ($1.rva, $1.offset) }
    return SymbolTable(reader: self, strings: stringTable(headers), entries: entries)
  }

  /// A symbol that stands for a place in a section, and not for the section itself.
  private func symbol(at offset: Int) -> SymbolTable.Entry? {
    guard let value = try? u32(file: offset + 8, ""),
      let number = try? u16(file: offset + 12, "")
    else { return nil }
    let (storageClass, auxiliaries) = (bytes[offset + 16], bytes[offset + 17])
    guard storageClass == 2 || storageClass == 3 || storageClass == 6 else { return nil }
    guard number >= 1, Int(number) <= sections.count else { return nil }
    if storageClass == 3, auxiliaries > 0, value == 0 || bytes[offset] == 0x2E { return nil }
    let section = sections[Int(number) - 1]
    guard value < section.extent else { return nil }
    return SymbolTable.Entry(rva: section.rva + value, offset: offset)
  }
}
