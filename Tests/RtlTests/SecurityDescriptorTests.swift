import NTTypes
import Rtl
import Testing

/// Security descriptors as values, and their text.
@Suite struct SecurityDescriptorTests {
  @Test(
    "Text goes to a value and back",
    arguments: [
      "D:P(A;;GA;;;SY)(A;;GA;;;BA)",
      "D:P(A;;GA;;;SY)(A;;GXGWGR;;;BA)(A;;GXGWGR;;;WD)(A;;GXGR;;;RC)",
      "D:P",
      "D:NO_ACCESS_CONTROL",
      "O:BAG:SYD:(D;;GA;;;AN)(A;OICI;FA;;;BU)",
      "D:P(A;;0x1200a9;;;S-1-5-21-1-2-3-500)S:(ML;;0x1;;;LW)",
      "O:S-1-5-21-1-2-3-500D:(A;;FR;;;WD)",
    ])
  func roundTrip(text: String) throws {
    let descriptor = try SecurityDescriptor(sddl: text)
    #expect(descriptor.sddl == text)
    #expect(SecurityDescriptor(selfRelative: descriptor.selfRelativeBytes) == descriptor)
  }

  @Test("Case and spaces do not matter")
  func spelling() throws {
    let expected = try SecurityDescriptor(sddl: "O:BAD:P(A;OI;GA;;;SY)")
    let loose = try SecurityDescriptor(sddl: " o:ba d:p( a ; oi ; ga ;;; sy ) ")
    #expect(loose == expected)
  }

  @Test("The parts of an entry")
  func parts() throws {
    let descriptor = try SecurityDescriptor(sddl: "D:P(D;CIIO;GRWD0;;;WD)".replacing("0", with: ""))
    #expect(descriptor.isProtected)
    let entry = try #require(descriptor.dacl?.first)
    #expect(entry.kind == .deny)
    #expect(entry.flags == 0x0A)
    #expect(entry.rights == [.genericRead, .writeDACL])
    #expect(entry.identifier == .everyone)
    let label = try SecurityDescriptor(sddl: "S:(ML;;NWNR;;;HI)").sacl?.first
    #expect(label?.rights.rawValue == 3)
    #expect(label?.identifier == SecurityIdentifier(authority: 16, 12288))
  }

  @Test(
    "Mistakes are named with their place",
    arguments: [
      ("X:P", 0), ("D:P(A;;GA;;;SY", 14), ("D:P(Q;;GA;;;SY)", 5), ("D:P(A;;ZZ;;;SY)", 7),
      ("D:P(A;;GA;;;XX)", 12), ("D:Z(A;;GA;;;SY)", 3), ("D:PD:P", 3), ("O:", 2),
      ("D:(A;;0xFFFFFFFFF;;;SY)", 17), ("D:(OA;;GA;x;;SY)", 5), ("D(A;;GA;;;SY)", 1),
      ("D:(A;XX;GA;;;SY)", 5),
    ])
  func mistakes(text: String, position: Int) {
    let error = #expect(throws: SDDLError.self) { try SecurityDescriptor(sddl: text) }
    #expect(error?.position == position, "\(text): \(error.map(String.init(describing:)) ?? "")")
  }

  @Test(
    "Identifiers as text",
    arguments: [
      ("SY", "S-1-5-18"), ("ba", "S-1-5-32-544"), ("S-1-1-0", "S-1-1-0"),
      ("S-1-0xFFFFFFFFFFFF-1", "S-1-0xffffffffffff-1"),
    ])
  func identifiers(text: String, full: String) throws {
    let identifier = try #require(SecurityIdentifier(text))
    #expect(identifier.description == full)
    #expect(SecurityIdentifier(bytes: identifier.bytes) == identifier)
  }

  @Test(
    "What is no identifier",
    arguments: [
      "", "S", "S-1", "S-2-5-18", "S-1-5-4294967296", "S-1-5--1", "S-1-x", "S-1-5-+1",
      "S-1-5" + String(repeating: "-1", count: 16),
    ])
  func noIdentifiers(text: String) { #expect(SecurityIdentifier(text) == nil) }

  static let administrator: [SecurityIdentifier] = [
    .administrators, .users, .everyone, .authenticatedUsers,
  ]
  static let user: [SecurityIdentifier] = [.users, .everyone, .authenticatedUsers]

  @Test("Access is what the entries say in their order")
  func access() throws {
    let closed = try SecurityDescriptor(sddl: "D:P(A;;GA;;;SY)(A;;GA;;;BA)")
    #expect(closed.access(.genericAll, for: Self.administrator)?.rawValue == 0x1F01FF)
    #expect(closed.access([.readData], for: Self.user) == nil)
    #expect(closed.access([], for: Self.user) == [])
    #expect(closed.access(.maximumAllowed, for: Self.user) == nil)
    let open = SecurityDescriptor.deviceDefault
    #expect(open.access([.genericRead, .genericWrite], for: Self.user)?.rawValue == 0x12019F)
    #expect(open.access(.writeDACL, for: Self.user) == nil)
    #expect(open.access(.maximumAllowed, for: Self.user)?.rawValue == 0x1201BF)
    let denied = try SecurityDescriptor(sddl: "D:(D;;GW;;;BU)(A;;GA;;;WD)")
    #expect(denied.access(.readData, for: Self.user) == .readData)
    #expect(denied.access(.writeData, for: Self.user) == nil)
    #expect(denied.access(.writeData, for: [.everyone]) == .writeData)
    let allowedFirst = try SecurityDescriptor(sddl: "D:(A;;GA;;;WD)(D;;GW;;;BU)")
    #expect(allowedFirst.access(.writeData, for: Self.user) == .writeData)
    let inherited = try SecurityDescriptor(sddl: "D:(A;IO;GA;;;WD)")
    #expect(inherited.access(.readData, for: Self.user) == nil)
    let owned = try SecurityDescriptor(sddl: "O:BUD:")
    #expect(owned.access([.readControl, .writeDACL], for: Self.user) != nil)
    #expect(owned.access(.readData, for: Self.user) == nil)
    let everything = try SecurityDescriptor(sddl: "D:NO_ACCESS_CONTROL")
    #expect(everything.access(.genericAll, for: Self.user)?.rawValue == 0x1F01FF)
  }

  @Test("Bytes that do not hold together are refused, not opened to all")
  func damaged() throws {
    let whole = try SecurityDescriptor(sddl: "O:BAG:SYD:(A;;GA;;;SY)").selfRelativeBytes
    for count in whole.indices {
      #expect(SecurityDescriptor(selfRelative: Array(whole[..<count])) == nil)
    }
    for index in whole.indices where index != 2 {
      for value in [UInt8(0x7F), 0xFF] {
        var bytes = whole
        bytes[index] = value
        if let damaged = SecurityDescriptor(selfRelative: bytes) { #expect(damaged.dacl != nil) }
      }
    }
  }
}
