import CDriverKit
import Glibc
import NTTypes

// Security descriptors in a driver's memory: absolute ones with pointers, self-relative ones with
// offsets from their own beginning.

package typealias DescriptorPointer = UnsafeMutablePointer<SECURITY_DESCRIPTOR>

/// The bits of `Control`.
private enum Control {
  static var ownerDefaulted: UInt16 { 0x0001 }
  static var groupDefaulted: UInt16 { 0x0002 }
  static var daclPresent: UInt16 { 0x0004 }
  static var daclDefaulted: UInt16 { 0x0008 }
  static var saclPresent: UInt16 { 0x0010 }
  static var saclDefaulted: UInt16 { 0x0020 }
  static var selfRelative: UInt16 { 0x8000 }
}

/// STATUS_UNKNOWN_REVISION, STATUS_INVALID_SECURITY_DESCR, STATUS_BAD_DESCRIPTOR_FORMAT.
private var unknownRevision: Int32 { NTStatus(bits: 0xC000_0058).code }
private var invalidDescriptor: Int32 { NTStatus(bits: 0xC000_0079).code }
private var wrongFormat: Int32 { NTStatus(bits: 0xC000_00E7).code }

extension DescriptorPointer {
  private var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

  var isSelfRelative: Bool { pointee.Control & Control.selfRelative != 0 }

  /// A part by its number: owner, group, system list, discretionary list.
  func part(_ index: Int) -> UnsafeMutableRawPointer? {
    if isSelfRelative {
      let offset = (raw + 4 + index * 4).loadUnaligned(as: UInt32.self)
      return offset == 0 ? nil : raw + Int(offset)
    }
    return (raw + 8 + index * 8).load(as: UnsafeMutableRawPointer?.self)
  }

  var owner: SidPointer? { part(0)?.assumingMemoryBound(to: SID.self) }
  var group: SidPointer? { part(1)?.assumingMemoryBound(to: SID.self) }

  /// The system list, when it is present and not NULL.
  var sacl: AclPointer? {
    pointee.Control & Control.saclPresent == 0
      ? nil : part(2)?.assumingMemoryBound(to: ACL.self)
  }

  /// The discretionary list, when it is present and not NULL.
  var dacl: AclPointer? {
    pointee.Control & Control.daclPresent == 0
      ? nil : part(3)?.assumingMemoryBound(to: ACL.self)
  }

  var isValid: Bool {
    pointee.Revision == 1 && (owner?.isValid ?? true) && (group?.isValid ?? true)
      && (sacl.map { rtlValidAcl($0) != 0 } ?? true) && (dacl.map { rtlValidAcl($0) != 0 } ?? true)
  }

  /// The bytes of all parts with a self-relative head.
  var selfRelativeByteCount: Int {
    func rounded(_ count: Int) -> Int { (count + 3) & ~3 }
    let lists = rounded(Int(sacl?.pointee.AclSize ?? 0)) + rounded(Int(dacl?.pointee.AclSize ?? 0))
    return 20 + lists + rounded(owner?.byteCount ?? 0) + rounded(group?.byteCount ?? 0)
  }

  fileprivate func set(_ bits: UInt16, _ isSet: Bool) {
    if isSet { pointee.Control |= bits } else { pointee.Control &= ~bits }
  }

  /// Why the descriptor cannot be changed: 0 when it can.
  fileprivate var refusal: Int32 {
    if pointee.Revision != 1 { return unknownRevision }
    return isSelfRelative ? invalidDescriptor : 0
  }
}

@c(r3_RtlCreateSecurityDescriptor)
package func rtlCreateSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ revision: UInt32
) -> Int32 {
  guard revision == 1 else { return unknownRevision }
  descriptor.pointee = SECURITY_DESCRIPTOR()
  descriptor.pointee.Revision = 1
  return NTStatus.success.code
}

@c(r3_RtlValidSecurityDescriptor)
package func rtlValidSecurityDescriptor(_ descriptor: DescriptorPointer?) -> UInt8 {
  (descriptor?.isValid ?? false).boolean
}

/// Checks that a self-relative descriptor lies within its bytes and has the parts that are required.
@c(r3_RtlValidRelativeSecurityDescriptor)
package func rtlValidRelativeSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ byteCount: UInt32, _ required: UInt32
) -> UInt8 {
  RelativeCheck(descriptor: descriptor, byteCount: Int(byteCount)).isValid(required).boolean
}

