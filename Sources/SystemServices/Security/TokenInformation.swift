import Glibc
import Machine
import Memory
import Objects
import Rtl

/// What a token says of itself, laid out for an address: TOKEN_USER and the like.
struct TokenInformation {
  let token: TokenBody

  /// The values of TOKEN_INFORMATION_CLASS that are known.
  private enum Class: UInt32 {
    case user = 1, groups, privileges, owner, primaryGroup
    case type = 8
    case statistics = 10
    case sessionIdentifier = 12
    case elevation = 20
    case integrityLevel = 25
  }

  /// The structure of a class, with pointers for a structure at `base`; nil for an unknown class.
  ///
  /// Its size does not depend on `base`.
  func bytes(_ kind: UInt32, at base: UInt64) -> [UInt8]? {
    let identity = token.identity
    switch Class(rawValue: kind) {
    case .user: return list([(identity.account, 0)], countSize: 0, base)
    case .groups: return list(identity.groups.map { ($0, 7) }, countSize: 8, base)
    case .privileges: return privileges
    case .owner: return pointer(to: identity.owner, base)
    case .primaryGroup: return pointer(to: identity.primaryGroup, base)
    case .type: return UInt32(1).littleEndianBytes
    case .statistics: return statistics
    case .sessionIdentifier: return UInt32(0).littleEndianBytes
    case .elevation: return UInt32(identity.isAdministrator ? 1 : 0).littleEndianBytes
    case .integrityLevel:
      let level = SecurityIdentifier(authority: 16, identity.integrityLevel)
      return list([(level, 0x60)], countSize: 0, base)
    case nil: return nil
    }
  }

  /// What SeQueryInformationToken gives as a value in place of an address.
  func value(_ kind: UInt32) -> UInt32? {
    switch Class(rawValue: kind) {
    case .sessionIdentifier: 0
    case .integrityLevel: token.identity.integrityLevel
    default: nil
    }
  }

  /// SID_AND_ATTRIBUTES entries behind an optional count, and the identifiers behind them.
  private func list(
    _ entries: [(identifier: SecurityIdentifier, attributes: UInt32)], countSize: Int,
    _ base: UInt64
  ) -> [UInt8] {
    var head = countSize == 0 ? [] : UInt64(entries.count).littleEndianBytes
    var tail: [UInt8] = []
    let start = UInt64(countSize + entries.count * 16)
    for entry in entries {
      head += (base &+ start &+ UInt64(tail.count)).littleEndianBytes
      head += UInt64(entry.attributes).littleEndianBytes
      tail += entry.identifier.bytes
    }
    return head + tail
  }

  private func pointer(to identifier: SecurityIdentifier, _ base: UInt64) -> [UInt8] {
    (base &+ 8).littleEndianBytes + identifier.bytes
  }

  /// TOKEN_PRIVILEGES, all enabled.
  private var privileges: [UInt8] {
    let numbers = token.identity.privileges
    return UInt32(numbers.count).littleEndianBytes
      + numbers.flatMap { UInt64($0).littleEndianBytes + UInt32(3).littleEndianBytes }
  }

  /// The logon session: that of the system, or one for each kind of user.
  var authenticationIdentifier: UInt64 {
    token.identity == .system ? 0x3E7 : 0x10000 + UInt64(token.identity.rawValue)
  }

  /// TOKEN_STATISTICS.
  private var statistics: [UInt8] {
    let identifier = UInt64(token.process).littleEndianBytes
    return identifier + authenticationIdentifier.littleEndianBytes
      + Int64.max.littleEndianBytes + UInt32(1).littleEndianBytes + UInt32(0).littleEndianBytes
      + UInt64(0).littleEndianBytes
      + UInt32(token.identity.groups.count).littleEndianBytes
      + UInt32(token.identity.privileges.count).littleEndianBytes + identifier
  }
}

extension Machine {
  static var tokenTag: UInt32 { 0x6F54_6553 }  // SeTo

  /// A structure of a token in paged pool with pointers for `base`, or for itself; and its size.
  func tokenInformation(
    _ token: TokenBody, _ kind: UInt32, for base: UInt64? = nil,
    into block: inout UnsafeMutableRawPointer?, byteCount: inout Int
  ) -> UInt32 {
    let information = TokenInformation(token: token)
    guard let size = information.bytes(kind, at: 0)?.count else {
      return ServiceStatus.invalidInformationClass
    }
    guard let memory = pool.allocate(size, kind: .paged, tag: Self.tokenTag) else {
      return ServiceStatus.insufficientResources
    }
    let bytes = information.bytes(kind, at: base ?? UInt64(UInt(bitPattern: memory))) ?? []
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memcpy(memory, start, source.count) }
    }
    block = memory
    byteCount = size
    return ServiceStatus.success
  }
}
