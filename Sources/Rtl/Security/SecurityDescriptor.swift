import NTTypes

/// Who owns an object and who may do what with it, as a value.
///
/// Drivers write it as text:
///
///     let security = try SecurityDescriptor(sddl: "D:P(A;;GA;;;SY)(A;;GA;;;BA)")
package struct SecurityDescriptor: Hashable, Sendable {
  package var owner: SecurityIdentifier?
  package var group: SecurityIdentifier?
  /// The entries that are checked in their order; nil lets everybody do everything.
  package var dacl: [AccessControlEntry]?
  /// What is watched, and the integrity level.
  package var sacl: [AccessControlEntry]?
  /// Whether entries of a parent stay out.
  package var isProtected = false

  package init(dacl: [AccessControlEntry]? = nil) { self.dacl = dacl }

  /// What a device gets that names nothing: all for the system and administrators, the rest may use it.
  package static var deviceDefault: Self {
    Self(dacl: [
      AccessControlEntry(.allow, .genericAll, .localSystem),
      AccessControlEntry(.allow, .genericAll, .administrators),
      AccessControlEntry(
        .allow, [.genericRead, .genericWrite, .genericExecute], .everyone),
      AccessControlEntry(.allow, [.genericRead, .genericExecute], .restrictedCode),
    ])
  }

  /// Reads a self-relative descriptor; nil when it does not hold together.
  package init?(selfRelative bytes: [UInt8]) {
    guard bytes.count >= 20, bytes[0] == 1 else { return nil }
    let control: UInt16 = bytes.number(at: 2)
    guard control & 0x8000 != 0 else { return nil }
    let offsets = (0..<4).map { Int(bytes.number(at: 4 + $0 * 4) as UInt32) }
    guard offsets.allSatisfy({ $0 == 0 || ($0 >= 20 && $0 < bytes.count) }) else { return nil }
    let parts = offsets.map { $0 == 0 ? nil : bytes[$0...] }
    let (owner, group, sacl, dacl) = (parts[0], parts[1], parts[2], parts[3])
    self.owner = owner.flatMap { SecurityIdentifier(bytes: $0) }
    self.group = group.flatMap { SecurityIdentifier(bytes: $0) }
    if control & 0x0010 != 0 { self.sacl = sacl.flatMap { .init(listBytes: $0) } }
    if control & 0x0004 != 0 { self.dacl = dacl.flatMap { .init(listBytes: $0) } }
    isProtected = control & 0x1000 != 0
    // A list that is there but cannot be read must not become one that allows everything.
    let isWhole =
      (owner == nil) == (self.owner == nil) && (group == nil) == (self.group == nil)
      && (control & 0x0010 == 0 || (sacl == nil) == (self.sacl == nil))
      && (control & 0x0004 == 0 || (dacl == nil) == (self.dacl == nil))
    guard isWhole else { return nil }
  }

  /// The bytes of a self-relative descriptor.
  package var selfRelativeBytes: [UInt8] {
    var control: UInt16 = 0x8004
    if sacl != nil { control |= 0x0010 }
    if isProtected { control |= 0x1000 }
    var offsets: [UInt32] = []
    var tail: [UInt8] = []
    for part in [owner?.bytes, group?.bytes, sacl?.listBytes, dacl?.listBytes] {
      offsets.append(part == nil ? 0 : UInt32(20 + tail.count))
      tail += part ?? []
    }
    let head: [UInt8] = [1, 0]
    return head + control.littleEndianBytes + offsets.flatMap(\.littleEndianBytes) + tail
  }
}
