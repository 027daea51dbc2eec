import Rtl
import Testing

/// A format, its arguments and the text that comes out of it.
struct FormatCase: Sendable, CustomTestStringConvertible {
  let format: String
  let arguments: [Argument]
  let expected: String

  init(_ format: String, _ arguments: Argument..., gives expected: String) {
    (self.format, self.arguments, self.expected) = (format, arguments, expected)
  }

  var testDescription: String { "\(format) gives \(expected)" }
}

/// Formats into bytes.
func formatNarrow(_ format: String, _ arguments: [Argument]) -> String {
  let memory = TestMemory()
  let buffer = memory.bytes(4096)
  let slots: [Argument] = [.int(Int64(UInt(bitPattern: buffer))), .text(format)] + arguments
  let count = crtSprintf(memory.arguments(slots))
  #expect(count == buffer.text.utf8.count || !buffer.text.utf8.allSatisfy { $0 < 0x80 })
  return buffer.text
}

/// Formats into UTF-16 units.
func formatWide(_ format: String, _ arguments: [Argument]) -> String {
  let memory = TestMemory()
  let buffer = memory.units(4096)
  let slots: [Argument] = [.int(Int64(UInt(bitPattern: buffer))), .wide(format)] + arguments
  let count = crtSwprintf(memory.arguments(slots))
  #expect(Int(count) == buffer.text.utf16.count)
  return buffer.text
}

@Suite struct FormatTests {
  static let integerCases: [FormatCase] = [
    .init("plain", gives: "plain"),
    .init("", gives: ""),
    .init("100%%", gives: "100%"),
    .init("%d %i", .int(-1), .int(7), gives: "-1 7"),
    .init("%d", .int(0xFFFF_FFFF), gives: "-1"),
    .init("%d", .int(0x1_0000_0005), gives: "5"),
    .init("%d", .int(-2_147_483_648), gives: "-2147483648"),
    .init("%u", .int(-1), gives: "4294967295"),
    .init("%ld %lu", .int(-2), .int(-2), gives: "-2 4294967294"),
    .init("%lld", .int(.min), gives: "-9223372036854775808"),
    .init("%I64d %I64u", .int(-1), .int(-1), gives: "-1 18446744073709551615"),
    .init("%I64x %I64X", .int(0xABCD_EF01_2345), .int(0xABCD), gives: "abcdef012345 ABCD"),
    .init("%I32u", .int(-1), gives: "4294967295"),
    .init("%Iu %Ix", .int(-1), .int(-1), gives: "18446744073709551615 ffffffffffffffff"),
    .init("%zu %td %jd", .int(-1), .int(-5), .int(-6), gives: "18446744073709551615 -5 -6"),
    .init("%hd %hu", .int(0x1FFFF), .int(0x1FFFF), gives: "-1 65535"),
    .init("%hhd %hhu", .int(0x1FF), .int(0x1FF), gives: "-1 255"),
    .init("%x %X", .int(0xBEEF), .int(0xBEEF), gives: "beef BEEF"),
    .init("%#x %#X %#x", .int(255), .int(255), .int(0), gives: "0xff 0XFF 0"),
    .init("%o %#o %#o", .int(8), .int(8), .int(0), gives: "10 010 0"),
    .init(
      "%08x|%8x|%-8x|", .int(0x1A), .int(0x1A), .int(0x1A), gives: "0000001a|      1a|1a      |"),
    .init("%#010x", .int(0x1A), gives: "0x0000001a"),
    .init("%5d|%-5d|%05d", .int(-42), .int(-42), .int(-42), gives: "  -42|-42  |-0042"),
    .init("%+d %+d % d", .int(1), .int(-1), .int(1), gives: "+1 -1  1"),
    .init("%.3d %.0d|%.0d", .int(5), .int(5), .int(0), gives: "005 5|"),
    .init("%08.3d", .int(5), gives: "     005"),
    .init("%-08d|", .int(5), gives: "5       |"),
    .init("%*d|%-*d|", .int(4), .int(1), .int(4), .int(1), gives: "   1|1   |"),
    .init("%*d|", .int(-4), .int(1), gives: "1   |"),
    .init("%.*d", .int(4), .int(1), gives: "0001"),
    .init("%.*d", .int(-4), .int(1), gives: "1"),
    .init("%p", .int(0x1234_5678_9ABC), gives: "0000123456789ABC"),
    .init("%p %#p", .null, .int(-1), gives: "0000000000000000 0XFFFFFFFFFFFFFFFF"),
    .init("%20p|%-20p|", .int(0xA), .int(0xB), gives: "    000000000000000A|000000000000000B    |"),
    .init("[%y] [%", .int(1), gives: "[y] ["),
    .init("%d%n%d", .int(1), .null, .int(2), gives: "12"),
  ]

