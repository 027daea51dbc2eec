import CRtlTestSupport
import Machine
import Rtl
import Testing

/// Numbers, character classes, sorting and random numbers of the C runtime.
@Suite struct CrtNumberTests {
  let memory = TestMemory()

  struct Parsed: Sendable {
    let text: String
    let base: Int32
    let signed: Int32
    let unsigned: UInt32
    let wide: UInt64
    let length: Int

    init(
      _ text: String, _ base: Int32, _ signed: Int32, _ unsigned: UInt32, _ wide: UInt64,
      _ length: Int
    ) {
      (self.text, self.base, self.signed) = (text, base, signed)
      (self.unsigned, self.wide, self.length) = (unsigned, wide, length)
    }
  }

  @Test(
    "strtol and its kin",
    arguments: [
      Parsed("42", 10, 42, 42, 42, 2),
      Parsed(" \t-42x", 10, -42, 0xFFFF_FFD6, 0xFFFF_FFFF_FFFF_FFD6, 5),
      Parsed("+7", 0, 7, 7, 7, 2),
      Parsed("0x1F", 0, 31, 31, 31, 4),
      Parsed("0X1f", 16, 31, 31, 31, 4),
      Parsed("0x", 16, 0, 0, 0, 1),
      Parsed("0xg", 0, 0, 0, 0, 1),
      Parsed("017", 0, 15, 15, 15, 3),
      Parsed("zz", 36, 1295, 1295, 1295, 2),
      Parsed("12", 2, 1, 1, 1, 1),
      Parsed("", 10, 0, 0, 0, 0),
      Parsed("  -", 10, 0, 0, 0, 0),
      Parsed("2147483648", 10, .max, 0x8000_0000, 0x8000_0000, 10),
      Parsed("-2147483648", 10, .min, 0x8000_0000, 0xFFFF_FFFF_8000_0000, 11),
      Parsed("4294967296", 10, .max, .max, 0x1_0000_0000, 10),
      Parsed("18446744073709551616", 10, .max, .max, .max, 20),
      Parsed("5", 1, 0, 0, 0, 0),
    ])
  func parsing(_ example: Parsed) {
    let text = memory.narrow(example.text)
    let end = memory.cell(UnsafePointer(text))
    #expect(crtStrtol(text, end, example.base) == example.signed)
    #expect(end.pointee == UnsafePointer(text + example.length))
    #expect(crtStrtoul(text, nil, example.base) == example.unsigned)
    #expect(crtStrtoui64(text, nil, example.base) == example.wide)
    let wide = memory.wide(example.text)
    let wideEnd = memory.cell(UnsafePointer(wide))
    #expect(crtWcstol(wide, wideEnd, example.base) == example.signed)
    #expect(wideEnd.pointee == UnsafePointer(wide + example.length))
    #expect(crtWcstoul(wide, nil, example.base) == example.unsigned)
  }

  @Test("atoi stops at what is no digit")
  func atoi() {
    #expect(crtAtoi(memory.narrow("  -12abc")) == -12)
    #expect(crtWtoi(memory.wide("99")) == 99)
    #expect(crtAtoi64(memory.narrow("-9223372036854775809")) == .min)
    #expect(crtWtoi64(memory.wide("9223372036854775807")) == .max)
    #expect(crtAtol(memory.narrow("x")) == 0)
  }

  @Test("_itoa: only base 10 has a sign")
  func itoa() {
    let room = memory.bytes(70)
    #expect(crtItoa(-255, room, 10).text == "-255")
    #expect(crtItoa(-255, room, 16).text == "ffffff01")
    #expect(crtItoa(5, room, 2).text == "101")
    #expect(crtI64toaS(-1, room, 65, 2) == CrtError.none)
    #expect(room.text == String(repeating: "1", count: 64))
    #expect(crtI64toaS(.min, room, 65, 10) == CrtError.none)
    #expect(room.text == "-9223372036854775808")
    let wide = memory.units(8)
    #expect(crtItowS(-12, wide, 4, 10) == CrtError.none)
    #expect(wide.text == "-12")
    #expect(crtItowS(-123, wide, 4, 10) == CrtError.range)
    #expect(wide.text == "")
    #expect(crtUltowS(.max, wide, 8, 36) == CrtError.none)
    #expect(wide.text == "1z141z3")
    #expect(crtItowS(1, wide, 4, 37) == CrtError.invalid)
    #expect(crtItowS(1, nil, 4, 10) == CrtError.invalid)
  }

  @Test("Character classes are those of ASCII")
  func classes() {
    for code in Int32(-1)...0x17F {
      let scalar = code < 0 ? nil : Unicode.Scalar(UInt8(truncatingIfNeeded: code))
      let isASCII = code >= 0 && code < 0x80
      let character = scalar.map(Character.init) ?? "\0"
      #expect(crtIsdigit(code) == (isASCII && character.isNumber ? 1 : 0))
      #expect(crtIsalpha(code) == (isASCII && character.isLetter ? 1 : 0))
      #expect(crtIsxdigit(code) == (isASCII && character.isHexDigit ? 1 : 0))
      #expect(crtToupper(code) == (isASCII && character.isLowercase ? code - 32 : code))
      #expect(crtTolower(code) == (isASCII && character.isUppercase ? code + 32 : code))
    }
    #expect([9, 10, 13, 32, 0, 160].map(crtIsspace) == [1, 1, 1, 1, 0, 0])
    #expect(crtTowupper(0xFFFF_0061) == 0x41)
    #expect(crtTowlower(0x00C9) == 0x00C9)
    #expect(crtIswdigit(0x0660) == 0)
  }

  @Test("qsort sorts with the driver's comparison", arguments: 0..<8)
  func sorting(seed: UInt64) {
    var generator = Generator(seed: seed)
    let values = (0..<Int(seed * 13)).map { _ in Int32.random(in: -20...20, using: &generator) }
    var sorted = values
    sorted.withUnsafeMutableBytes {
      crtQsort(pointer($0), UInt(values.count), 4, rtl_test_compare())
    }
    #expect(sorted == values.sorted())
    let factor = memory.cell(Int32(-1))
    sorted.withUnsafeMutableBytes {
      crtQsortS(
        pointer($0), UInt(values.count), 4, rtl_test_compare_with_context(), address(factor))
    }
    #expect(sorted == values.sorted(by: >))
  }

  @Test("bsearch finds what is there")
  func searching() {
    var values: [Int32] = [1, 3, 5, 7, 9]
    values.withUnsafeMutableBytes { bytes in
      for (key, index) in [(1, 0), (9, 4), (5, 2), (4, -1), (0, -1), (10, -1)] {
        let found = crtBsearch(memory.cell(Int32(key)), pointer(bytes), 5, 4, rtl_test_compare())
        #expect(found == (index < 0 ? nil : pointer(bytes) + index * 4))
      }
    }
  }

  private func pointer(_ bytes: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawPointer {
    bytes.baseAddress ?? UnsafeMutableRawPointer(memory.bytes(1))
  }

  @Test("rand begins as Microsoft's does, and a machine has one of its own")
  func random() throws {
    let first = try inMachine { _ in (0..<5).map { _ in crtRand() } }
    #expect(first == [41, 18467, 6334, 26500, 19169])
    let second = try inMachine { _ in
      crtSrand(1)
      return crtRand()
    }
    #expect(second == 41)
  }
}

/// A small generator, so that a failure can be repeated.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
