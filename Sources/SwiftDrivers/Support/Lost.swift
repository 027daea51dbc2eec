import Machine

/// What a driver dropped that somebody waits for: the kernel ends with bug check 0x52330002.
enum Lost {
  @inline(never)
  static func transfer(_ transaction: Handle) {
    text.withUTF8Buffer { text in
      Machine.current.bugCheck(
        0x5233_0002, transaction.bits, 0, 0, 0,
        subject: UnsafePointer(OpaquePointer(text.baseAddress.unsafelyUnwrapped)))
    }
  }

  private static let text: StaticString =
    "a DMA transfer was dropped: keep it, and complete it when the device is done"
}
