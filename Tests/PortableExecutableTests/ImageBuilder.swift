/// Puts the bytes of an x64 image together, sound by default and wrong where a test says so.
struct ImageBuilder {
  struct Part {
    var name: String
    var rva: UInt32
    var virtualSize: UInt32
    var data: [UInt8]
    var characteristics: UInt32
    var rawSize: UInt32?
    var rawOffset: UInt32?
  }

  var magic: [UInt8] = [0x4D, 0x5A]
  var signature: UInt32 = 0x4550
  var signatureOffset: UInt32 = 0x80
  var machine: UInt16 = 0x8664
  var characteristics: UInt16 = 0x22
  var optionalMagic: UInt16 = 0x20B
  var optionalSize: UInt16 = 240
  var entryPoint: UInt32 = 0x1000
  var base: UInt64 = 0x1_4000_0000
  var sectionAlignment: UInt32 = 0x1000
  var fileAlignment: UInt32 = 0x200
  var imageSize: UInt32?
  var headerSize: UInt32 = 0x400
  var subsystem: UInt16 = 1
  var directoryCount: UInt32 = 16
  var sectionCount: UInt16?
  var directories: [Int: (UInt32, UInt32)] = [:]
  var parts: [Part] = []
  var symbolTable: [UInt8] = []
  var symbolCount: UInt32 = 0
  var trailer: [UInt8] = []

  /// A builder with one code section of `data` at 0x1000.
  init(code data: [UInt8] = [0x33, 0xC0, 0xC3]) {
    parts = [
      Part(
        name: ".text", rva: 0x1000, virtualSize: UInt32(max(1, data.count)), data: data,
        characteristics: 0x6000_0020)
    ]
  }

  /// Adds a section of read-only data behind the last one and returns where it begins.
  @discardableResult
  mutating func add(
    _ name: String, _ data: [UInt8], virtualSize: UInt32? = nil,
    characteristics: UInt32 = 0x4000_0040
  ) -> UInt32 {
    let rva = nextAddress
    parts.append(
      Part(
        name: name, rva: rva, virtualSize: virtualSize ?? UInt32(data.count), data: data,
        characteristics: characteristics))
    return rva
  }

  /// Where the next section will begin.
  var nextAddress: UInt32 {
    guard let last = parts.last else { return 0x1000 }
    return (last.rva + last.virtualSize + 0xFFF) & ~0xFFF
  }

  func build() -> [UInt8] {
    var file = magic + Array(repeating: UInt8(0), count: 0x3C - magic.count)
    file += bytes(signatureOffset)
    file += Array(repeating: 0, count: max(0, Int(signatureOffset) - file.count))
    file += bytes(signature)

    var body: [UInt8] = []
    var table: [UInt8] = []
    for part in parts {
      let offset = headerSize + UInt32(body.count)
      let padded = part.data + padding(part.data.count, Int(fileAlignment))
      table += Array(part.name.utf8.prefix(8)) + padding(min(8, part.name.utf8.count), 8)
      table += bytes(part.virtualSize) + bytes(part.rva)
      table += bytes(part.rawSize ?? UInt32(padded.count))
      table += bytes(part.rawOffset ?? (padded.isEmpty ? 0 : offset))
      table += bytes(UInt32(0)) + bytes(UInt32(0)) + bytes(UInt32(0))
      table += bytes(part.characteristics)
      body += padded
    }
    let symbolOffset = symbolTable.isEmpty ? 0 : headerSize + UInt32(body.count)
    file += bytes(machine) + bytes(sectionCount ?? UInt16(parts.count)) + bytes(UInt32(0x1234))
    file += bytes(symbolOffset) + bytes(symbolCount) + bytes(optionalSize)
    file += bytes(characteristics)
    file += optionalHeader
    file += table
    file += Array(repeating: 0, count: max(0, Int(headerSize) - file.count))
    return file + body + symbolTable + trailer
  }

  private var optionalHeader: [UInt8] {
    var header = bytes(optionalMagic) + [14, 0] + Array(repeating: UInt8(0), count: 12)
    header += bytes(entryPoint) + bytes(UInt32(0x1000)) + bytes(base)
    header += bytes(sectionAlignment) + bytes(fileAlignment)
    header += [10, 0, 0, 0, 1, 0, 2, 0, 10, 0, 0, 0, 0, 0, 0, 0]
    header += bytes(imageSize ?? nextAddress) + bytes(headerSize) + bytes(UInt32(0))
    header += bytes(subsystem) + bytes(UInt16(0x160))
    header += Array(repeating: 0, count: 32) + bytes(UInt32(0)) + bytes(directoryCount)
    for index in 0..<16 {
      let (start, size) = directories[index] ?? (0, 0)
      header += bytes(start) + bytes(size)
    }
    return Array(header.prefix(Int(optionalSize)))
  }

  private func padding(_ count: Int, _ alignment: Int) -> [UInt8] {
    Array(repeating: 0, count: (alignment - count % alignment) % alignment)
  }
}

/// The bytes of a little-endian number.
func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A text with its zero byte, filled up to an even length.
func text(_ text: String) -> [UInt8] {
  let result = Array(text.utf8) + [0]
  return result + (result.count.isMultiple(of: 2) ? [] : [0])
}

