import Rtl
import Testing

/// The reading text functions of the C runtime, for bytes and for units.
@Suite struct CrtStringTests {
  let memory = TestMemory()

  @Test("Lengths stop at the zero or at the limit")
  func lengths() {
    #expect(crtStrlen(memory.narrow("abc")) == 3)
    #expect(crtWcslen(memory.wide("")) == 0)
    #expect(crtStrnlen(memory.narrow("abc"), 2) == 2)
    #expect(crtWcsnlen(memory.wide("abc"), 9) == 3)
    #expect(crtStrnlen(nil, 9) == 0)
  }

  @Test(
    "Comparisons give -1, 0 or 1",
    arguments: [
      ("", "", 0), ("a", "", 1), ("a", "b", -1), ("abc", "abd", -1), ("B", "a", -1), ("é", "z", 1),
    ])
  func comparisons(a: String, b: String, expected: Int32) {
    #expect(crtStrcmp(memory.narrow(a), memory.narrow(b)) == expected)
    #expect(crtWcscmp(memory.wide(a), memory.wide(b)) == expected)
    #expect(crtStrcmp(memory.narrow(b), memory.narrow(a)) == -expected)
  }

  @Test(
    "Comparisons without case know ASCII letters only",
    arguments: [
      ("ABC", "abc", 0), ("abc", "ABD", -1), ("[", "a", -1), ("É", "é", -1), ("Z", "[", 1),
    ])
  func caseless(a: String, b: String, expected: Int32) {
    #expect(crtWcsicmp(memory.wide(a), memory.wide(b)) == expected)
    #expect(crtStricmp(memory.narrow(a), memory.narrow(b)) == expected)
  }

  @Test("Comparisons with a limit")
  func limited() {
    #expect(crtStrncmp(memory.narrow("abcd"), memory.narrow("abxx"), 2) == 0)
    #expect(crtStrncmp(memory.narrow("abcd"), memory.narrow("abxx"), 3) == -1)
    #expect(crtWcsncmp(memory.wide("a"), memory.wide("b"), 0) == 0)
    #expect(crtWcsnicmp(memory.wide("ABx"), memory.wide("aby"), 2) == 0)
    #expect(crtStrnicmp(memory.narrow("ab"), memory.narrow("AB"), 99) == 0)
  }

  @Test("Searches find the first, the last, the terminator or nothing")
  func searches() {
    let text = memory.narrow("hello")
    #expect(crtStrchr(text, 0x6C) == UnsafePointer(text + 2))
    #expect(crtStrrchr(text, 0x6C) == UnsafePointer(text + 3))
    #expect(crtStrchr(text, 0) == UnsafePointer(text + 5))
    #expect(crtStrrchr(text, 0) == UnsafePointer(text + 5))
    #expect(crtStrchr(text, 0x7A) == nil)
    #expect(crtStrchr(text, 0xFFFF_FF6C) == UnsafePointer(text + 2))
    let wide = memory.wide("hello")
    #expect(crtWcschr(wide, 0xABCD_006C) == UnsafePointer(wide + 2))
    #expect(crtWcsrchr(wide, 0x6C) == UnsafePointer(wide + 3))
    #expect(crtWcsrchr(wide, 0x7A) == nil)
  }

