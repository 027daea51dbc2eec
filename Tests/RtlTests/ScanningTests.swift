import Rtl
import Testing

/// The sscanf family.
@Suite struct ScanningTests {
  let memory = TestMemory()

  @Test(
    "Integers in every base and size",
    arguments: [
      ("42", "%d", UInt64(42), Int32(1)), ("-1", "%d", 0xFFFF_FFFF, 1), ("  +7", "%d", 7, 1),
      ("0x1F", "%x", 31, 1), ("1f", "%x", 31, 1), ("017", "%i", 15, 1), ("0x10", "%i", 16, 1),
      ("99", "%i", 99, 1), ("0", "%i", 0, 1), ("777", "%o", 511, 1), ("12345", "%3d", 123, 1),
      ("-1", "%lld", .max, 1), ("-1", "%I64d", .max, 1), ("-1", "%hd", 0xFFFF, 1),
      ("-1", "%hhd", 0xFF, 1),
      ("00000000DEADBEEF", "%p", 0xDEAD_BEEF, 1), ("x", "%d", 0, 0), ("", "%d", 0, -1),
      ("a=5", "a=%d", 5, 1),
      ("a = 5", "a = %u", 5, 1), ("b=5", "a=%d", 0, 0), ("5%", "%d%%", 5, 1),
    ])
  func integers(input: String, format: String, value: UInt64, count: Int32) {
    let target = memory.cell(UInt64(0))
    let slots: [Argument] = [.int(Int64(UInt(bitPattern: target)))]
    #expect(crtSscanfS(memory.arguments([.text(input), .text(format)] + slots)) == count)
    #expect(target.pointee == value)
    target.pointee = 0
    #expect(crtSwscanfS(memory.arguments([.wide(input), .wide(format)] + slots)) == count)
    #expect(target.pointee == value)
  }

  @Test(
    "Text takes the size of its buffer",
    arguments: [
      ("hello world", "%s", Int64(6), "hello", Int32(1)), ("hello", "%s", 5, "", 0),
      ("hello", "%3s", 4, "hel", 1), ("key=value", "%[a-z]", 9, "key", 1),
      ("key=value", "%[^=]", 9, "key", 1),
      ("]x", "%[]]", 9, "]", 1), ("abc", "%[0-9]", 9, "", 0), ("abc", "%*c%s", 9, "bc", 1),
    ])
  func texts(input: String, format: String, size: Int64, text: String, count: Int32) {
    let target = memory.bytes(16)
    let slots: [Argument] = [.int(Int64(UInt(bitPattern: target))), .int(size)]
    #expect(crtSscanfS(memory.arguments([.text(input), .text(format)] + slots)) == count)
    #expect(target.text == text)
    let wide = memory.units(16)
    let wideSlots: [Argument] = [.int(Int64(UInt(bitPattern: wide))), .int(size)]
    #expect(crtSwscanfS(memory.arguments([.wide(input), .wide(format)] + wideSlots)) == count)
    #expect(wide.text == text)
  }

  @Test("Several values, characters, counts, and a limit of the input")
  func several() {
    let (a, b, n) = (memory.cell(Int32(0)), memory.cell(Int32(0)), memory.cell(Int32(0)))
    let c = memory.bytes(4)
    func slot(_ pointer: UnsafeMutableRawPointer) -> Argument {
      .int(Int64(UInt(bitPattern: pointer)))
    }
    let result = crtSscanfS(
      memory.arguments([
        .text("12,34xyz"), .text("%d,%d%2c%n"), slot(a), slot(b), slot(c), .int(4), slot(n),
      ]))
    #expect(result == 3)
    #expect((a.pointee, b.pointee, n.pointee) == (12, 34, 7))
    #expect(c.text == "xy")
    let limited = crtSnscanfS(
      memory.arguments([.text("1234"), .int(2), .text("%d"), slot(a)]))
    #expect(limited == 1)
    #expect(a.pointee == 12)
    let narrow = memory.bytes(8)
    #expect(crtSwscanfS(memory.arguments([.wide("é!"), .wide("%S"), slot(narrow), .int(8)])) == 1)
    #expect((0..<3).map { narrow[$0] } == [0xE9, 0x21, 0])
  }
}
