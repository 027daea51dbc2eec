import NTTypes

extension Image {
  /// Checks what a kernel asks of an image before it loads it as a driver.
  public func requireDriver() throws(ImageError) {
    guard headers.subsystem == .native else {
      throw ImageError(
        .notADriver, "The image is for the \(headers.subsystem) subsystem; a driver is native")
    }
    guard directories[.managedCode] == nil else {
      throw ImageError(
        .notADriver, "The image holds managed code", remedy: "Build the driver as native code")
    }
    guard headers.isRelocatable else {
      throw ImageError(
        .notRelocatable,
        "The image can only run at \(headers.preferredBase.hexadecimal()): it has no relocations")
    }
    if let callbacks = threadLocalStorage?.callbacks, !callbacks.isEmpty {
      throw ImageError(
        .threadLocalCallbacks,
        "The image has \(callbacks.count) thread-local callbacks; kernel mode has none")
    }
    guard entryPoint != 0, let section = section(containing: entryPoint), section.isExecutable
    else {
      throw ImageError(
        .notADriver,
        entryPoint == 0
          ? "The image has no entry point"
          : "The entry point \(entryPoint.hexadecimal()) is not in an executable section",
        at: .image(entryPoint))
    }
  }

  /// Whether every section begins on a page of its own, so that each can have its protection.
  public var isPageAligned: Bool { headers.sectionAlignment >= 4096 }

  /// The checksum of the bytes, as the linker computes it.
  public var computedChecksum: UInt32 {
    let field = headers.checksumOffset
    var sum: UInt32 = 0
    var index = 0
    while index < bytes.count {
      let high = index + 1 < bytes.count ? UInt32(bytes[index + 1]) << 8 : 0
      let isChecksum = (field..<field + 4).contains(index)
      sum += isChecksum ? 0 : UInt32(bytes[index]) | high
      sum = (sum & 0xFFFF) + (sum >> 16)
      index += 2
    }
    sum = (sum & 0xFFFF) + (sum >> 16)
    return sum &+ UInt32(truncatingIfNeeded: bytes.count)
  }
}