  @Test(
    "strstr finds a part",
    arguments: [
      ("hello", "l", 2), ("hello", "", 0), ("hello", "lo", 3), ("aaab", "aab", 1), ("", "", 0),
      ("hello", "lox", -1), ("", "a", -1),
    ])
  func parts(text: String, part: String, expected: Int) {
    let narrow = memory.narrow(text)
    #expect(
      crtStrstr(narrow, memory.narrow(part))
        == (expected < 0 ? nil : UnsafePointer(narrow + expected)))
    let wide = memory.wide(text)
    #expect(
      crtWcsstr(wide, memory.wide(part)) == (expected < 0 ? nil : UnsafePointer(wide + expected)))
  }

  @Test("Spans of a set")
  func spans() {
    #expect(crtStrspn(memory.narrow("aabbc"), memory.narrow("ab")) == 4)
    #expect(crtWcscspn(memory.wide("aabbc"), memory.wide("cb")) == 2)
    #expect(crtStrcspn(memory.narrow("abc"), memory.narrow("")) == 3)
    let text = memory.wide("key=value")
    #expect(crtWcspbrk(text, memory.wide("=:")) == UnsafePointer(text + 3))
    #expect(crtWcspbrk(text, memory.wide("?")) == nil)
  }

  @Test("Unchecked copies")
  func copies() {
    let room = memory.bytes(32)
    #expect(crtStrcpy(room, memory.narrow("abc")) == room)
    _ = crtStrcat(room, memory.narrow("def"))
    _ = crtStrncat(room, memory.narrow("ghi"), 2)
    #expect(room.text == "abcdefgh")
    _ = crtStrncpy(room, memory.narrow("xy"), 5)
    #expect((0..<7).map { room[$0] } == [0x78, 0x79, 0, 0, 0, 0x66, 0x67])
    let wide = memory.wide("Hello")
    #expect(crtWcsrev(crtWcsupr(wide)).text == "OLLEH")
    #expect(crtWcslwr(wide).text == "olleh")
    #expect(crtWcsnset(wide, 0x2A, 2).text == "**leh")
    #expect(crtWcsset(wide, 0x2B).text == "+++++")
  }

  @Test(
    "Checked copies write no further than the size",
    arguments: [
      (5, "abcd", CrtError.none, "abcd"), (4, "abcd", CrtError.range, ""),
      (1, "", CrtError.none, ""),
    ])
  func checked(size: UInt, text: String, error: Int32, left: String) {
    let narrow = memory.bytes(8)
    #expect(crtStrcpyS(narrow, size, memory.narrow(text)) == error)
    #expect(narrow.text == left)
    let wide = memory.units(8)
    #expect(crtWcscpyS(wide, size, memory.wide(text)) == error)
    #expect(wide.text == left)
  }

  @Test("Checked copies refuse NULL and no room")
  func refusals() {
    let room = memory.narrow("old")
    #expect(crtStrcpyS(nil, 4, memory.narrow("a")) == CrtError.invalid)
    #expect(crtStrcpyS(room, 0, memory.narrow("a")) == CrtError.invalid)
    #expect(room.text == "old")
    #expect(crtStrcpyS(room, 4, nil) == CrtError.invalid)
    #expect(room.text == "")
    #expect(crtStrncpyS(nil, 0, nil, 0) == CrtError.none)
  }

  @Test(
    "strncpy_s and strncat_s take a part, or cut off",
    arguments: [
      (8, 2, CrtError.none, "ab", "ab:ab"), (8, 99, CrtError.none, "abcd", "ab:abcd"),
      (4, 99, CrtError.range, "", ""), (4, UInt.max, CrtError.truncated, "abc", "ab:"),
    ])
  func parts(size: UInt, count: UInt, error: Int32, copied: String, appended: String) {
    let room = memory.bytes(16)
    #expect(crtStrncpyS(room, size, memory.narrow("abcd"), count) == error)
    #expect(room.text == copied)
    let wide = memory.units(16)
    _ = crtWcscpyS(wide, 16, memory.wide("ab:"))
    #expect(crtWcsncatS(wide, size, memory.wide("abcd"), count) == error)
    #expect(wide.text == appended)
  }

  @Test("strcat_s refuses a destination without an end")
  func unterminated() {
    let room = memory.narrow("abcdef")
    #expect(crtStrcatS(room, 3, memory.narrow("x")) == CrtError.invalid)
    #expect(room.text == "")
    #expect(crtStruprS(memory.narrow("abc"), 3) == CrtError.invalid)
    let upper = memory.narrow("abc")
    #expect(crtStruprS(upper, 4) == CrtError.none)
    #expect(upper.text == "ABC")
  }

  @Test("strtok_s cuts a text into tokens")
  func tokens() {
    let context = memory.cell(UnsafeMutablePointer<UInt16>?.none)
    var found: [String] = []
    var next = crtWcstokS(memory.wide(",,a,bc;;d"), memory.wide(",;"), context)
    while let token = next {
      found.append(token.text)
      next = crtWcstokS(nil, memory.wide(",;"), context)
    }
    #expect(found == ["a", "bc", "d"])
  }

  @Test("memory: memchr, memcpy_s, memmove_s")
  func memoryBlocks() {
    let block = memory.narrow("hello")
    #expect(crtMemchr(block, 0xAAAA_AA6C, 5) == UnsafePointer(block + 2))
    #expect(crtMemchr(block, 0x6F, 4) == nil)
    let room = memory.narrow("12345678")
    #expect(crtMemcpyS(room, 4, block, 5) == CrtError.range)
    #expect((0..<5).map { room[$0] } == [0, 0, 0, 0, 0x35])
    #expect(crtMemcpyS(room, 4, nil, 2) == CrtError.invalid)
    #expect(crtMemmoveS(block + 1, 4, block, 4) == CrtError.none)
    #expect(block.text == "hhell")
    #expect(crtMemmoveS(block, 1, block, 2) == CrtError.range)
    #expect(crtMemcpyS(nil, 0, nil, 0) == CrtError.none)
    #expect(crtMemicmp(memory.narrow("aBc"), memory.narrow("AbD"), 2) == 0)
    #expect(crtMemicmp(memory.narrow("aBc"), memory.narrow("AbD"), 3) == -1)
    #expect(crtMemccpy(room, memory.narrow("a,b"), 0x2C, 3) == room + 2)
    #expect(crtMemccpy(room, memory.narrow("abc"), 0x2C, 3) == nil)
  }
}
