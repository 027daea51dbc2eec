import NTTypes
import Testing

@Suite struct IoControlCodeTests {
  @Test("a control code is put together and taken apart as CTL_CODE does")
  func parts() {
    let code = IoControlCode(
      deviceType: .unknown, function: 0x801, method: .outDirect, access: [.read, .write])
    #expect(code.bits == 0x22E006)
    #expect(code.deviceType == .unknown)
    #expect(code.function == 0x801)
    #expect(code.method == .outDirect)
    #expect(code.access == [.read, .write])
    #expect(code.explanation.contains("FILE_DEVICE_UNKNOWN, function 0x801, METHOD_OUT_DIRECT"))
  }

  @Test(
    "a control code is read from text",
    arguments: [
      ("0x222000", UInt32(0x222000)), ("0X22e006", 0x22E006), ("2236416", 0x222000),
      ("", nil), ("0x", nil), ("222000h", nil), ("+5", nil), ("0x+5", nil), ("4294967296", nil),
    ])
  func reading(text: String, bits: UInt32?) {
    #expect(IoControlCode(text)?.bits == bits)
  }
}

@Suite struct AccessMaskTests {
  @Test("the generic rights of a file are the documented numbers")
  func fileRights() {
    #expect(AccessMask.fileGenericRead.rawValue == 0x120089)
    #expect(AccessMask.fileGenericWrite.rawValue == 0x120116)
    #expect(AccessMask.fileGenericExecute.rawValue == 0x1200A0)
    #expect(AccessMask.genericRead.mapped(by: .file) == .fileGenericRead)
    #expect(AccessMask.genericAll.mapped(by: .file).rawValue == 0x1F01FF)
    #expect(
      (AccessMask.genericRead.union(.genericWrite)).mapped(by: .file).rawValue == 0x12019F)
    #expect(AccessMask.readData.mapped(by: .file) == .readData)
  }
}

@Suite struct GUIDTests {
  @Test("a GUID survives text and bytes")
  func roundTrip() throws {
    let text = "{4d36e97d-e325-11ce-bfc1-08002be10318}"
    let guid = try #require(GUID(text))
    #expect(guid.description == text)
    #expect(
      guid.bytes == [
        0x7D, 0xE9, 0x36, 0x4D, 0x25, 0xE3, 0xCE, 0x11, 0xBF, 0xC1, 0x08, 0, 0x2B, 0xE1, 3, 0x18,
      ])
    #expect(GUID(bytes: guid.bytes) == guid)
    #expect(GUID("4D36E97D-E325-11CE-BFC1-08002BE10318") == guid)
  }

  @Test(
    "malformed GUIDs are refused",
    arguments: [
      "", "{", "{}", "4d36e97d", "{4d36e97d-e325-11ce-bfc1-08002be10318",
      "+d36e97d-e325-11ce-bfc1-08002be10318", "4d36e97de-325-11ce-bfc1-08002be10318",
      "４d36e97d-e325-11ce-bfc1-08002be10318",
    ])
  func malformed(text: String) {
    #expect(GUID(text) == nil)
  }
}

@Suite struct PoolTagTests {
  @Test("a tag reads in the order that memory shows")
  func order() {
    #expect(PoolTag(text: "Fred")?.rawValue == 0x6465_7246)
    #expect(PoolTag(rawValue: 0x6465_7246).description == "Fred")
    #expect(("Fred" as PoolTag) == PoolTag(text: "Fred"))
    #expect(PoolTag(text: "Io")?.description == "Io  ")
    #expect(PoolTag(rawValue: 0x0041_4243).description == "CBA.")
    #expect(!PoolTag(rawValue: 0x0041_4243).isPrintable)
    #expect(PoolTag(text: "") == nil)
    #expect(PoolTag(text: "Freda") == nil)
    #expect(PoolTag(text: "é") == nil)
  }
}

@Suite struct SmallValueTests {
  @Test("major functions have their Windows names")
  func majorFunctions() {
    #expect(MajorFunction.read.name == "IRP_MJ_READ")
    #expect(MajorFunction.deviceControl.name == "IRP_MJ_DEVICE_CONTROL")
    #expect(MajorFunction.maximum.name == "IRP_MJ_PNP")
    #expect(MajorFunction(rawValue: 0x1C).name == nil)
    #expect(MajorFunction(rawValue: 0xFF).description == "major function 0xFF")
  }

  @Test("interrupt request levels are ordered and named")
  func levels() {
    #expect(Irql.passive < .apc && Irql.apc < .dispatch && Irql.dispatch < .device)
    #expect(Irql.dispatch.description == "DISPATCH_LEVEL")
    #expect(Irql(rawValue: 5).description == "DIRQL 5")
    #expect(Irql(rawValue: 99).description == "IRQL 99")
  }

  @Test("transfer methods are the low two bits of a control code")
  func methods() {
    #expect(TransferMethod.allCases.map(\.rawValue) == [0, 1, 2, 3])
    #expect(TransferMethod.neither.description == "METHOD_NEITHER")
  }
}
