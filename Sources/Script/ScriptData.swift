/// Bytes that a script speaks of, kept as they were written: a few characters may stand for 4 GiB.
public enum ScriptData: Hashable, Sendable {
  case bytes([UInt8])
  case fill(byte: UInt8, count: UInt64)
  /// The bytes of a file on the host.
  case file(path: String)
  /// The eight bytes of the handle of an event that the script has made.
  case handle(name: String)
  /// The eight bytes of the address of a buffer that the script has made.
  case address(name: String)
  /// One after the other.
  indirect case joined([ScriptData])

  /// The number of bytes; nil for a file, which was not looked at yet.
  public var byteCount: UInt64? {
    switch self {
    case .bytes(let bytes): UInt64(bytes.count)
    case .fill(_, let count): count
    case .file: nil
    case .handle, .address: 8
    case .joined(let parts):
      parts.reduce(UInt64?(0)) { sum, part in
        guard let sum, let count = part.byteCount else { return nil }
        return sum.addingReportingOverflow(count).overflow ? .max : sum + count
      }
    }
  }

  /// Why the bytes cannot be had.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// There are more of them than the caller can take.
    case tooLarge(count: UInt64, maximum: Int)
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// No event has the name.
    case noEvent(name: String)
    /// No buffer has the name.
    case noBuffer(name: String)

    /// What is wrong, without its full stop.
    public var description: String {
      switch self {
      case .tooLarge(let count, let maximum):
        "The data has \(count) bytes; at most \(maximum) can be used here"
      case .unreadable(let path, let reason):
        "The file \(path) cannot be read: \(reason)"
      case .noEvent(let name): "There is no event \(name)"
      case .noBuffer(let name): "There is no buffer \(name)"
      }
    }
  }

  /// The bytes themselves, when there are at most `maximum`.
  ///
  /// - Parameters:
  ///   - readFile: gives the bytes of a file; it is called for ``file(path:)`` only.
  ///   - handle: gives the handle of an event; nil when there is none.
  ///   - address: gives the address of a buffer; nil when there is none.
  public func bytes(
    maximum: Int, readFile: (_ path: String) throws(Failure) -> [UInt8],
    handle: (_ name: String) -> UInt64? = { _ in nil },
    address: (_ name: String) -> UInt64? = { _ in nil }
  ) throws(Failure) -> [UInt8] {
    switch self {
    case .bytes(let bytes):
      try check(UInt64(bytes.count), maximum)
      return bytes
    case .fill(let byte, let count):
      try check(count, maximum)
      return Array(repeating: byte, count: Int(count))
    case .file(let path):
      let bytes = try readFile(path)
      try check(UInt64(bytes.count), maximum)
      return bytes
    case .handle(let name):
      guard let value = handle(name) else { throw .noEvent(name: name) }
      try check(8, maximum)
      return value.littleEndianBytes
    case .address(let name):
      guard let value = address(name) else { throw .noBuffer(name: name) }
      try check(8, maximum)
      return value.littleEndianBytes
    case .joined(let parts):
      var bytes: [UInt8] = []
      for part in parts {
        bytes += try part.bytes(
          maximum: maximum - bytes.count, readFile: readFile, handle: handle, address: address)
      }
      return bytes
    }
  }

  private func check(_ count: UInt64, _ maximum: Int) throws(Failure) {
    guard count <= UInt64(max(0, maximum)) else {
      throw .tooLarge(count: count, maximum: maximum)
    }
  }
}

extension UInt64 {
  /// The eight bytes as they lie in memory.
  var littleEndianBytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}
