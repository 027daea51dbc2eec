/// Sizes of buffers at which drivers break, as arguments of tests.
public enum BufferSizes {
  /// The size of a page.
  public static let pageByteCount = 4096

  /// Nothing, one byte, and a page with its neighbours.
  public static let page = [0, 1, 4095, 4096, 4097]

  /// The sizes round the powers of two up to a page, and round whole pages up to 64 KiB.
  public static let boundaries = [
    0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257,
    511, 512, 513, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 8191, 8192, 8193, 65535,
    65536, 65537,
  ]

  /// A size with its neighbours; what would be negative is left out.
  ///
  /// For the size of a structure that a driver asks for.
  public static func around(_ byteCount: Int) -> [Int] {
    [byteCount - 1, byteCount, byteCount + 1].filter { $0 >= 0 }
  }
}

/// User addresses that a program should not pass, and may, as arguments of tests.
public enum UserAddresses {
  /// Nobody's memory: null and near it, unaligned, at the end of user space, in system space, at
  /// the end of all.
  ///
  /// A driver must answer each with a status, mostly STATUS_ACCESS_VIOLATION.
  public static let bad: [UInt] = [
    0, 1, 0xFFFF, 0x1234_5678, 0x7FFF_FFFE_FFF8, 0x7FFF_FFFF_F000, 0xFFFF_8000_0000_0000,
    UInt.max - 7, UInt.max,
  ]
}

/// Bytes that tell their place: no run of 256 repeats the one before.
///
/// - Parameters:
///   - count: how many.
///   - seed: another seed makes other bytes.
public func patternBytes(_ count: Int, seed: UInt8 = 0) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ ($0 >> 8) &* 31 &+ Int(seed)) }
}
