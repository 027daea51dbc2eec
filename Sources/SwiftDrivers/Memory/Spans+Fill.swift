import Glibc

extension MutableRawSpan {
  /// Sets every byte.
  @_lifetime(self: copy self)
  public mutating func fill(with byte: UInt8) {
    unsafe withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { memset(start, Int32(byte), bytes.count) }
    }
  }
}
