import NTTypes

extension ImageReader {
  /// Reads the DOS, file and optional headers.
  func headers() throws(ImageError) -> ImageHeaders {
    let signature = try signatureOffset()
    let file = signature + 4
    try checkMachine(try u16(file: file, "the file header"), at: file)
    let optional = file + 20
    let optionalSize = Int(try u16(file: file + 16, "the file header"))
    let magic = try u16(file: optional, "the optional header")
    guard magic == 0x20B else {
      throw ImageError(
        .notPE32Plus,
        magic == 0x10B
          ? "The image has the 32-bit layout (PE32)"
          : "The optional header begins with \(magic.hexadecimal()) in place of 0x20B",
        at: .file(optional))
    }
    guard optionalSize >= 112 else {
      throw ImageError(
        .badHeader, "The optional header has \(optionalSize) bytes; it needs 112",
        at: .file(file + 16))
    }
    return try headers(file: file, optional: optional, optionalSize: optionalSize)
  }

  /// The offset of the PE signature.
  private func signatureOffset() throws(ImageError) -> Int {
    guard bytes.count >= 2, bytes[0] == 0x4D, bytes[1] == 0x5A else {
      throw ImageError(.notAnImage, notAnImageMessage, at: .file(0))
    }
    let signature = Int(try u32(file: 0x3C, "the DOS header"))
    guard signature.isMultiple(of: 4) else {
      throw ImageError(
        .badHeader,
        "The offset of the PE header, \(UInt64(signature).hexadecimal()), is not aligned",
        at: .file(0x3C))
    }
    let text = try u32(file: signature, "the PE header, which begins behind it")
    guard text == 0x4550 else {
      throw ImageError(
        .notAnImage, "There is no PE signature: this is a DOS program or something else",
        at: .file(signature))
    }
    return signature
  }

  private var notAnImageMessage: String {
    if bytes.isEmpty { return "The file is empty" }
    if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
      return "This is an ELF file, not a PE image"
    }
    if bytes.starts(with: [0x21, 0x3C]) { return "This is a library archive, not a PE image" }
    if bytes.starts(with: [0x64, 0x86]) { return "This is an object file that was not linked" }
    return "The file does not begin with the letters MZ"
  }

  private func checkMachine(_ machine: UInt16, at offset: Int) throws(ImageError) {
    let name: String
    switch machine {
    case 0x8664: return
    case 0x14C: name = "32-bit x86"
    case 0xAA64: name = "ARM64"
    case 0xA641, 0xA64E: name = "ARM64EC"
    case 0x1C0, 0x1C2, 0x1C4: name = "32-bit ARM"
    case 0x200: name = "Itanium"
    default: name = "machine \(machine.hexadecimal())"
    }
    throw ImageError(
      .wrongMachine, "The image is for \(name), and this system is x64", at: .file(offset))
  }

  private func headers(
    file: Int, optional: Int, optionalSize: Int
  ) throws(ImageError) -> ImageHeaders {
    let what = "the optional header"
    func version(_ offset: Int) throws(ImageError) -> ImageHeaders.Version {
      ImageHeaders.Version(
        major: try u16(file: optional + offset, what),
        minor: try u16(file: optional + offset + 2, what))
    }
    let linker = try u16(file: optional + 2, what)
    let result = ImageHeaders(
      characteristics: .init(rawValue: try u16(file: file + 18, "the file header")),
      dllCharacteristics: .init(rawValue: try u16(file: optional + 70, what)),
      subsystem: .init(rawValue: try u16(file: optional + 68, what)),
      timestamp: try u32(file: file + 4, "the file header"),
      linkerVersion: .init(major: linker & 0xFF, minor: linker >> 8),
      operatingSystemVersion: try version(40), imageVersion: try version(44),
      subsystemVersion: try version(48),
      entryPoint: try u32(file: optional + 16, what),
      preferredBase: try u64(file: optional + 24, what),
      sectionAlignment: try u32(file: optional + 32, what),
      fileAlignment: try u32(file: optional + 36, what),
      imageSize: try u32(file: optional + 56, what),
      headerSize: try u32(file: optional + 60, what),
      checksum: try u32(file: optional + 64, what),
      checksumOffset: optional + 64,
      sectionCount: Int(try u16(file: file + 2, "the file header")),
      sectionTableOffset: optional + optionalSize,
      symbolTableOffset: Int(try u32(file: file + 8, "the file header")),
      symbolCount: Int(try u32(file: file + 12, "the file header")))
    try check(result, optional: optional)
    return result
  }

  private func check(_ headers: ImageHeaders, optional: Int) throws(ImageError) {
    func require(
      _ condition: Bool, _ offset: Int, _ message: @autoclosure () -> String,
      _ reason: ImageError.Reason = .badHeader
    ) throws(ImageError) {
      if !condition { throw ImageError(reason, message(), at: .file(optional + offset)) }
    }
    try require(
      headers.characteristics.contains(.executable), -2,
      "The image is not marked as executable: the linker met errors")
    try require(
      headers.sectionAlignment.isPowerOfTwo, 32,
      "The section alignment \(headers.sectionAlignment.hexadecimal()) is no power of two")
    try require(
      headers.fileAlignment.isPowerOfTwo, 36,
      "The file alignment \(headers.fileAlignment.hexadecimal()) is no power of two")
    try require(
      Int(headers.imageSize) <= limits.imageSize, 56,
      "The image takes \(headers.imageSize) bytes; the limit is \(limits.imageSize)", .overLimit)
    try require(
      headers.headerSize <= headers.imageSize, 60,
      "The headers take \(headers.headerSize) bytes of an image of \(headers.imageSize)")
    try require(
      Int(headers.headerSize) <= bytes.count, 60,
      "The headers take \(headers.headerSize) bytes of a file of \(bytes.count)", .truncated)
    try require(
      headers.entryPoint < headers.imageSize, 16,
      "The entry point \(headers.entryPoint.hexadecimal()) lies outside the image")
    try require(
      headers.sectionCount <= limits.sections, -18,
      "The image has \(headers.sectionCount) sections; the limit is \(limits.sections)", .overLimit)
  }

  /// Reads the table of data directories; an absent one has no range.
  func directories(
    _ headers: ImageHeaders
  ) throws(ImageError) -> [DataDirectory: Range<UInt32>] {
    let optional = headers.checksumOffset - 64
    let room = (headers.sectionTableOffset - optional - 112) / 8
    let count = Int(try u32(file: optional + 108, "the optional header"))
    var result: [DataDirectory: Range<UInt32>] = [:]
    for directory in DataDirectory.allCases.prefix(min(count, room)) {
      let entry = optional + 112 + directory.rawValue * 8
      let start = try u32(file: entry, "the data directories")
      let size = try u32(file: entry + 4, "the data directories")
      guard start != 0, size != 0 else { continue }
      let (end, overflow) = start.addingReportingOverflow(size)
      // The certificates are no part of the loaded image; theirs is a file offset.
      let limit = directory == .security ? UInt32(clamping: bytes.count) : headers.imageSize
      guard !overflow, end <= limit else {
        if directory == .security { continue }
        throw ImageError(
          .badDirectory,
          "The \(directory) (\(size) bytes at \(start.hexadecimal())) reaches out of the image",
          at: .file(entry))
      }
      result[directory] = start..<end
    }
    return result
  }
}

extension UInt32 {
  fileprivate var isPowerOfTwo: Bool { self != 0 && self & (self - 1) == 0 }
}
