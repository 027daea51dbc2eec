import CRing3
import DriverBuild
import Glibc
import Image
import Machine
import Testing

@Suite("Privileged instructions in a driver")
struct PrivilegedTests {
  private let test: TestMachine

  init() throws { test = try TestMachine(TestImage.seh(.speed)) }

  private func subject(_ record: BugCheckRecord) -> String {
    record.subject.map { String(cString: $0) } ?? ""
  }

  @Test("CR8 is the level: read and written")
  func level() throws {
    #expect(try test.call("readsLevel") == 0)
    #expect(try test.call("setsLevel", 1) == 11230)
    #expect(try test.call("setsLevel", 2) == 21230)
  }

  @Test("cli, sti, hlt, wbinvd and invlpg do nothing harmful")
  func interrupts() throws {
    #expect(try test.call("interrupts") == 1)
  }

  @Test("Model-specific registers are read; unknown ones raise")
  func modelRegisters() throws {
    #expect(try test.call("readsModelRegister", 0xC000_0080) == 0xD01)
    #expect(try test.call("readsModelRegister", 0x1234_5678) == 0xC000_0005)
  }

  @Test("CR0 and CR3 are read, and written with what was read")
  func controlRegisters() throws {
    #expect(try test.call("readsControl") == 0x8005_0033)
  }

  @Test("Taking write protection away is a bug check that names the instruction")
  func writesControl() throws {
    let record = try test.bugCheck("writesControl")
    #expect(record.code == 0x1E)
    #expect(record.parameters.0 == 0xC000_0096)
    #expect(subject(record) == "mov to cr0")
  }

  @Test("A port access without a device is a bug check that names the port")
  func portWithoutDevice() throws {
    let record = try test.bugCheck("readsPort", 0x3F8)
    #expect(record.code == 0x1E)
    #expect(record.parameters.2 == 0x3F8)
    #expect(subject(record) == "in")
  }

  @Test("A port access goes to the device")
  func port() throws {
    test.machine.exceptions.pointee.accessPort = { access in
      guard access.pointee.port == 0x60 else { return access.pointee.value == 0x1234_5678 }
      access.pointee.value = 0x5A
      return access.pointee.size == 1
    }
    #expect(try test.call("readsPort", 0x60) == 0xAABB_CC5A)
    #expect(try test.call("writesPort", 0x61, 0x1234_5678) == 1)
  }

  @Test("KUSER_SHARED_DATA is read at its fixed address, in all widths")
  func sharedData() throws {
    let page = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { page.deallocate() }
    page.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
    page.storeBytes(of: 0x1122_3344_5566_7788, toByteOffset: 0x14, as: UInt64.self)
    test.machine.exceptions.pointee.sharedUserData = UInt64(UInt(bitPattern: page))
    #expect(
      try test.call("readsSharedData", 0x14) == 0x1122_3344_5566_7788 + 0x5566_7788 + 0x88)
    let none = try TestImage.seh(.none)
    let other = try TestMachine(none)
    other.machine.exceptions.pointee.sharedUserData = UInt64(UInt(bitPattern: page))
    #expect(
      try other.call("readsSharedData", 0x14) == 0x1122_3344_5566_7788 + 0x5566_7788 + 0x88)
  }

  @Test("A write to KUSER_SHARED_DATA is bug check 0xBE")
  func writesSharedData() throws {
    #expect(try test.bugCheck("writesSharedData", 0x14).code == 0xBE)
  }
}
