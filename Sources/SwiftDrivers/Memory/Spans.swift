extension MutableRawSpan {
  /// Copies the first bytes of another span here, as many as both have.
  ///
  /// - Parameter offset: where they go, in bytes; a position past the end takes none.
  /// - Returns: how many bytes were copied.
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func copy(from source: RawSpan, at offset: Int = 0) -> Int {
    guard offset >= 0, offset < byteCount else { return 0 }
    let count = min(source.byteCount, byteCount - offset)
    unsafe withUnsafeMutableBytes { destination in
      unsafe source.withUnsafeBytes { source in
        let bytes = UnsafeRawBufferPointer(rebasing: source.prefix(count))
        UnsafeMutableRawBufferPointer(rebasing: destination.dropFirst(offset))
          .copyMemory(from: bytes)
      }
    }
    return count
  }
}

extension MutableRawSpan {
  /// The bytes one by one, for writing.
  public var mutableSpan: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get { unsafe _unsafeMutableView(as: UInt8.self) }
  }
}

extension RawSpan {
  /// The bytes one by one.
  public var span: Span<UInt8> {
    @_lifetime(copy self)
    get { unsafe _unsafeView(as: UInt8.self) }
  }

  /// The bytes as an array.
  public var array: [UInt8] { unsafe withUnsafeBytes { Array($0) } }
}
