/// The image offsets of the eight-byte addresses that change with the place of the image.
///
/// The list was checked when the image was read: each offset lies inside the image with its eight bytes.
public struct Relocations: Sequence, Sendable {
  let reader: ImageReader
  let table: Range<Int>
  /// The number of addresses.
  public let count: Int

  /// Whether nothing changes with the place of the image.
  public var isEmpty: Bool { count == 0 }

  /// Steps through the offsets in the order of the table.
  public func makeIterator() -> Iterator {
    Iterator(walk: RelocationWalk(reader: reader, table: table))
  }

  /// A place in the table.
  public struct Iterator: IteratorProtocol {
    var walk: RelocationWalk

    /// The next image offset; nil at the end.
    public mutating func next() -> UInt32? {
      // What was checked before does not fail now.
      (try? walk.next()) ?? nil
    }
  }
}

/// Steps through the blocks of a relocation table.
struct RelocationWalk {
  let reader: ImageReader
  let table: Range<Int>
  private var block: Int
  private var blockEnd: Int
  private var entry: Int
  private var page = 0
  private var visited = 0

  init(reader: ImageReader, table: Range<Int>) {
    (self.reader, self.table) = (reader, table)
    (block, blockEnd, entry) = (table.lowerBound, table.lowerBound, table.lowerBound)
  }

  /// The next address; nil at the end.
  mutating func next() throws(ImageError) -> UInt32? {
    while true {
      visited += 1
      guard visited <= reader.limits.relocations else { throw overLimit }
      if entry == blockEnd, try !startBlock() { return nil }
      guard entry < blockEnd else { continue }
      let value = try reader.u16(image: entry, "The relocation table", .badRelocation)
      let place = entry
      entry += 2
      switch value >> 12 {
      case 0: continue
      case 10: return try checked(page + Int(value & 0xFFF), at: place)
      default: throw unsupported(value >> 12, at: place)
      }
    }
  }

  private mutating func startBlock() throws(ImageError) -> Bool {
    guard blockEnd < table.upperBound else { return false }
    block = blockEnd
    page = Int(try reader.u32(image: block, "The relocation table", .badRelocation))
    let size = Int(try reader.u32(image: block + 4, "The relocation table", .badRelocation))
    // Some linkers fill the end of the table with zeros.
    if page == 0, size == 0 { return false }
    guard size >= 8, size.isMultiple(of: 2), size <= table.upperBound - block else {
      throw ImageError(
        .badRelocation, "A relocation block announces \(size) bytes", at: reader.place(block))
    }
    (entry, blockEnd) = (block + 8, block + size)
    return true
  }

  private func checked(_ address: Int, at entry: Int) throws(ImageError) -> UInt32 {
    guard address <= reader.imageSize - 8 else {
      throw ImageError(
        .badRelocation, "A relocation is for an address outside the image", at: reader.place(entry))
    }
    return UInt32(address)
  }

  private var overLimit: ImageError {
    ImageError(
      .overLimit, "The relocation table has more than \(reader.limits.relocations) entries",
      at: reader.place(table.lowerBound))
  }

  private func unsupported(_ type: UInt16, at entry: Int) -> ImageError {
    let name =
      switch type {
      case 1: "HIGH"
      case 2: "LOW"
      case 3: "HIGHLOW"
      case 4: "HIGHADJ"
      case 5: "MIPS_JMPADDR, ARM_MOV32"
      case 7: "THUMB_MOV32"
      case 9: "MIPS_JMPADDR16, IA64_IMM64"
      default: "\(type)"
      }
    return ImageError(
      .unsupportedRelocation, "A relocation is of type \(name); x64 has DIR64 only",
      at: reader.place(entry))
  }
}

extension ImageReader {
  /// Checks the whole relocation table and counts its addresses.
  func relocations(at table: Range<UInt32>?) throws(ImageError) -> Relocations {
    guard let table else { return Relocations(reader: self, table: 0..<0, count: 0) }
    let range = Int(table.lowerBound)..<Int(table.upperBound)
    var walk = RelocationWalk(reader: self, table: range)
    var count = 0
    while try walk.next() != nil { count += 1 }
    return Relocations(reader: self, table: range, count: count)
  }
}