@c(r3_RtlLengthSecurityDescriptor)
package func rtlLengthSecurityDescriptor(_ descriptor: DescriptorPointer) -> UInt32 {
  let head = descriptor.isSelfRelative ? 20 : 40
  return UInt32(descriptor.selfRelativeByteCount - 20 + head)
}

// MARK: Setting

@c(r3_RtlSetDaclSecurityDescriptor)
package func rtlSetDaclSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ isPresent: BooleanArgument, _ dacl: AclPointer?,
  _ isDefaulted: BooleanArgument
) -> Int32 {
  guard descriptor.refusal == 0 else { return descriptor.refusal }
  descriptor.set(Control.daclPresent, isPresent.isTrue)
  guard isPresent.isTrue else { return NTStatus.success.code }
  descriptor.pointee.Dacl = dacl
  descriptor.set(Control.daclDefaulted, isDefaulted.isTrue)
  return NTStatus.success.code
}

@c(r3_RtlSetSaclSecurityDescriptor)
package func rtlSetSaclSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ isPresent: BooleanArgument, _ sacl: AclPointer?,
  _ isDefaulted: BooleanArgument
) -> Int32 {
  guard descriptor.refusal == 0 else { return descriptor.refusal }
  descriptor.set(Control.saclPresent, isPresent.isTrue)
  guard isPresent.isTrue else { return NTStatus.success.code }
  descriptor.pointee.Sacl = sacl
  descriptor.set(Control.saclDefaulted, isDefaulted.isTrue)
  return NTStatus.success.code
}

@c(r3_RtlSetOwnerSecurityDescriptor)
package func rtlSetOwnerSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ owner: SidPointer?, _ isDefaulted: BooleanArgument
) -> Int32 {
  guard descriptor.refusal == 0 else { return descriptor.refusal }
  descriptor.pointee.Owner = owner.map { UnsafeMutableRawPointer($0) }
  descriptor.set(Control.ownerDefaulted, isDefaulted.isTrue)
  return NTStatus.success.code
}

@c(r3_RtlSetGroupSecurityDescriptor)
package func rtlSetGroupSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ group: SidPointer?, _ isDefaulted: BooleanArgument
) -> Int32 {
  guard descriptor.refusal == 0 else { return descriptor.refusal }
  descriptor.pointee.Group = group.map { UnsafeMutableRawPointer($0) }
  descriptor.set(Control.groupDefaulted, isDefaulted.isTrue)
  return NTStatus.success.code
}

// MARK: Getting

@c(r3_RtlGetDaclSecurityDescriptor)
package func rtlGetDaclSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ isPresent: UnsafeMutablePointer<UInt8>,
  _ dacl: UnsafeMutablePointer<AclPointer?>, _ isDefaulted: UnsafeMutablePointer<UInt8>
) -> Int32 {
  guard descriptor.pointee.Revision == 1 else { return unknownRevision }
  let control = descriptor.pointee.Control
  isPresent.pointee = (control & Control.daclPresent != 0).boolean
  guard isPresent.pointee != 0 else { return NTStatus.success.code }
  dacl.pointee = descriptor.dacl
  isDefaulted.pointee = (control & Control.daclDefaulted != 0).boolean
  return NTStatus.success.code
}

@c(r3_RtlGetSaclSecurityDescriptor)
package func rtlGetSaclSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ isPresent: UnsafeMutablePointer<UInt8>,
  _ sacl: UnsafeMutablePointer<AclPointer?>, _ isDefaulted: UnsafeMutablePointer<UInt8>
) -> Int32 {
  guard descriptor.pointee.Revision == 1 else { return unknownRevision }
  let control = descriptor.pointee.Control
  isPresent.pointee = (control & Control.saclPresent != 0).boolean
  guard isPresent.pointee != 0 else { return NTStatus.success.code }
  sacl.pointee = descriptor.sacl
  isDefaulted.pointee = (control & Control.saclDefaulted != 0).boolean
  return NTStatus.success.code
}

@c(r3_RtlGetOwnerSecurityDescriptor)
package func rtlGetOwnerSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ owner: UnsafeMutablePointer<SidPointer?>,
  _ isDefaulted: UnsafeMutablePointer<UInt8>
) -> Int32 {
  guard descriptor.pointee.Revision == 1 else { return unknownRevision }
  owner.pointee = descriptor.owner
  isDefaulted.pointee = (descriptor.pointee.Control & Control.ownerDefaulted != 0).boolean
  return NTStatus.success.code
}

