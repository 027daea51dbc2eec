import CDriverKit
import NTTypes
import Rtl
import Testing

/// Conversions between character sets, numbers and GUIDs.
@Suite struct ConversionTests {
  let memory = TestMemory()

  @Test("The case tables agree with Unicode where the way back leads to the same character")
  func caseTables() {
    for unit in UInt16.min ... .max {
      guard let scalar = Unicode.Scalar(unit), !(0x10D0...0x10FF).contains(unit) else {
        #expect(CaseMapping.upcase(unit) == unit)
        continue
      }
      let upper = CaseMapping.upcase(unit)
      let mapping = Array(scalar.properties.uppercaseMapping.utf16)
      // Letters younger than the table, or with longer capitals, may keep their case.
      if upper != unit, mapping.count == 1 { #expect(mapping == [upper]) }
      if upper != unit, unit != 0x3C2 { #expect(CaseMapping.downcase(upper) == unit) }
      #expect(CaseMapping.upcase(upper) == upper)
    }
    #expect(CaseMapping.upcase(0x3C2) == 0x3A3)
    #expect(CaseMapping.upcase(0x1C5) == 0x1C5)
    #expect(CaseMapping.upcase(0x1C6) == 0x1C4)
    #expect(CaseMapping.upcase(0x131) == 0x131)
    #expect(CaseMapping.downcase(0x130) == 0x130)
    #expect(CaseMapping.upcase(0xDF) == 0xDF)
    #expect(CaseMapping.upcase(0xF7) == 0xF7)
    #expect(CaseMapping.upcase(0xFF41) == 0xFF21)
  }

  @Test("Every byte of both code pages goes to UTF-16 and back")
  func codePages() {
    for byte in UInt8.min ... .max {
      #expect(CodePage.ansi.byte(of: CodePage.ansi.unit(of: byte)) == byte)
      #expect(CodePage.oem.byte(of: CodePage.oem.unit(of: byte)) == byte)
    }
    #expect(CodePage.ansi.unit(of: 0x80) == 0x20AC)
    #expect(CodePage.oem.unit(of: 0x80) == 0xC7)
    #expect(CodePage.ansi.byte(of: 0x4E00) == nil)
    #expect(rtlUpperChar(0xE9) == 0xC9)
    #expect(rtlUpperChar(0xFF) == 0x9F)
    #expect(rtlUpperChar(0xB5) == 0xB5)
  }

  @Test(
    "The N functions convert what fits",
    arguments: [
      (UInt32(8), UInt32(6), NTStatus.success), (4, 4, .bufferOverflow), (5, 4, .bufferOverflow),
    ])
  func counted(capacity: UInt32, size: UInt32, status: NTStatus) {
    let result = memory.cell(UInt32(0))
    let units = memory.units(8)
    let code = rtlMultiByteToUnicodeN(units, capacity, result, memory.narrow("abc"), 3)
    #expect(NTStatus(code: code) == status)
    #expect(result.pointee == size)
    let bytes = memory.bytes(8)
    let back = rtlUnicodeToMultiByteN(bytes, capacity / 2, result, memory.wide("abc"), 6)
    #expect(NTStatus(code: back) == status)
    #expect(result.pointee == size / 2)
    #expect(rtlUpcaseUnicodeToOemN(bytes, 8, result, memory.wide("é"), 2) == 0)
    #expect(bytes[0] == 0x90)
  }

  @Test(
    "RtlAnsiStringToUnicodeString needs room for a terminator",
    arguments: [
      (8, NTStatus.success), (7, .bufferOverflow), (6, .bufferOverflow), (0, .bufferOverflow),
    ])
  func ansiToUnicode(room: Int, status: NTStatus) {
    let target = memory.unicode("", room: room)
    let code = rtlAnsiStringToUnicodeString(target, memory.ansi("abc"), 0)
    #expect(NTStatus(code: code) == status)
    #expect(target.text == (status == .success ? "abc" : ""))
    if status == .success { #expect(target.pointee.Buffer[3] == 0) }
  }

  @Test(
    "RtlUnicodeStringToAnsiString cuts off and says so",
    arguments: [
      (4, "abc", NTStatus.success), (3, "ab", .bufferOverflow), (1, "", .bufferOverflow),
      (0, "", .bufferOverflow),
    ])
  func unicodeToAnsi(room: Int, result: String, status: NTStatus) {
    let target = memory.ansi("", room: room)
    let code = rtlUnicodeStringToAnsiString(target, memory.unicode("abc"), 0)
    #expect(NTStatus(code: code) == status)
    #expect(target.byteArray == Array(result.utf8))
    if room > 0 { #expect(target.pointee.Buffer[result.utf8.count] == 0) }
  }

  @Test("Allocated conversions, their sizes, and freeing them")
  func allocated() throws {
    try inMachine { _ in
      let wide = memory.cell(UNICODE_STRING())
      #expect(rtlAnsiStringToUnicodeString(wide, memory.ansi([0x61, 0x80]), 1) == 0)
      #expect(wide.text == "a€")
      #expect(wide.pointee.MaximumLength == 6)
      let narrow = memory.cell(STRING())
      #expect(rtlUnicodeStringToAnsiString(narrow, wide, 1) == 0)
      #expect(narrow.byteArray == [0x61, 0x80])
      #expect(narrow.pointee.MaximumLength == 3)
      #expect(rtlxUnicodeStringToAnsiSize(wide) == 3)
      #expect(rtlxAnsiStringToUnicodeSize(narrow) == 6)
      rtlFreeUnicodeString(wide)
      rtlFreeAnsiString(narrow)
      #expect(narrow.pointee.Buffer == nil)
      let counted = memory.ansi("", room: 2)
      #expect(rtlUnicodeStringToCountedOemString(counted, memory.unicode("ab"), 0) == 0)
      #expect(counted.byteArray == [0x61, 0x62])
      let long = memory.ansi([UInt8](repeating: 0x61, count: 40000))
      let refused = NTStatus(code: rtlAnsiStringToUnicodeString(wide, long, 1))
      #expect(refused == .invalidParameter2)
    }
  }

  @Test(
    "UTF-8 in good and bad form",
    arguments: [
      ([0x61, 0xC3, 0xA9], [0x61, 0xE9], true),
      ([0xE2, 0x82, 0xAC], [0x20AC], true),
      ([0xF0, 0x9F, 0x98, 0x80], [0xD83D, 0xDE00], true),
      ([0xFF, 0x61], [0xFFFD, 0x61], false),
      ([0xC0, 0x80], [0xFFFD, 0xFFFD], false),
      ([0xED, 0xA0, 0x80], [0xFFFD, 0xFFFD, 0xFFFD], false),
      ([0xE2, 0x82], [0xFFFD], false),
      ([0xE2, 0x82, 0x61], [0xFFFD, 0x61], false),
      ([0xF4, 0x90, 0x80, 0x80], [0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD], false),
    ] as [([UInt8], [UInt16], Bool)])
  func utf8(bytes: [UInt8], units: [UInt16], isValid: Bool) {
    let result = memory.cell(UInt32(0))
    let source = memory.narrow(bytes)
    let status: UInt32 = isValid ? 0 : 0x107
    #expect(
      UInt32(bitPattern: rtlUTF8ToUnicodeN(nil, 0, result, source, UInt32(bytes.count))) == status)
    #expect(Int(result.pointee) == units.count * 2)
    let target = memory.units(8)
    #expect(
      UInt32(bitPattern: rtlUTF8ToUnicodeN(target, 16, result, source, UInt32(bytes.count)))
        == status)
    #expect((0..<units.count).map { target[$0] } == units)
    guard isValid else { return }
    let back = memory.bytes(8)
    #expect(rtlUnicodeToUTF8N(back, 8, result, target, UInt32(units.count * 2)) == 0)
    #expect((0..<Int(result.pointee)).map { back[$0] } == bytes)
    let refused = rtlUnicodeToUTF8N(
      back, UInt32(bytes.count - 1), result, target, UInt32(units.count * 2))
    #expect(NTStatus(code: refused) == .bufferTooSmall)
  }

  @Test("UTF-8 strings, allocated and in place")
  func utf8Strings() throws {
    try inMachine { _ in
      let wide = memory.cell(UNICODE_STRING())
      #expect(rtlUTF8StringToUnicodeString(wide, memory.ansi("aé😀"), 1) == 0)
      #expect(wide.text == "aé😀")
      #expect(wide.pointee.MaximumLength == 10)
      let narrow = memory.ansi("", room: 8)
      #expect(rtlUnicodeStringToUTF8String(narrow, wide, 0) == 0)
      #expect(narrow.byteArray == Array("aé😀".utf8))
      #expect(narrow.pointee.Buffer[7] == 0)
      let small = memory.ansi("", room: 7)
      let refused = NTStatus(code: rtlUnicodeStringToUTF8String(small, wide, 0))
      #expect(refused == .bufferOverflow)
      rtlFreeUnicodeString(wide)
    }
  }

  @Test("A lone surrogate becomes U+FFFD")
  func surrogates() {
    let result = memory.cell(UInt32(0))
    let target = memory.bytes(8)
    let code = rtlUnicodeToUTF8N(target, 8, result, memory.wide([0xD83D, 0x61]), 4)
    #expect(code == 0x107)
    #expect((0..<4).map { target[$0] } == [0xEF, 0xBF, 0xBD, 0x61])
  }

  @Test(
    "Integers to strings",
    arguments: [
      (UInt32(0), UInt32(0), "0"), (1234, 10, "1234"), (0xBEEF, 16, "BEEF"), (8, 8, "10"),
      (5, 2, "101"),
    ])
  func integers(value: UInt32, base: UInt32, text: String) {
    let target = memory.unicode("", room: 20)
    #expect(rtlIntegerToUnicodeString(value, base, target) == 0)
    #expect(target.text == text)
    #expect(target.pointee.Buffer[text.utf16.count] == 0)
    #expect(rtlInt64ToUnicodeString(UInt64(value), base, target) == 0)
    #expect(target.text == text)
    let small = memory.unicode("", room: text.utf16.count * 2 - 2)
    #expect(NTStatus(code: rtlIntegerToUnicodeString(value, base, small)) == .bufferOverflow)
    #expect(NTStatus(code: rtlIntegerToUnicodeString(value, 7, target)) == .invalidParameter)
    let characters = memory.bytes(20)
    #expect(rtlIntegerToChar(value, base, 20, characters) == 0)
    #expect(characters.text == text)
  }

  @Test(
    "Strings to integers",
    arguments: [
      ("1234", 0, 1234), ("0x1F", 0, 31), ("0x1F", 16, 0), ("1F", 16, 31), ("0b11", 0, 3),
      ("0o17", 0, 15), (" \t-1", 10, 0xFFFF_FFFF), ("+5x", 10, 5), ("", 10, 0), ("x", 10, 0),
      ("4294967297", 10, 1),
    ] as [(String, UInt32, UInt32)])
  func parsing(text: String, base: UInt32, expected: UInt32) {
    let value = memory.cell(UInt32(99))
    #expect(rtlUnicodeStringToInteger(memory.unicode(text), base, value) == 0)
    #expect(value.pointee == expected)
    #expect(rtlCharToInteger(memory.narrow(text), base, value) == 0)
    #expect(value.pointee == expected)
    #expect(NTStatus(code: rtlCharToInteger(memory.narrow(text), 3, value)) == .invalidParameter)
  }

  @Test("GUIDs to text and back")
  func guids() throws {
    let text = "{00112233-4455-6677-8899-aabbccddeeff}"
    let bytes: [UInt8] = [
      0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
      0xFF,
    ]
    let guid = memory.bytes(16)
    #expect(rtlGUIDFromString(memory.unicode(text.uppercased()), guid) == 0)
    #expect((0..<16).map { guid[$0] } == bytes)
    try inMachine { _ in
      let made = memory.cell(UNICODE_STRING())
      #expect(rtlStringFromGUID(guid, made) == 0)
      #expect(made.text == text)
      #expect(made.pointee.MaximumLength == 78)
      rtlFreeUnicodeString(made)
    }
    for bad in [
      "", "{00112233-4455-6677-8899-aabbccddeef}", text.replacing("-", with: "_"), "x" + text,
      text.replacing("a", with: "g"),
    ] {
      let status = NTStatus(code: rtlGUIDFromString(memory.unicode(bad), guid))
      #expect(status == .invalidParameter, "\(bad)")
    }
  }
}
