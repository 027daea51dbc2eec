import Machine
import Rtl

/// Who the user of a process is: as much as this system knows of users.
package enum Identity: UInt8, Sendable {
  /// The system itself.
  case system
  /// A member of the group of administrators, with its rights in force.
  case administrator
  case user

  /// The user of a process.
  package init(of process: Process) {
    self =
      process.isSystem ? .system : process.pointer.pointee.isAdministrator ? .administrator : .user
  }

  /// Whether the group of administrators is among the groups.
  package var isAdministrator: Bool { self != .user }

  /// The account: of the system, or one of this computer.
  package var account: SecurityIdentifier {
    switch self {
    case .system: .localSystem
    case .administrator: .local(500)
    case .user: .local(1001)
    }
  }

  /// The groups that the account belongs to.
  package var groups: [SecurityIdentifier] {
    switch self {
    case .system: [.administrators, .everyone, .authenticatedUsers]
    case .administrator: [.administrators, .users, .everyone, .authenticatedUsers]
    case .user: [.users, .everyone, .authenticatedUsers]
    }
  }

  /// All identifiers that entries of an access control list may name.
  package var identifiers: [SecurityIdentifier] { [account] + groups }

  /// The group that new objects get.
  package var primaryGroup: SecurityIdentifier { self == .system ? .localSystem : .local(513) }

  /// The account or group that owns new objects.
  package var owner: SecurityIdentifier { isAdministrator ? .administrators : account }

  /// The integrity level: the last part of its identifier.
  package var integrityLevel: UInt32 {
    switch self {
    case .system: 0x4000
    case .administrator: 0x3000
    case .user: 0x2000
    }
  }

  /// The numbers of the privileges, all in force: nobody here can disable one.
  package var privileges: [UInt32] {
    switch self {
    case .system: Array(2...36)
    case .administrator:
      [5] + Array(8...15) + Array(17...20) + [22, 23, 24, 25] + [28, 29, 30, 33, 34, 35, 36]
    case .user: [19, 23, 25, 33, 34]
    }
  }
}

extension SecurityIdentifier {
  /// An account or group of this computer, whose own identifier is made up.
  fileprivate static func local(_ number: UInt32) -> Self {
    Self(authority: 5, 21, 1_000_000_000, 1_000_000_000, 1_000_000_000, number)
  }
}