  static let textCases: [FormatCase] = [
    .init("%s!", .text("abc"), gives: "abc!"),
    .init("%10s|%-10s|", .text("abc"), .text("abc"), gives: "       abc|abc       |"),
    .init("%.2s|%5.1s|", .text("abc"), .text("abc"), gives: "ab|    a|"),
    .init("%.*s", .int(3), .text("abcdef"), gives: "abc"),
    .init("%05s", .text("ab"), gives: "000ab"),
    .init("%s %8s %.3s", .null, .null, .null, gives: "(null)   (null) (nu"),
    .init("%hs", .text("abc"), gives: "abc"),
    .init("%ls %ws", .wide("abc"), .wide("def"), gives: "abc def"),
    .init("%S", .wide("wide"), gives: "wide"),
    .init("%hS", .text("narrow"), gives: "narrow"),
    .init("%c%c%5c|%-3c|", .int(0x41), .int(0x42), .int(0x43), .int(0x44), gives: "AB    C|D  |"),
    .init("%C%lc", .int(0x58), .int(0x59), gives: "XY"),
    .init("<%Z>", .counted("counted"), gives: "<counted>"),
    .init("<%wZ>", .countedWide("\\Device\\Echo"), gives: "<\\Device\\Echo>"),
    .init(
      "%12Z|%-12wZ|", .counted("right"), .countedWide("left"), gives: "       right|left        |"),
    .init("%wZ %Z", .null, .null, gives: "(null) (null)"),
    .init(
      "%s=%d, %s=%p", .text("a"), .int(1), .text("b"), .int(2), gives: "a=1, b=0000000000000002"),
  ]

  static let floatCases: [FormatCase] = [
    .init("%f %.2f %.0f", .double(1.5), .double(2.345), .double(2.5), gives: "1.500000 2.35 2"),
    .init(
      "%10.2f|%-10.2f|%010.2f", .double(-1), .double(-1), .double(-1),
      gives: "     -1.00|-1.00     |-000001.00"),
    .init("%e %E", .double(12345.678), .double(0.00012), gives: "1.234568e+04 1.200000E-04"),
    .init(
      "%g %g %g", .double(100000), .double(1_000_000), .double(0.0001), gives: "100000 1e+06 0.0001"
    ),
    .init("%#g %#.0f %#.0e", .double(1.5), .double(3), .double(3), gives: "1.50000 3. 3.e+00"),
    .init("%+f % f", .double(1), .double(1), gives: "+1.000000  1.000000"),
    .init("%a %.1a", .double(1), .double(1.5), gives: "0x1.0000000000000p+0 0x1.8p+0"),
    .init(
      "%f %f %5f", .double(.infinity), .double(-.infinity), .double(.nan), gives: "inf -inf   nan"),
  ]

  @Test("Integers in every size, base, width and precision", arguments: integerCases)
  func integers(_ example: FormatCase) {
    #expect(formatNarrow(example.format, example.arguments) == example.expected)
    #expect(formatWide(example.format, example.arguments) == example.expected)
  }

  @Test("Text and characters, narrow, wide and counted", arguments: textCases)
  func texts(_ example: FormatCase) {
    #expect(formatNarrow(example.format, example.arguments) == example.expected)
  }

  @Test("Floating point", arguments: floatCases)
  func floats(_ example: FormatCase) {
    #expect(formatNarrow(example.format, example.arguments) == example.expected)
    #expect(formatWide(example.format, example.arguments) == example.expected)
  }

  @Test("In a wide function %s and %c are wide, %S and %C are narrow")
  func widths() {
    #expect(
      formatWide("%s %S %hs %ls", [.wide("a"), .text("b"), .text("c"), .wide("d")]) == "a b c d")
    #expect(formatWide("%c%C%hc", [.int(0x20AC), .int(0x80), .int(0x41)]) == "€€A")
    #expect(formatWide("%Z %wZ", [.counted("x"), .countedWide("y")]) == "x y")
  }

  @Test("Wide text in bytes is converted to the ANSI code page")
  func conversion() {
    let memory = TestMemory()
    let buffer = memory.bytes(16)
    _ = crtSprintf(
      memory.arguments([.int(Int64(UInt(bitPattern: buffer))), .text("%ws"), .wide("é€漢")]))
    #expect((0..<4).map { buffer[$0] } == [0xE9, 0x80, 0x3F, 0])
  }

  @Test("Huge numbers fit, and a huge width costs nothing beyond the buffer")
  func bounds() {
    let memory = TestMemory()
    let buffer = memory.bytes(8)
    let count = crtSnprintf(
      memory.arguments([
        .int(Int64(UInt(bitPattern: buffer))), .int(4), .text("%2000000000d"), .int(1),
      ]))
    #expect(count == -1)
    #expect((0..<5).map { buffer[$0] } == [0x20, 0x20, 0x20, 0x20, 0])
    let huge = formatNarrow("%.3f", [.double(1e300)])
    #expect(huge.utf8.count == 305)
    #expect(huge.hasPrefix("1000000000000000052504760255204420248704468581108159154915854115"))
  }
}
