import CDriverKit
import NTTypes
import Rtl
import Testing

/// Counted strings: initialising, copying, appending, comparing, hashing.
@Suite struct UnicodeStringTests {
  let memory = TestMemory()

  @Test("RtlInitUnicodeString counts bytes, and NULL is empty")
  func initialization() {
    let string = memory.cell(UNICODE_STRING())
    let text = memory.wide("Abc")
    rtlInitUnicodeString(string, text)
    #expect(string.pointee.Length == 6)
    #expect(string.pointee.MaximumLength == 8)
    #expect(string.pointee.Buffer == text)
    rtlInitUnicodeString(string, nil)
    #expect(string.pointee.Length == 0)
    #expect(string.pointee.MaximumLength == 0)
    #expect(string.pointee.Buffer == nil)
    let ansi = memory.cell(STRING())
    rtlInitAnsiString(ansi, memory.narrow("Abc"))
    #expect(ansi.pointee.Length == 3)
    #expect(ansi.pointee.MaximumLength == 4)
  }

  @Test(
    "Text that is too long is cut off, or refused by the Ex form",
    arguments: [
      (32766, 0xFFFC, NTStatus.success), (32767, 0xFFFC, .nameTooLong),
      (40000, 0xFFFC, .nameTooLong),
    ])
  func longText(count: Int, length: UInt16, status: NTStatus) {
    let text = memory.wide([UInt16](repeating: 0x61, count: count))
    let string = memory.cell(UNICODE_STRING())
    rtlInitUnicodeString(string, text)
    #expect(string.pointee.Length == length)
    #expect(string.pointee.MaximumLength == 0xFFFE)
    #expect(NTStatus(code: rtlInitUnicodeStringEx(string, text)) == status)
  }

  @Test(
    "RtlCopyUnicodeString copies what fits and terminates when there is room",
    arguments: [
      ("abc", 10, "abc", true), ("abc", 6, "abc", false), ("abc", 4, "ab", false),
      ("", 4, "", true),
    ])
  func copying(source: String, room: Int, copied: String, isTerminated: Bool) {
    let target = memory.unicode("", room: room)
    rtlCopyUnicodeString(target, memory.unicode(source))
    #expect(target.text == copied)
    #expect((target.pointee.Buffer[copied.utf16.count] == 0) == isTerminated)
    rtlCopyUnicodeString(target, nil)
    #expect(target.pointee.Length == 0)
  }

