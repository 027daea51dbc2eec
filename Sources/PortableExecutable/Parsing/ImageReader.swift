import NTTypes

/// Bounds-checked access to the bytes of an image, by file offset and by image offset.
struct ImageReader: Sendable {
  let bytes: [UInt8]
  let limits: ImageLimits
  /// The sections by rising address, once they are known.
  var sections: [Section] = []
  /// Bytes of the file that are mapped at the start of the image.
  var headerSize = 0
  /// Bytes of the loaded image.
  var imageSize = 0
  /// Bytes of names that may still be read.
  var nameBudget: Int

  init(bytes: [UInt8], limits: ImageLimits) {
    (self.bytes, self.limits, nameBudget) = (bytes, limits, limits.allNames)
  }
}

// MARK: By file offset

extension ImageReader {
  /// The little-endian number at a file offset.
  func number<T: FixedWidthInteger & UnsignedInteger>(
    file offset: Int, _ what: @autoclosure () -> String, as type: T.Type = T.self
  ) throws(ImageError) -> T {
    let size = T.bitWidth / 8
    guard offset >= 0, offset <= bytes.count - size else {
      throw ImageError(
        .truncated, "The file ends inside \(what())", at: .file(min(offset, bytes.count)))
    }
    return little(offset, size)
  }

  func u16(file offset: Int, _ what: @autoclosure () -> String) throws(ImageError) -> UInt16 {
    try number(file: offset, what())
  }

  func u32(file offset: Int, _ what: @autoclosure () -> String) throws(ImageError) -> UInt32 {
    try number(file: offset, what())
  }

  func u64(file offset: Int, _ what: @autoclosure () -> String) throws(ImageError) -> UInt64 {
    try number(file: offset, what())
  }

  /// The caller has checked that the bytes exist.
  private func little<T: FixedWidthInteger & UnsignedInteger>(_ offset: Int, _ size: Int) -> T {
    var value: T = 0
    for index in (0..<size).reversed() {
      value = value << 8 | T(truncatingIfNeeded: bytes[offset + index])
    }
    return value
  }
}

// MARK: By image offset

extension ImageReader {
  /// The section that holds an image offset.
  func section(at rva: Int) -> Section? {
    var (low, high) = (0, sections.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(sections[middle].rva) <= rva { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let section = sections[low - 1]
    return rva < Int(section.rva) + section.extent ? section : nil
  }

  /// The file offset of an image offset and the number of bytes from there that come from the file;
  /// the count is 0 where the image holds zeros, and nil stands for an address outside the image.
  func translate(_ rva: Int) -> (offset: Int, count: Int, extent: Int)? {
    guard rva >= 0 else { return nil }
    if rva < headerSize { return (rva, headerSize - rva, headerSize - rva) }
    guard let section = section(at: rva) else { return nil }
    let distance = rva - Int(section.rva)
    let stored = section.fileRange.count - distance
    guard stored > 0 else { return (0, 0, section.extent - distance) }
    return (section.fileRange.lowerBound + distance, stored, section.extent - distance)
  }

  /// The little-endian number at an image offset; bytes behind the data of a section read as zero.
  func number<T: FixedWidthInteger & UnsignedInteger>(
    image rva: Int, _ what: @autoclosure () -> String, _ reason: ImageError.Reason,
    as type: T.Type = T.self
  ) throws(ImageError) -> T {
    let size = T.bitWidth / 8
    guard let place = translate(rva), place.extent >= size else {
      throw ImageError(reason, "\(what()) lies outside the image", at: place(rva))
    }
    if place.count >= size { return little(place.offset, size) }
    var value: T = 0
    for index in (0..<place.count).reversed() {
      value = value << 8 | T(truncatingIfNeeded: bytes[place.offset + index])
    }
    return value
  }

  func u16(
    image rva: Int, _ what: @autoclosure () -> String, _ reason: ImageError.Reason
  ) throws(ImageError) -> UInt16 { try number(image: rva, what(), reason) }

  func u32(
    image rva: Int, _ what: @autoclosure () -> String, _ reason: ImageError.Reason
  ) throws(ImageError) -> UInt32 { try number(image: rva, what(), reason) }

  func u64(
    image rva: Int, _ what: @autoclosure () -> String, _ reason: ImageError.Reason
  ) throws(ImageError) -> UInt64 { try number(image: rva, what(), reason) }

  /// The place for an error, also when the number is no image offset any more.
  func place(_ rva: Int) -> ImageError.Place {
    .image(UInt32(clamping: rva))
  }

  /// The text up to the next zero byte.
  mutating func name(
    image rva: Int, _ what: @autoclosure () -> String, _ reason: ImageError.Reason
  ) throws(ImageError) -> String {
    guard let place = translate(rva) else {
      throw ImageError(reason, "\(what()) lies outside the image", at: self.place(rva))
    }
    let longest = min(place.extent, limits.nameLength + 1, nameBudget)
    let stored = min(place.count, longest)
    let text = bytes[place.offset..<place.offset + stored].prefix { $0 != 0 }
    // Behind the data of a section there are zeros, so a name may end there.
    guard text.count < longest else {
      if text.count >= nameBudget {
        throw ImageError(
          .overLimit, "The names of the image are longer than \(limits.allNames) bytes",
          at: self.place(rva))
      }
      throw ImageError(
        reason, "\(what()) has no end within \(limits.nameLength) bytes", at: self.place(rva))
    }
    nameBudget -= text.count + 1
    return String(decoding: text, as: UTF8.self)
  }

  /// A copy of bytes of the image; nil when they are not all inside it.
  func contents(image rva: Int, count: Int) -> [UInt8]? {
    guard count >= 0, let place = translate(rva), count <= place.extent else { return nil }
    let stored = min(place.count, count)
    return Array(bytes[place.offset..<place.offset + stored])
      + Array(repeating: 0, count: count - stored)
  }
}
