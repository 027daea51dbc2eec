import NTTypes

extension ImageReader {
  /// Reads the section table and checks that the sections lie side by side in the image and inside the file.
  mutating func readSections(_ headers: ImageHeaders) throws(ImageError) {
    headerSize = Int(headers.headerSize)
    imageSize = Int(headers.imageSize)
    let table = headers.sectionTableOffset
    guard table + headers.sectionCount * 40 <= headerSize else {
      throw ImageError(
        .badSection,
        "The table of \(headers.sectionCount) sections does not fit the headers (\(headerSize) bytes)",
        at: .file(table))
    }
    var result: [Section] = []
    var nextFree = headers.headerSize
    for index in 0..<headers.sectionCount {
      let section = try section(
        at: table + index * 40, headers: headers, strings: stringTable(headers),
        nextFree: nextFree, nextStart: try nextStart(index, headers))
      nextFree = section.rva + section.size
      result.append(section)
    }
    sections = result
  }

  /// Where the section behind the given one begins, or the end of the image.
  private func nextStart(_ index: Int, _ headers: ImageHeaders) throws(ImageError) -> UInt32 {
    guard index + 1 < headers.sectionCount else { return headers.imageSize }
    return try u32(
      file: headers.sectionTableOffset + (index + 1) * 40 + 12, "the section table")
  }

  private func section(
    at entry: Int, headers: ImageHeaders, strings: Range<Int>?, nextFree: UInt32,
    nextStart: UInt32
  ) throws(ImageError) -> Section {
    let what = "the section table"
    let name = sectionName(at: entry, strings: strings)
    let virtualSize = try u32(file: entry + 8, what)
    let rva = try u32(file: entry + 12, what)
    let rawSize = try u32(file: entry + 16, what)
    let rawOffset = Int(try u32(file: entry + 20, what))
    func fail(_ offset: Int, _ message: String) -> ImageError {
      ImageError(.badSection, "Section \(name) \(message)", at: .file(entry + offset))
    }

    guard rva.isMultiple(of: headers.sectionAlignment) else {
      throw fail(12, "begins at \(rva.hexadecimal()), which is not aligned")
    }
    guard rva >= nextFree else {
      throw fail(
        12,
        "begins at \(rva.hexadecimal()), inside the part before it (to \(nextFree.hexadecimal()))")
    }
    let size = virtualSize == 0 ? rawSize : virtualSize
    let (end, overflow) = rva.addingReportingOverflow(size)
    guard !overflow, end <= headers.imageSize else {
      throw fail(8, "(\(size) bytes at \(rva.hexadecimal())) reaches out of the image")
    }
    guard rawOffset == 0 || rawSize == 0 || rawOffset + Int(rawSize) <= bytes.count else {
      throw ImageError(
        .truncated,
        "Section \(name) wants \(rawSize) bytes at \(UInt64(rawOffset).hexadecimal()) of a file of"
          + " \(bytes.count)", at: .file(entry + 16))
    }
    // More data than the section has room for is not loaded.
    let room = max(0, Int(nextStart) - Int(rva))
    let aligned =
      (Int(size) + Int(headers.sectionAlignment) - 1) & ~(Int(headers.sectionAlignment) - 1)
    let loaded = rawOffset == 0 ? 0 : min(Int(rawSize), aligned, room)
    return Section(
      name: name, rva: rva, size: size,
      fileRange: loaded == 0 ? 0..<0 : rawOffset..<rawOffset + loaded,
      characteristics: .init(rawValue: try u32(file: entry + 36, what)))
  }

  /// The eight characters of a section's name, or the text that `/123` stands for.
  private func sectionName(at entry: Int, strings: Range<Int>?) -> String {
    let short = String(decoding: bytes[entry..<entry + 8].prefix { $0 != 0 }, as: UTF8.self)
    guard short.hasPrefix("/"), let strings, let offset = Int(short.dropFirst()),
      let long = text(file: offset, in: strings)
    else { return short }
    return long
  }

  /// The zero-terminated text at an offset of the string table.
  func text(file offset: Int, in strings: Range<Int>) -> String? {
    guard offset >= 4, offset < strings.count else { return nil }
    let start = strings.lowerBound + offset
    let end = min(strings.upperBound, start + limits.nameLength)
    return String(decoding: bytes[start..<end].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The file range of the string table behind the symbols.
  func stringTable(_ headers: ImageHeaders) -> Range<Int>? {
    guard headers.symbolTableOffset != 0 else { return nil }
    let start = headers.symbolTableOffset + headers.symbolCount * 18
    guard let size = try? u32(file: start, "the string table"), size >= 4,
      start + Int(size) <= bytes.count
    else { return nil }
    return start..<start + Int(size)
  }
}
