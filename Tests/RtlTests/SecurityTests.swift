import CDriverKit
import NTTypes
import Rtl
import Testing

/// Identifiers, lists and descriptors in a driver's memory.
@Suite struct SecurityTests {
  let memory = TestMemory()

  private func sid(_ authority: UInt8, _ parts: UInt32...) -> SidPointer {
    let sid = UnsafeMutableRawPointer(memory.bytes(8 + parts.count * 4)).assumingMemoryBound(
      to: SID.self)
    var identifier = SID_IDENTIFIER_AUTHORITY()
    identifier.Value.5 = authority
    #expect(rtlInitializeSid(sid, memory.cell(identifier), UInt32(parts.count)) == 0)
    for (i, part) in parts.enumerated() { rtlSubAuthoritySid(sid, UInt32(i)).pointee = part }
    return sid
  }

  private func acl(_ size: UInt32) -> AclPointer {
    let acl = UnsafeMutableRawPointer(memory.bytes(Int(size))).assumingMemoryBound(to: ACL.self)
    #expect(rtlCreateAcl(acl, size, 2) == 0)
    return acl
  }

  @Test("Identifiers: length, equality, copies, text")
  func identifiers() throws {
    let admins = sid(5, 32, 544)
    #expect(rtlLengthSid(admins) == 16)
    #expect(rtlLengthRequiredSid(2) == 16)
    #expect(rtlValidSid(admins) == 1)
    #expect(rtlValidSid(nil) == 0)
    #expect(rtlSubAuthorityCountSid(admins).pointee == 2)
    #expect(rtlEqualSid(admins, sid(5, 32, 544)) == 1)
    #expect(rtlEqualSid(admins, sid(5, 32, 545)) == 0)
    #expect(rtlEqualPrefixSid(admins, sid(5, 32, 545)) == 1)
    #expect(rtlEqualSid(admins, sid(5, 32)) == 0)
    let copy = sid(0, 0, 0)
    #expect(NTStatus(code: rtlCopySid(15, copy, admins)) == .bufferTooSmall)
    #expect(rtlCopySid(16, copy, admins) == 0)
    #expect(rtlEqualSid(admins, copy) == 1)
    try inMachine { _ in
      let text = memory.cell(UNICODE_STRING())
      #expect(rtlConvertSidToUnicodeString(text, admins, 1) == 0)
      #expect(text.text == "S-1-5-32-544")
      rtlFreeUnicodeString(text)
    }
    let small = memory.unicode("", room: 10)
    #expect(NTStatus(code: rtlConvertSidToUnicodeString(small, admins, 0)) == .bufferOverflow)
    admins.pointee.Revision = 2
    #expect(rtlValidSid(admins) == 0)
  }

  @Test("Lists take entries until they are full")
  func lists() {
    let list = acl(8 + 20 + 24)
    let (system, admins) = (sid(5, 18), sid(5, 32, 544))
    #expect(rtlAddAccessAllowedAce(list, 2, 0x1000_0000, system) == 0)
    #expect(rtlAddAccessDeniedAceEx(list, 2, 0x10, 0x8000_0000, admins) == 0)
    #expect(list.pointee.AceCount == 2)
    #expect(rtlValidAcl(list) == 1)
    let full = NTStatus(code: rtlAddAccessAllowedAce(list, 2, 1, system))
    #expect(full == NTStatus(bits: 0xC000_0099))
    let entry = memory.cell(UnsafeMutableRawPointer?.none)
    #expect(rtlGetAce(list, 1, entry) == 0)
    let ace = entry.pointee?.assumingMemoryBound(to: ACCESS_DENIED_ACE.self).pointee
    #expect(ace?.Header.AceType == 1)
    #expect(ace?.Header.AceFlags == 0x10)
    #expect(ace?.Header.AceSize == 24)
    #expect(ace?.Mask == 0x8000_0000)
    #expect(rtlGetAce(list, 2, entry) != 0)
    #expect(rtlDeleteAce(list, 0) == 0)
    #expect(rtlGetAce(list, 0, entry) == 0)
    #expect(entry.pointee?.load(as: UInt8.self) == 1)
    #expect(rtlDeleteAce(list, 1) != 0)
  }

