/// A globally unique identifier, in the parts that Windows keeps it in.
public struct GUID: Hashable, Sendable {
  /// The first four bytes.
  public var data1: UInt32
  /// The next two bytes.
  public var data2: UInt16
  /// The two bytes after them.
  public var data3: UInt16
  /// The last eight bytes, the first one in the highest bits.
  public var data4: UInt64

  /// The first four bytes.
  public init(data1: UInt32, data2: UInt16, data3: UInt16, data4: UInt64) {
    (self.data1, self.data2, self.data3, self.data4) = (data1, data2, data3, data4)
  }

  /// Reads the 16 bytes of a GUID in memory: three little-endian numbers, then eight bytes in order.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let bytes = Array(bytes)
    func little(_ range: Range<Int>) -> UInt32 {
      range.reversed().reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
    }
    self.init(
      data1: little(0..<4), data2: UInt16(truncatingIfNeeded: little(4..<6)),
      data3: UInt16(truncatingIfNeeded: little(6..<8)),
      data4: (8..<16).reduce(0) { $0 << 8 | UInt64(bytes[$1]) })
  }

  /// The 16 bytes as they lie in memory.
  public var bytes: [UInt8] {
    func little(_ value: some FixedWidthInteger) -> [UInt8] {
      (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    return little(data1) + little(data2) + little(data3) + little(data4).reversed()
  }
}

extension GUID: LosslessStringConvertible {
  /// Reads `8-4-4-4-12` hexadecimal digits, with or without braces.
  public init?(_ text: String) {
    var text = Substring(text)
    if text.hasPrefix("{") {
      guard text.hasSuffix("}") else { return nil }
      text = text.dropFirst().dropLast()
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
      parts.allSatisfy({ $0.allSatisfy(\.isHexDigit) }),
      let data1 = UInt32(parts[0], radix: 16), let data2 = UInt16(parts[1], radix: 16),
      let data3 = UInt16(parts[2], radix: 16), let high = UInt64(parts[3], radix: 16),
      let low = UInt64(parts[4], radix: 16)
    else { return nil }
    self.init(data1: data1, data2: data2, data3: data3, data4: high << 48 | low)
  }

  /// The identifier in braces and lower case, as Windows prints it.
  public var description: String {
    func digits(_ value: UInt64, _ count: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let tail = [digits(data4 >> 48, 4), digits(data4 & 0xFFFF_FFFF_FFFF, 12)]
    let head = [digits(UInt64(data1), 8), digits(UInt64(data2), 4), digits(UInt64(data3), 4)]
    return "{" + (head + tail).joined(separator: "-") + "}"
  }
}
