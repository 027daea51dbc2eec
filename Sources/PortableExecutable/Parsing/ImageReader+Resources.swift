// Resources are for people: faults in them do not make an image unusable, they only hide the texts.
extension ImageReader {
  /// Reads the first version resource.
  func versionInfo(at table: Range<UInt32>?) -> VersionInfo? {
    guard let table, let data = resource(type: 16, at: Int(table.lowerBound)) else { return nil }
    return VersionBlock(bytes: data, start: 0, end: data.count)?.info
  }

  /// The data of the first resource of a type: type, name and language are three levels of tables.
  private func resource(type: UInt32, at root: Int) -> [UInt8]? {
    guard let name = child(of: root, base: root, where: { $0 == type }),
      let language = child(of: name, base: root, where: { _ in true }),
      let leaf = child(of: language, base: root, leaf: true, where: { _ in true }),
      let rva = try? u32(image: leaf, "", .badDirectory),
      let size = try? u32(image: leaf + 4, "", .badDirectory),
      size <= 1 << 16
    else { return nil }
    return contents(image: Int(rva), count: Int(size))
  }

  private func child(
    of table: Int, base: Int, leaf: Bool = false, where matches: (UInt32) -> Bool
  ) -> Int? {
    guard let named = try? u16(image: table + 12, "", .badDirectory),
      let numbered = try? u16(image: table + 14, "", .badDirectory)
    else { return nil }
    for index in 0..<min(Int(named) + Int(numbered), limits.resourceEntries) {
      let entry = table + 16 + index * 8
      guard let id = try? u32(image: entry, "", .badDirectory),
        let offset = try? u32(image: entry + 4, "", .badDirectory)
      else { return nil }
      let isTable = offset >> 31 == 1
      if matches(id), isTable != leaf { return base + Int(offset & 0x7FFF_FFFF) }
    }
    return nil
  }
}

/// A block of a version resource: two sizes, a kind, a key, a value, and inner blocks.
private struct VersionBlock {
  let bytes: [UInt8]
  let key: String
  let value: Range<Int>
  let isText: Bool
  let inner: Range<Int>
  let end: Int

  init?(bytes: [UInt8], start: Int, end limit: Int) {
    guard limit - start >= 6, limit <= bytes.count else { return nil }
    func u16(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
    let length = u16(start)
    let valueLength = u16(start + 2)
    guard length >= 6, start + length <= limit else { return nil }
    let end = start + length
    var units: [UInt16] = []
    var position = start + 6
    while position + 2 <= end, u16(position) != 0 {
      units.append(UInt16(u16(position)))
      position += 2
    }
    let isText = u16(start + 4) == 1
    let valueStart = min(end, (position + 2 + 3) & ~3)
    let valueEnd = min(end, valueStart + (isText ? valueLength * 2 : valueLength))
    self.bytes = bytes
    self.key = String(decoding: units, as: UTF16.self)
    self.value = valueStart..<valueEnd
    self.isText = isText
    self.inner = min(end, (valueEnd + 3) & ~3)..<end
    self.end = end
  }

  var children: [VersionBlock] {
    var result: [VersionBlock] = []
    var position = inner.lowerBound
    while let block = VersionBlock(bytes: bytes, start: position, end: inner.upperBound) {
      result.append(block)
      position = (block.end + 3) & ~3
    }
    return result
  }

  var text: String {
    let units = stride(from: value.lowerBound, to: value.upperBound - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
  }

  /// The whole resource, when this block is its root.
  var info: VersionInfo? {
    guard key == "VS_VERSION_INFO" else { return nil }
    var strings: [String: String] = [:]
    for table in children where table.key == "StringFileInfo" {
      for language in table.children {
        for entry in language.children { strings[entry.key] = entry.text }
      }
    }
    return VersionInfo(
      fileVersion: numbers(at: 8), productVersion: numbers(at: 16), strings: strings)
  }

  /// Four numbers of the fixed part, which begins with 0xFEEF04BD.
  private func numbers(at offset: Int) -> [UInt16] {
    guard value.count >= 52 else { return [] }
    let start = value.lowerBound + offset
    return [2, 0, 6, 4].map {
      UInt16(bytes[start + $0]) | UInt16(bytes[start + $0 + 1]) << 8
    }
  }
}
