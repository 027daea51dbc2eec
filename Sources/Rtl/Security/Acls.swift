import CDriverKit
import Glibc
import NTTypes

// Access control lists in a driver's memory: a head of 8 bytes, then entries of their own sizes.

package typealias AclPointer = UnsafeMutablePointer<ACL>

/// STATUS_INVALID_ACL, STATUS_INVALID_SID, STATUS_ALLOTTED_SPACE_EXCEEDED, STATUS_REVISION_MISMATCH.
private var invalidAcl: Int32 { NTStatus(bits: 0xC000_0077).code }
private var invalidSid: Int32 { NTStatus(bits: 0xC000_0078).code }
private var noRoom: Int32 { NTStatus(bits: 0xC000_0099).code }
private var wrongRevision: Int32 { NTStatus(bits: 0xC000_0059).code }

extension AclPointer {
  private var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

  var hasValidHead: Bool {
    (2...4).contains(pointee.AclRevision) && pointee.AclSize >= 8
  }

  /// The offset of the entry at an index, or behind the last one; nil when entries leave the list.
  func offset(ofEntry index: Int) -> Int? {
    var offset = 8
    for _ in 0..<index {
      guard offset + 4 <= Int(pointee.AclSize) else { return nil }
      let size = Int((raw + offset + 2).loadUnaligned(as: UInt16.self))
      guard size >= 4, offset + size <= Int(pointee.AclSize) else { return nil }
      offset += size
    }
    return offset
  }

  /// Adds an entry for an identifier behind the others.
  fileprivate func add(
    type: UInt8, flags: UInt32, revision: UInt32, mask: UInt32, _ sid: SidPointer
  ) -> Int32 {
    guard sid.isValid else { return invalidSid }
    guard hasValidHead, let offset = offset(ofEntry: Int(pointee.AceCount)) else {
      return invalidAcl
    }
    guard pointee.AclRevision <= 4, revision <= 4 else { return wrongRevision }
    let size = 8 + sid.byteCount
    guard offset + size <= Int(pointee.AclSize) else { return noRoom }
    let entry = raw + offset
    entry.storeBytes(of: type, as: UInt8.self)
    entry.storeBytes(of: flags.lowByte, toByteOffset: 1, as: UInt8.self)
    entry.storeBytes(of: UInt16(size), toByteOffset: 2, as: UInt16.self)
    entry.storeBytes(of: mask, toByteOffset: 4, as: UInt32.self)
    memmove(entry + 8, sid, sid.byteCount)
    pointee.AceCount &+= 1
    pointee.AclRevision = max(pointee.AclRevision, UInt8(truncatingIfNeeded: revision))
    return NTStatus.success.code
  }

  /// Puts `bytes` of ready entries before the entry at an index.
  fileprivate func insert(
    _ bytes: UnsafeRawPointer, byteCount: Int, count: Int, at index: UInt32
  ) -> Int32 {
    let entries = Int(pointee.AceCount)
    let position = min(Int(index), entries)
    guard let start = offset(ofEntry: position), let end = offset(ofEntry: entries) else {
      return invalidAcl
    }
    guard end + byteCount <= Int(pointee.AclSize) else { return noRoom }
    memmove(raw + start + byteCount, raw + start, end - start)
    memmove(raw + start, bytes, byteCount)
    pointee.AceCount &+= UInt16(truncatingIfNeeded: count)
    return NTStatus.success.code
  }

  fileprivate func remove(at index: Int) -> Int32 {
    guard index < Int(pointee.AceCount), let start = offset(ofEntry: index),
      let next = offset(ofEntry: index + 1), let end = offset(ofEntry: Int(pointee.AceCount))
    else { return NTStatus.invalidParameter.code }
    memmove(raw + start, raw + next, end - next)
    memset(raw + start + (end - next), 0, next - start)
    pointee.AceCount &-= 1
    return NTStatus.success.code
  }
}

@c(r3_RtlCreateAcl)
package func rtlCreateAcl(_ acl: AclPointer, _ size: UInt32, _ revision: UInt32) -> Int32 {
  guard size >= 8 else { return NTStatus.bufferTooSmall.code }
  guard (2...4).contains(revision), size <= 0xFFFF else { return NTStatus.invalidParameter.code }
  acl.pointee = ACL()
  acl.pointee.AclRevision = UInt8(revision)
  acl.pointee.AclSize = UInt16(size & ~3)
  return NTStatus.success.code
}

@c(r3_RtlValidAcl)
package func rtlValidAcl(_ acl: AclPointer?) -> UInt8 {
  guard let acl, acl.hasValidHead else { return 0 }
  return (acl.offset(ofEntry: Int(acl.pointee.AceCount)) != nil).boolean
}

@c(r3_RtlAddAccessAllowedAce)
package func rtlAddAccessAllowedAce(
  _ acl: AclPointer, _ revision: UInt32, _ mask: UInt32, _ sid: SidPointer
) -> Int32 {
  acl.add(type: 0, flags: 0, revision: revision, mask: mask, sid)
}

@c(r3_RtlAddAccessAllowedAceEx)
package func rtlAddAccessAllowedAceEx(
  _ acl: AclPointer, _ revision: UInt32, _ flags: UInt32, _ mask: UInt32, _ sid: SidPointer
) -> Int32 {
  acl.add(type: 0, flags: flags, revision: revision, mask: mask, sid)
}

@c(r3_RtlAddAccessDeniedAce)
package func rtlAddAccessDeniedAce(
  _ acl: AclPointer, _ revision: UInt32, _ mask: UInt32, _ sid: SidPointer
) -> Int32 {
  acl.add(type: 1, flags: 0, revision: revision, mask: mask, sid)
}

@c(r3_RtlAddAccessDeniedAceEx)
package func rtlAddAccessDeniedAceEx(
  _ acl: AclPointer, _ revision: UInt32, _ flags: UInt32, _ mask: UInt32, _ sid: SidPointer
) -> Int32 {
  acl.add(type: 1, flags: flags, revision: revision, mask: mask, sid)
}

/// Inserts ready entries before an index; one that is too high means behind the last.
@c(r3_RtlAddAce)
package func rtlAddAce(
  _ acl: AclPointer, _ revision: UInt32, _ index: UInt32, _ entries: UnsafeRawPointer,
  _ byteCount: UInt32
) -> Int32 {
  guard rtlValidAcl(acl) != 0 else { return NTStatus.invalidParameter.code }
  var offset = 0
  var count = 0
  while offset < Int(byteCount) {
    guard offset + 4 <= Int(byteCount) else { return NTStatus.invalidParameter.code }
    let size = Int((entries + offset + 2).loadUnaligned(as: UInt16.self))
    guard size >= 4, offset + size <= Int(byteCount) else {
      return NTStatus.invalidParameter.code
    }
    offset += size
    count += 1
  }
  return acl.insert(entries, byteCount: Int(byteCount), count: count, at: index)
}

@c(r3_RtlGetAce)
package func rtlGetAce(
  _ acl: AclPointer, _ index: UInt32, _ entry: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> Int32 {
  guard acl.hasValidHead, index < UInt32(acl.pointee.AceCount),
    let offset = acl.offset(ofEntry: Int(index))
  else { return NTStatus.invalidParameter.code }
  entry.pointee = UnsafeMutableRawPointer(acl) + offset
  return NTStatus.success.code
}

@c(r3_RtlDeleteAce)
package func rtlDeleteAce(_ acl: AclPointer, _ index: UInt32) -> Int32 {
  guard rtlValidAcl(acl) != 0 else { return NTStatus.invalidParameter.code }
  return acl.remove(at: Int(index))
}
