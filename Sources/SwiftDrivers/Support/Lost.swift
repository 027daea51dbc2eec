import Machine

/// What a driver dropped that somebody waits for: the kernel ends with bug check 0x52330002.
enum Lost {
  static func request(_ handle: UInt64) -> Never { end(handle, requestText) }

  static func transfer(_ transaction: UInt64) { end(transaction, transferText) }

  @inline(never)
  private static func end(_ handle: UInt64, _ text: StaticString) -> Never {
    text.withUTF8Buffer { text in
      Machine.current.bugCheck(
        0x5233_0002, handle, 0, 0, 0,
        subject: UnsafePointer(OpaquePointer(text.baseAddress.unsafelyUnwrapped)))
    }
  }

  private static let requestText: StaticString =
    "a request was dropped: complete, forward, send or pend it"
  private static let transferText: StaticString =
    "a DMA transfer was dropped: keep it, and complete it when the device is done"
}
