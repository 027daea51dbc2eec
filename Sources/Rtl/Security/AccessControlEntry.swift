import NTTypes

/// One line of an access control list: who may, or may not, do what.
package struct AccessControlEntry: Hashable, Sendable {
  /// What an entry is for.
  package enum Kind: UInt8, Sendable {
    case allow = 0x00
    case deny = 0x01
    case audit = 0x02
    case alarm = 0x03
    case mandatoryLabel = 0x11
  }

  package var kind: Kind
  /// How the entry is inherited, and what an audit watches.
  package var flags: UInt8
  package var rights: AccessMask
  package var identifier: SecurityIdentifier

  package init(
    _ kind: Kind, flags: UInt8 = 0, _ rights: AccessMask, _ identifier: SecurityIdentifier
  ) {
    self.kind = kind
    self.flags = flags
    self.rights = rights
    self.identifier = identifier
  }

  /// Whether the entry is there for children alone.
  var isInheritOnly: Bool { flags & 0x08 != 0 }

  /// The bytes as they lie in memory.
  var bytes: [UInt8] {
    let tail = identifier.bytes
    return [kind.rawValue, flags] + UInt16(8 + tail.count).littleEndianBytes
      + rights.rawValue.littleEndianBytes + tail
  }

  /// Reads an entry's bytes; nil for a kind that is not known.
  init?(bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count >= 16, let kind = Kind(rawValue: bytes[0]),
      let identifier = SecurityIdentifier(bytes: bytes.dropFirst(8))
    else { return nil }
    self.init(
      kind, flags: bytes[1], AccessMask(rawValue: bytes.number(at: 4)), identifier)
  }
}

extension [AccessControlEntry] {
  /// The list as it lies in memory, head included.
  var listBytes: [UInt8] {
    let entries = flatMap(\.bytes)
    let head: [UInt8] = [2, 0]
    return head + UInt16(8 + entries.count).littleEndianBytes + UInt16(count).littleEndianBytes
      + [0, 0] + entries
  }

  /// Reads a list; nil when it does not hold together.
  init?(listBytes bytes: ArraySlice<UInt8>) {
    let bytes = [UInt8](bytes)
    guard bytes.count >= 8 else { return nil }
    let size = Int(bytes.number(at: 2) as UInt16)
    guard size >= 8, size <= bytes.count else { return nil }
    self = []
    var offset = 8
    for _ in 0..<Int(bytes.number(at: 4) as UInt16) {
      guard offset + 4 <= size else { return nil }
      let length = Int(bytes.number(at: offset + 2) as UInt16)
      guard length >= 4, offset + length <= size,
        let entry = AccessControlEntry(bytes: bytes[offset..<offset + length])
      else { return nil }
      append(entry)
      offset += length
    }
  }
}
