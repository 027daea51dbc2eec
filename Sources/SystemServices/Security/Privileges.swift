import CDriverKit
import Machine
import Objects

// Privileges: the kernel has all of them, a user those of its identity.

/// The LUID comes in one register.
@c(r3_SeSinglePrivilegeCheck)
func seSinglePrivilegeCheck(_ privilege: UInt64, _ mode: UInt32) -> UInt8 {
  if mode & 0xFF == UInt32(ProcessorMode.kernel) { return 1 }
  return Identity(of: CurrentThread.process).holds(privilege) ? 1 : 0
}

/// Whether one or all of the privileges are held; those that are get marked as used.
@c(r3_SePrivilegeCheck)
func sePrivilegeCheck(
  _ required: UnsafeMutablePointer<PRIVILEGE_SET>,
  _ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>, _ mode: UInt32
) -> UInt8 {
  if mode & 0xFF == UInt32(ProcessorMode.kernel) { return 1 }
  guard let identity = subject.identity else { return 0 }
  let count = required.pointee.PrivilegeCount
  let needsAll = required.pointee.Control & UInt32(PRIVILEGE_SET_ALL_NECESSARY) != 0
  let entries = (UnsafeMutableRawPointer(required) + 8)
    .assumingMemoryBound(to: LUID_AND_ATTRIBUTES.self)
  var held: UInt32 = 0
  for index in 0..<Int(count) {
    let luid = entries[index].Luid
    let number = UInt64(UInt32(bitPattern: luid.HighPart)) << 32 | UInt64(luid.LowPart)
    guard identity.holds(number) else { continue }
    entries[index].Attributes |= 0x8000_0000  // SE_PRIVILEGE_USED_FOR_ACCESS
    held += 1
  }
  return (needsAll ? held == count : held > 0) ? 1 : 0
}

extension Identity {
  /// Whether a privilege is held.
  func holds(_ privilege: UInt64) -> Bool { privileges.contains { UInt64($0) == privilege } }
}
