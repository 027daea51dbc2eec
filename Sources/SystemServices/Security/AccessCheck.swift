import CDriverKit
import Machine
import Memory
import NTTypes
import Objects
import Rtl

/// Whether a caller may have the rights that it asks for, by a descriptor.
@c(r3_SeAccessCheck)
func seAccessCheck(
  _ descriptor: UnsafeMutablePointer<SECURITY_DESCRIPTOR>?,
  _ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>, _ isLocked: UInt32,
  _ desired: UInt32, _ previous: UInt32, _ privileges: UnsafeMutablePointer<UInt>?,
  _ mapping: UnsafePointer<GENERIC_MAPPING>, _ mode: UInt32,
  _ granted: UnsafeMutablePointer<UInt32>, _ status: UnsafeMutablePointer<UInt32>
) -> UInt8 {
  privileges?.pointee = 0
  let rights = Rights(desired: desired, previous: previous, mapping: mapping.pointee)
  let isKernel = mode & 0xFF == UInt32(ProcessorMode.kernel)
  let result = isKernel ? rights.all : rights.check(descriptor, subject)
  granted.pointee = result ?? 0
  status.pointee = result == nil ? 0xC000_0022 : ServiceStatus.success
  return result == nil ? 0 : 1
}

/// What is asked for.
private struct Rights {
  let desired: UInt32
  let previous: UInt32
  let mapping: GENERIC_MAPPING

  private var maximumAllowed: UInt32 { AccessMask.maximumAllowed.rawValue }

  private var genericMapping: Rtl.GenericMapping {
    Rtl.GenericMapping(
      read: AccessMask(rawValue: mapping.GenericRead),
      write: AccessMask(rawValue: mapping.GenericWrite),
      execute: AccessMask(rawValue: mapping.GenericExecute),
      all: AccessMask(rawValue: mapping.GenericAll))
  }

  /// What the kernel gets.
  var all: UInt32? {
    let wanted = genericMapping.map(AccessMask(rawValue: desired & ~maximumAllowed)).rawValue
    return wanted | previous | (desired & maximumAllowed != 0 ? mapping.GenericAll : 0)
  }

  /// What a user gets; nil when something is denied.
  func check(
    _ descriptor: UnsafeMutablePointer<SECURITY_DESCRIPTOR>?,
    _ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>
  ) -> UInt32? {
    guard let descriptor, let identity = subject.identity else { return nil }
    let machine = Machine.current
    // Asking for nothing gives what was given before; nothing at all is denied.
    if desired == 0 { return previous == 0 ? nil : previous }
    var byteCount = 0
    guard let block = machine.copySelfRelative(descriptor, &byteCount) else { return nil }
    let bytes = Array(UnsafeRawBufferPointer(start: block, count: byteCount))
    machine.pool.free(block, tag: Machine.serviceTag)
    // A descriptor that cannot be read lets nobody in.
    guard let security = SecurityDescriptor(selfRelative: bytes) else { return nil }
    var needed = genericMapping.map(AccessMask(rawValue: desired))
    var byPrivilege: AccessMask = []
    for (right, privilege) in [(UInt32(WRITE_OWNER), 9), (UInt32(ACCESS_SYSTEM_SECURITY), 8)]
    where needed.rawValue & right != 0 && identity.holds(UInt64(privilege)) {
      byPrivilege.insert(AccessMask(rawValue: right))
    }
    needed.subtract(byPrivilege)
    needed.subtract(AccessMask(rawValue: previous))
    if needed.isEmpty { return byPrivilege.rawValue | previous }
    let allowed = security.access(needed, for: identity.identifiers, mapping: genericMapping)
    return allowed.map { $0.rawValue | byPrivilege.rawValue | previous }
  }
}

extension Machine {
  /// A self-relative copy of a driver's descriptor in pool; nil without memory or for a bad one.
  fileprivate func copySelfRelative(
    _ descriptor: UnsafeMutablePointer<SECURITY_DESCRIPTOR>, _ byteCount: inout Int
  ) -> UnsafeMutableRawPointer? {
    var size = rtlLengthSecurityDescriptor(descriptor)
    // The lists are counted in 16 bits each.
    guard size >= 20, size < 1 << 18,
      let block = pool.allocate(Int(size), kind: .nonpaged, tag: Self.serviceTag)
    else { return nil }
    if descriptor.pointee.Control & UInt16(SE_SELF_RELATIVE) != 0 {
      block.copyMemory(from: descriptor, byteCount: Int(size))
    } else {
      // The head shrinks, so that the copy fits.
      let status = rtlAbsoluteToSelfRelativeSD(descriptor, block, &size)
      guard status == 0 else {
        pool.free(block, tag: Self.serviceTag)
        return nil
      }
    }
    byteCount = Int(size)
    return block
  }
}
