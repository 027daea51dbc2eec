import NTTypes

/// What the generic rights mean for a type of object.
package struct GenericMapping: Sendable {
  package var read: AccessMask
  package var write: AccessMask
  package var execute: AccessMask
  package var all: AccessMask

  package init(read: AccessMask, write: AccessMask, execute: AccessMask, all: AccessMask) {
    (self.read, self.write, self.execute, self.all) = (read, write, execute, all)
  }

  /// The mapping of files and devices.
  package static var file: Self {
    Self(
      read: AccessMask(rawValue: 0x0012_0089), write: AccessMask(rawValue: 0x0012_0116),
      execute: AccessMask(rawValue: 0x0012_00A0), all: AccessMask(rawValue: 0x001F_01FF))
  }

  /// The mask with its generic rights replaced by what they mean.
  package func map(_ mask: AccessMask) -> AccessMask {
    var rights = mask.subtracting([.genericRead, .genericWrite, .genericExecute, .genericAll])
    if mask.contains(.genericRead) { rights.formUnion(read) }
    if mask.contains(.genericWrite) { rights.formUnion(write) }
    if mask.contains(.genericExecute) { rights.formUnion(execute) }
    if mask.contains(.genericAll) { rights.formUnion(all) }
    return rights
  }
}

extension SecurityDescriptor {
  /// The rights that an opener with these identifiers gets, nil when one that it asks for is denied.
  ///
  /// Entries count in their order: what is allowed or denied first stays so. `MAXIMUM_ALLOWED` asks for
  /// whatever there is.
  package func access(
    _ desired: AccessMask, for identifiers: [SecurityIdentifier],
    mapping: GenericMapping = .file
  ) -> AccessMask? {
    let wanted = mapping.map(desired).subtracting(.maximumAllowed)
    let wantsMaximum = desired.contains(.maximumAllowed)
    guard let dacl else { return wantsMaximum ? wanted.union(mapping.all) : wanted }
    var allowed: AccessMask = []
    var denied: AccessMask = []
    // An owner may always read and change the list.
    if let owner, identifiers.contains(owner) { allowed = [.readControl, .writeDACL] }
    for entry in dacl where !entry.isInheritOnly && identifiers.contains(entry.identifier) {
      let rights = mapping.map(entry.rights)
      switch entry.kind {
      case .allow: allowed.formUnion(rights.subtracting(denied))
      case .deny: denied.formUnion(rights.subtracting(allowed))
      case .audit, .alarm, .mandatoryLabel: break
      }
    }
    guard wanted.isSubset(of: allowed) else { return nil }
    if wantsMaximum { return allowed.isEmpty ? nil : allowed }
    return wanted
  }
}