  @Test("Ready entries are inserted before an index")
  func readyEntries() {
    let (source, target) = (acl(100), acl(100))
    #expect(rtlAddAccessAllowedAce(source, 2, 1, sid(5, 18)) == 0)
    #expect(rtlAddAccessAllowedAce(source, 2, 2, sid(1, 0)) == 0)
    let entries = UnsafeMutableRawPointer(source) + 8
    #expect(rtlAddAccessAllowedAce(target, 2, 3, sid(5, 11)) == 0)
    #expect(rtlAddAce(target, 2, 0, entries, 40) == 0)
    #expect(rtlAddAce(target, 2, .max, entries, 20) == 0)
    let entry = memory.cell(UnsafeMutableRawPointer?.none)
    let masks = (0..<4).map { index in
      #expect(rtlGetAce(target, UInt32(index), entry) == 0)
      return entry.pointee?.load(fromByteOffset: 4, as: UInt32.self)
    }
    #expect(masks == [1, 2, 3, 1])
    #expect(rtlAddAce(target, 2, 0, entries, 19) != 0)
  }

  @Test("A list whose entries leave it is not valid")
  func invalidLists() {
    let list = acl(28)
    #expect(rtlAddAccessAllowedAce(list, 2, 1, sid(5, 18)) == 0)
    UnsafeMutableRawPointer(list).storeBytes(of: 24, toByteOffset: 10, as: UInt16.self)
    #expect(rtlValidAcl(list) == 0)
    #expect(rtlValidAcl(nil) == 0)
    #expect(rtlCreateAcl(list, 7, 2) != 0)
    #expect(rtlCreateAcl(list, 28, 5) != 0)
  }

  @Test("Descriptors hold their parts, and pack into one block")
  func descriptors() {
    let descriptor = memory.cell(SECURITY_DESCRIPTOR())
    #expect(rtlCreateSecurityDescriptor(descriptor, 2) != 0)
    #expect(rtlCreateSecurityDescriptor(descriptor, 1) == 0)
    #expect(rtlLengthSecurityDescriptor(descriptor) == 40)
    let list = acl(28)
    #expect(rtlAddAccessAllowedAce(list, 2, 1, sid(5, 18)) == 0)
    #expect(rtlSetDaclSecurityDescriptor(descriptor, 1, list, 0) == 0)
    #expect(rtlSetOwnerSecurityDescriptor(descriptor, sid(5, 32, 544), 1) == 0)
    #expect(rtlSetGroupSecurityDescriptor(descriptor, sid(5, 18), 0) == 0)
    #expect(rtlValidSecurityDescriptor(descriptor) == 1)
    #expect(rtlLengthSecurityDescriptor(descriptor) == 40 + 28 + 16 + 12)
    let size = memory.cell(UInt32(10))
    let needed = NTStatus(code: rtlAbsoluteToSelfRelativeSD(descriptor, nil, size))
    #expect(needed == .bufferTooSmall)
    #expect(size.pointee == 76)
    let block = UnsafeMutableRawPointer(memory.bytes(76))
    #expect(rtlAbsoluteToSelfRelativeSD(descriptor, block, size) == 0)
    let packed = block.assumingMemoryBound(to: SECURITY_DESCRIPTOR.self)
    #expect(rtlValidSecurityDescriptor(packed) == 1)
    #expect(rtlValidRelativeSecurityDescriptor(packed, 76, 7) == 1)
    #expect(rtlValidRelativeSecurityDescriptor(packed, 75, 7) == 0)
    #expect(rtlValidRelativeSecurityDescriptor(packed, 76, 8) == 0)
    #expect(rtlLengthSecurityDescriptor(packed) == 76)
    let (present, defaulted) = (memory.cell(UInt8(9)), memory.cell(UInt8(9)))
    let found = memory.cell(AclPointer?.none)
    #expect(rtlGetDaclSecurityDescriptor(packed, present, found, defaulted) == 0)
    #expect(present.pointee == 1)
    #expect(found.pointee?.pointee.AceCount == 1)
    let owner = memory.cell(SidPointer?.none)
    #expect(rtlGetOwnerSecurityDescriptor(packed, owner, defaulted) == 0)
    #expect(defaulted.pointee == 1)
    #expect(owner.pointee.map { rtlEqualSid($0, sid(5, 32, 544)) } == 1)
    #expect(rtlSetOwnerSecurityDescriptor(packed, nil, 0) != 0)
    #expect(rtlAbsoluteToSelfRelativeSD(packed, block, size) != 0)
  }

  @Test("Generic rights become those of the type")
  func genericRights() {
    let mapping = memory.cell(
      GENERIC_MAPPING(GenericRead: 1, GenericWrite: 2, GenericExecute: 4, GenericAll: 7))
    let mask = memory.cell(UInt32(0xC000_0100))
    rtlMapGenericMask(mask, mapping)
    #expect(mask.pointee == 0x103)
  }
}