@c(r3_RtlGetGroupSecurityDescriptor)
package func rtlGetGroupSecurityDescriptor(
  _ descriptor: DescriptorPointer, _ group: UnsafeMutablePointer<SidPointer?>,
  _ isDefaulted: UnsafeMutablePointer<UInt8>
) -> Int32 {
  guard descriptor.pointee.Revision == 1 else { return unknownRevision }
  group.pointee = descriptor.group
  isDefaulted.pointee = (descriptor.pointee.Control & Control.groupDefaulted != 0).boolean
  return NTStatus.success.code
}

// MARK: Converting

/// Packs an absolute descriptor into one block; says how large that must be when it is too small.
@c(r3_RtlAbsoluteToSelfRelativeSD)
package func rtlAbsoluteToSelfRelativeSD(
  _ source: DescriptorPointer, _ target: UnsafeMutableRawPointer?,
  _ size: UnsafeMutablePointer<UInt32>
) -> Int32 {
  guard !source.isSelfRelative else { return wrongFormat }
  let needed = UInt32(source.selfRelativeByteCount)
  guard size.pointee >= needed, let target else {
    size.pointee = needed
    return NTStatus.bufferTooSmall.code
  }
  size.pointee = needed
  memset(target, 0, Int(needed))
  target.storeBytes(of: 1, as: UInt8.self)
  target.storeBytes(
    of: source.pointee.Control | Control.selfRelative, toByteOffset: 2, as: UInt16.self)
  var end = 20
  func append(_ part: UnsafeRawPointer?, byteCount: Int, at slot: Int) {
    guard let part, byteCount > 0 else { return }
    memmove(target + end, part, byteCount)
    target.storeBytes(of: UInt32(end), toByteOffset: slot, as: UInt32.self)
    end += (byteCount + 3) & ~3
  }
  append(source.sacl, byteCount: Int(source.sacl?.pointee.AclSize ?? 0), at: 12)
  append(source.dacl, byteCount: Int(source.dacl?.pointee.AclSize ?? 0), at: 16)
  append(source.owner, byteCount: source.owner?.byteCount ?? 0, at: 4)
  append(source.group, byteCount: source.group?.byteCount ?? 0, at: 8)
  return NTStatus.success.code
}

/// Turns generic rights into those of an object type.
@c(r3_RtlMapGenericMask)
package func rtlMapGenericMask(
  _ mask: UnsafeMutablePointer<UInt32>, _ mapping: UnsafePointer<GENERIC_MAPPING>
) {
  var rights = mask.pointee
  if rights & 0x8000_0000 != 0 { rights |= mapping.pointee.GenericRead }
  if rights & 0x4000_0000 != 0 { rights |= mapping.pointee.GenericWrite }
  if rights & 0x2000_0000 != 0 { rights |= mapping.pointee.GenericExecute }
  if rights & 0x1000_0000 != 0 { rights |= mapping.pointee.GenericAll }
  mask.pointee = rights & 0x0FFF_FFFF
}

/// The bounds of a self-relative descriptor that nobody has looked at.
private struct RelativeCheck {
  let descriptor: DescriptorPointer
  let byteCount: Int

  func isValid(_ required: UInt32) -> Bool {
    guard byteCount >= 20, descriptor.pointee.Revision == 1, descriptor.isSelfRelative else {
      return false
    }
    let control = descriptor.pointee.Control
    return isSid(0, required & 1 != 0) && isSid(1, required & 2 != 0)
      && isAcl(3, control & Control.daclPresent != 0, required & 4 != 0)
      && isAcl(2, control & Control.saclPresent != 0, required & 8 != 0)
  }

  private func offset(_ index: Int) -> Int {
    Int((UnsafeRawPointer(descriptor) + 4 + index * 4).loadUnaligned(as: UInt32.self))
  }

  private func isSid(_ index: Int, _ isRequired: Bool) -> Bool {
    let offset = offset(index)
    if offset == 0 { return !isRequired }
    guard offset >= 20, offset + 8 <= byteCount, offset % 4 == 0,
      let sid = descriptor.part(index)?.assumingMemoryBound(to: SID.self)
    else { return false }
    return sid.isValid && offset + sid.byteCount <= byteCount
  }

  private func isAcl(_ index: Int, _ isPresent: Bool, _ isRequired: Bool) -> Bool {
    guard isPresent else { return !isRequired }
    let offset = offset(index)
    if offset == 0 { return true }
    guard offset >= 20, offset + 8 <= byteCount, offset % 4 == 0,
      let acl = descriptor.part(index)?.assumingMemoryBound(to: ACL.self)
    else { return false }
    return offset + Int(acl.pointee.AclSize) <= byteCount && rtlValidAcl(acl) != 0
  }
}