  @Test(
    "Appending is all or nothing",
    arguments: [
      (12, "abcdef", NTStatus.success, true), (14, "abcdef", .success, false),
      (11, "abc", .bufferTooSmall, false), (6, "abc", .bufferTooSmall, false),
    ])
  func appending(room: Int, result: String, status: NTStatus, isFull: Bool) {
    for way in 0..<2 {
      let target = memory.unicode("abc", room: room)
      let code =
        way == 0
        ? rtlAppendUnicodeToString(target, memory.wide("def"))
        : rtlAppendUnicodeStringToString(target, memory.unicode("def"))
      #expect(NTStatus(code: code) == status)
      #expect(target.text == result)
      #expect(target.pointee.Buffer[room / 2] == 0xEEEE)
      if status == .success, !isFull { #expect(target.pointee.Buffer[6] == 0) }
    }
    let unchanged = memory.unicode("abc", room: 6)
    #expect(rtlAppendUnicodeToString(unchanged, nil) == 0)
    #expect(rtlAppendUnicodeStringToString(unchanged, memory.unicode("")) == 0)
    #expect(unchanged.text == "abc")
  }

  struct Comparison: Sendable {
    let a: String
    let b: String
    let exact: Int32
    let caseless: Int32

    init(_ a: String, _ b: String, _ exact: Int32, _ caseless: Int32) {
      (self.a, self.b, self.exact, self.caseless) = (a, b, exact, caseless)
    }
  }

  @Test(
    "RtlCompareUnicodeString gives the difference of units, then of lengths",
    arguments: [
      Comparison("abc", "abc", 0, 0),
      Comparison("abc", "ABC", 32, 0),
      Comparison("abc", "abd", -1, -1),
      Comparison("abc", "ab", 2, 2),
      Comparison("", "ab", -4, -4),
      Comparison("É", "é", -32, 0),
      Comparison("я", "Я", 32, 0),
      Comparison("Σ", "ς", -31, 0),
      Comparison("ı", "I", 0x131 - 0x49, 0x131 - 0x49),
      Comparison("ÿ", "Ÿ", 0xFF - 0x178, 0),
      Comparison("µ", "Μ", 0xB5 - 0x39C, 0xB5 - 0x39C),
      Comparison("_", "a", 0x5F - 0x61, 0x5F - 0x41),
    ])
  func comparing(_ example: Comparison) {
    let (a, b) = (memory.unicode(example.a), memory.unicode(example.b))
    #expect(rtlCompareUnicodeString(a, b, 0) == example.exact)
    #expect(rtlCompareUnicodeString(a, b, 1) == example.caseless)
    #expect(rtlCompareUnicodeString(b, a, 1) == -example.caseless)
    #expect(rtlEqualUnicodeString(a, b, 0) == (example.exact == 0 ? 1 : 0))
    #expect(rtlEqualUnicodeString(a, b, 1) == (example.caseless == 0 ? 1 : 0))
    // Only the low byte of a BOOLEAN argument means something.
    #expect(rtlEqualUnicodeString(a, b, 0xABCD_EF00) == (example.exact == 0 ? 1 : 0))
  }

  @Test("Prefixes and suffixes")
  func prefixes() {
    let path = memory.unicode("\\Device\\Echo")
    #expect(rtlPrefixUnicodeString(memory.unicode("\\device"), path, 1) == 1)
    #expect(rtlPrefixUnicodeString(memory.unicode("\\device"), path, 0) == 0)
    #expect(rtlPrefixUnicodeString(memory.unicode(""), path, 0) == 1)
    #expect(rtlPrefixUnicodeString(memory.unicode("\\Device\\Echo0"), path, 0) == 0)
    #expect(rtlSuffixUnicodeString(memory.unicode("echo"), path, 1) == 1)
    #expect(rtlSuffixUnicodeString(memory.unicode("echo"), path, 0) == 0)
    #expect(rtlPrefixString(memory.ansi("AB"), memory.ansi("abc"), 1) == 1)
    #expect(rtlCompareString(memory.ansi("b"), memory.ansi("A"), 1) == 1)
    #expect(rtlEqualString(memory.ansi([0xE9]), memory.ansi([0xC9]), 1) == 1)
  }

  @Test("The hash is that of X65599")
  func hashing() {
    let hash = memory.cell(UInt32(0))
    var expected: UInt32 = 0
    for unit in "ECHO".utf16 { expected = expected &* 65599 &+ UInt32(unit) }
    #expect(rtlHashUnicodeString(memory.unicode("echo"), 1, 0, hash) == 0)
    #expect(hash.pointee == expected)
    #expect(rtlHashUnicodeString(memory.unicode("ECHO"), 0, 1, hash) == 0)
    #expect(hash.pointee == expected)
    let refused = rtlHashUnicodeString(memory.unicode("echo"), 1, 2, hash)
    #expect(NTStatus(code: refused) == .invalidParameter)
  }

  @Test(
    "RtlFindCharInUnicodeString",
    arguments: [
      (UInt32(0), "\\", UInt16(2)), (1, "\\", 14), (0, "E", 4), (4, "D", 4), (2, "\\a", 4),
      (3, "ho", 18),
      (0, "?", 0),
    ])
  func finding(flags: UInt32, set: String, expected: UInt16) {
    let position = memory.cell(UInt16(0xFFFF))
    let path = memory.unicode(flags == 0 && set == "E" ? "aE" : "\\device\\Echo")
    let status = rtlFindCharInUnicodeString(flags, path, memory.unicode(set), position)
    #expect(NTStatus(code: status) == (set == "?" ? .notFound : .success))
    #expect(position.pointee == expected)
  }

  @Test("Upper and lower case of strings, in place and allocated")
  func mappingCase() throws {
    try inMachine { _ in
      let target = memory.unicode("", room: 20)
      let source = memory.unicode("aé€Яz")
      #expect(rtlUpcaseUnicodeString(target, source, 0) == 0)
      #expect(target.text == "AÉ€ЯZ")
      #expect(rtlDowncaseUnicodeString(target, target, 0) == 0)
      #expect(target.text == "aé€яz")
      let small = memory.unicode("", room: 8)
      let refused = NTStatus(code: rtlUpcaseUnicodeString(small, source, 0))
      #expect(refused == .bufferOverflow)
      let made = memory.cell(UNICODE_STRING())
      #expect(rtlUpcaseUnicodeString(made, source, 1) == 0)
      #expect(made.text == "AÉ€ЯZ")
      rtlFreeUnicodeString(made)
      #expect(made.pointee.Buffer == nil)
      #expect(made.pointee.MaximumLength == 0)
    }
  }

  @Test(
    "RtlDuplicateUnicodeString",
    arguments: [
      (UInt32(0), "abc", UInt16(6)), (1, "abc", 8), (3, "", 2), (1, "", 0), (0, "", 0),
    ])
  func duplicating(flags: UInt32, text: String, maximum: UInt16) throws {
    try inMachine { _ in
      let made = memory.cell(UNICODE_STRING())
      #expect(rtlDuplicateUnicodeString(flags, memory.unicode(text), made) == 0)
      #expect(made.pointee.MaximumLength == maximum)
      #expect((made.pointee.Buffer == nil) == (maximum == 0))
      if maximum > 0 {
        #expect(made.text == text)
        if flags & 1 != 0 { #expect(made.pointee.Buffer[text.utf16.count] == 0) }
      }
      rtlFreeUnicodeString(made)
      let refused = NTStatus(code: rtlDuplicateUnicodeString(4, memory.unicode("a"), made))
      #expect(refused == .invalidParameter)
    }
  }

  @Test("A string with odd lengths or without its buffer is not valid")
  func validation() {
    var string = UNICODE_STRING()
    #expect(rtlValidateUnicodeString(0, memory.cell(string)) == 0)
    string.MaximumLength = 2
    #expect(rtlValidateUnicodeString(0, memory.cell(string)) != 0)
    string.Buffer = memory.wide("a")
    #expect(rtlValidateUnicodeString(0, memory.cell(string)) == 0)
    string.Length = 1
    #expect(rtlValidateUnicodeString(0, memory.cell(string)) != 0)
    string.Length = 4
    #expect(rtlValidateUnicodeString(0, memory.cell(string)) != 0)
    #expect(rtlValidateUnicodeString(0, nil) == 0)
    #expect(rtlValidateUnicodeString(1, nil) != 0)
  }
}
