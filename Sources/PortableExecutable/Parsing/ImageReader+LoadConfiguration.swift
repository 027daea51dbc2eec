import NTTypes

extension ImageReader {
  /// Reads the load configuration; fields behind its announced size are absent.
  func loadConfiguration(
    at table: Range<UInt32>?, base: UInt64
  ) throws(ImageError) -> LoadConfiguration? {
    guard let table else { return nil }
    let start = Int(table.lowerBound)
    let what = "The load configuration"
    let reason = ImageError.Reason.badLoadConfiguration
    let announced = try u32(image: start, what, reason)
    // Old images announce 0 and mean the size of the directory.
    let size = announced == 0 ? UInt32(table.count) : announced
    func value(_ offset: Int) throws(ImageError) -> UInt64 {
      guard offset + 8 <= Int(size) else { return 0 }
      return try u64(image: start + offset, what, reason)
    }
    func pointer(_ offset: Int, _ name: String) throws(ImageError) -> UInt32? {
      try imageOffset(of: try value(offset), base: base, name: name, field: start + offset)
    }
    let flags = Int(size) >= 0x94 ? try u32(image: start + 0x90, what, reason) : 0
    let tableAddress = try value(0x80)
    return LoadConfiguration(
      size: size,
      securityCookie: try pointer(0x58, "The security cookie"),
      guardCheckPointer: try pointer(0x70, "The pointer to the flow guard check"),
      guardDispatchPointer: try pointer(0x78, "The pointer to the flow guard dispatch"),
      guardFunctionTable: try imageOffset(
        of: tableAddress, base: base, name: "The flow guard table", field: start + 0x80),
      guardFunctionCount: try value(0x88),
      guardFlags: .init(rawValue: flags),
      extendedCheckPointer: try pointer(0x118, "The pointer to the extended check"),
      extendedDispatchPointer: try pointer(0x120, "The pointer to the extended dispatch"),
      extendedTableDispatchPointer: try pointer(0x128, "The pointer to the extended table"))
  }

  /// The image offset of eight bytes that a field points to with an absolute address.
  private func imageOffset(
    of address: UInt64, base: UInt64, name: String, field: Int
  ) throws(ImageError) -> UInt32? {
    guard address != 0 else { return nil }
    let (offset, borrow) = address.subtractingReportingOverflow(base)
    guard !borrow, offset <= UInt64(max(0, imageSize - 8)),
      let place = translate(Int(offset)), place.extent >= 8
    else {
      throw ImageError(
        .badLoadConfiguration, "\(name), at \(address.hexadecimal()), lies outside the image",
        at: place(field))
    }
    return UInt32(offset)
  }

  /// Reads the thread-local storage table.
  func threadLocalStorage(
    at table: Range<UInt32>?, base: UInt64
  ) throws(ImageError) -> ThreadLocalStorage? {
    guard let table else { return nil }
    let start = Int(table.lowerBound)
    let what = "The thread-local storage table"
    let reason = ImageError.Reason.badThreadLocalStorage
    let dataStart = try u64(image: start, what, reason)
    let dataEnd = try u64(image: start + 8, what, reason)
    let list = try u64(image: start + 24, what, reason)
    guard dataEnd >= dataStart else {
      throw ImageError(reason, "The thread-local data ends before it begins", at: place(start))
    }
    var callbacks: [UInt64] = []
    if list != 0 {
      let (offset, borrow) = list.subtractingReportingOverflow(base)
      guard !borrow, offset < UInt64(imageSize) else {
        throw ImageError(
          reason, "The list of thread-local callbacks lies outside the image", at: place(start + 24)
        )
      }
      while callbacks.count < 64 {
        let callback = try u64(image: Int(offset) + callbacks.count * 8, what, reason)
        if callback == 0 { break }
        callbacks.append(callback)
      }
    }
    return ThreadLocalStorage(dataSize: dataEnd - dataStart, callbacks: callbacks)
  }
}