extension ImageBuilder {
  /// Adds an import table for one module; a nil name stands for ordinal 7.
  mutating func addImports(module: String, names: [String?], at directory: Int = 1) {
    let base = Int(nextAddress)
    let lists = (names.count + 1) * 8
    let lookup = base + 40
    let slots = lookup + lists
    var texts: [UInt8] = []
    let textBase = slots + lists
    var thunks: [UInt8] = []
    for name in names {
      if let name {
        thunks += bytes(UInt64(textBase + texts.count))
        texts += [0, 0] + text(name)
      } else {
        thunks += bytes(UInt64(1) << 63 | 7)
      }
    }
    thunks += bytes(UInt64(0))
    let moduleName = textBase + texts.count
    texts += text(module)
    var data = bytes(UInt32(lookup)) + bytes(UInt64(0)) + bytes(UInt32(moduleName))
    data += bytes(UInt32(slots)) + Array(repeating: 0, count: 20) + thunks + thunks + texts
    let rva = add(".idata", data, characteristics: 0xC000_0040)
    directories[directory] = (rva, 40)
  }

  /// Adds a relocation table of one block.
  mutating func addRelocations(page: UInt32, entries: [UInt16], size: UInt32? = nil) {
    var data = bytes(page) + bytes(size ?? UInt32(8 + entries.count * 2))
    for entry in entries { data += bytes(entry) }
    let rva = add(".reloc", data, characteristics: 0x4200_0040)
    directories[5] = (rva, UInt32(data.count))
  }

  /// Adds an exception table whose functions all have the given unwind data.
  mutating func addFunctions(_ ranges: [(UInt32, UInt32)], unwind: [UInt8] = [1, 0, 0, 0]) {
    let base = nextAddress
    var data: [UInt8] = []
    for (begin, end) in ranges {
      data += bytes(begin) + bytes(end) + bytes(base + UInt32(ranges.count * 12))
    }
    let rva = add(".pdata", data + unwind)
    directories[3] = (rva, UInt32(ranges.count * 12))
  }
}

extension ImageBuilder {
  /// Adds a table of imports that are bound at the first call.
  mutating func addDelayedImports(module: String, names: [String], attributes: UInt32 = 1) {
    let base = Int(nextAddress)
    let lists = (names.count + 1) * 8
    let (slots, lookup) = (base + 64, base + 64 + lists)
    let textBase = lookup + lists
    var thunks: [UInt8] = []
    var texts: [UInt8] = []
    for name in names {
      thunks += bytes(UInt64(textBase + texts.count))
      texts += [0, 0] + text(name)
    }
    thunks += bytes(UInt64(0))
    var data = bytes(attributes) + bytes(UInt32(textBase + texts.count)) + bytes(UInt32(0))
    data += bytes(UInt32(slots)) + bytes(UInt32(lookup)) + Array(repeating: 0, count: 44)
    data += thunks + thunks + texts + text(module)
    directories[13] = (add(".didat", data, characteristics: 0xC000_0040), 64)
  }

  /// Adds a version resource with texts.
  mutating func addVersion(_ strings: [(String, String)]) {
    var fixed = bytes(UInt32(0xFEEF_04BD)) + bytes(UInt32(0x10000))
    fixed += bytes(UInt32(0x0001_0002)) + bytes(UInt32(0x0003_0004))
    fixed += bytes(UInt32(0x0005_0006)) + bytes(UInt32(0x0007_0008))
    fixed += Array(repeating: 0, count: 28)
    let entries = strings.map { versionBlock($0.0, text: $0.1) }
    let table = versionBlock("040904b0", children: entries)
    let info = versionBlock("StringFileInfo", children: [table])
    let root = versionBlock("VS_VERSION_INFO", value: fixed, children: [info])

    let base = nextAddress
    func folder(_ id: UInt32, _ target: UInt32) -> [UInt8] {
      Array(repeating: 0, count: 12) + [0, 0, 1, 0] + bytes(id) + bytes(target)
    }
    var data = folder(16, 0x8000_0018) + folder(1, 0x8000_0030) + folder(0x409, 0x48)
    data += bytes(base + 0x58) + bytes(UInt32(root.count)) + bytes(UInt64(0))
    add(".rsrc", data + root)
    directories[2] = (base, UInt32(data.count + root.count))
  }
}

/// A block of a version resource: sizes, kind, key, value and inner blocks, each aligned.
private func versionBlock(
  _ key: String, value: [UInt8] = [], text: String? = nil, children: [[UInt8]] = []
) -> [UInt8] {
  func aligned(_ data: [UInt8]) -> [UInt8] {
    data + Array(repeating: 0, count: (4 - data.count % 4) % 4)
  }
  func wide(_ text: String) -> [UInt8] { (Array(text.utf16) + [0]).flatMap { bytes($0) } }
  let value = text.map(wide) ?? value
  var body = aligned([0, 0, 0, 0, 0, 0] + wide(key)) + value
  for child in children { body = aligned(body) + child }
  body.replaceSubrange(0..<2, with: bytes(UInt16(body.count)))
  let valueLength = text == nil ? value.count : value.count / 2
  body.replaceSubrange(2..<4, with: bytes(UInt16(valueLength)))
  body.replaceSubrange(4..<6, with: bytes(UInt16(text == nil ? 0 : 1)))
  return body
}
