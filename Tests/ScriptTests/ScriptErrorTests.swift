import Script
import Testing

@Suite struct ScriptErrorTests {
  /// A mistake on the line behind `open`, with its column and a part of its message and remedy.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let line: String
    let column: Int
    let message: String
    let remedy: String
    var testDescription: String { line }

    init(_ line: String, _ column: Int, _ message: String, _ remedy: String) {
      (self.line, self.column, self.message, self.remedy) = (line, column, message, remedy)
    }
  }

  static let wordsMistakes: [Mistake] = [
    Mistake("wirte \"a\"", 1, "'wirte' is no action", "Did you mean write?"),
    Mistake("unload\u{0}", 7, "control character 0x00", "escape"),
    Mistake("show\rpool", 5, "control character 0x0D", "escape"),
    Mistake("frobnicate", 1, "'frobnicate' is no action", "Actions are: open, read"),
    Mistake("open", 5, "open needs the name", "open \\\\.\\Echo"),
    Mistake("open \"\"", 8, "open needs the name", "open"),
    Mistake("open x as", 10, "as needs the name", "as h"),
    Mistake("open x as 5", 11, "'5' cannot name a handle", "begins with a letter"),
    Mistake("open x as in", 11, "'in' cannot name a handle", "letters"),
    Mistake("open x fast", 8, "'fast' is no access", "readwrite"),
    Mistake("open x read write", 13, "'write' is more than", "Remove it"),
    Mistake("unload now", 8, "'now' is more than", "comment"),
    Mistake("async close", 7, "'close' cannot be asynchronous", "read, write or ioctl"),
    Mistake("async", 6, "async needs a request", "read, write or ioctl"),
    Mistake("wait g", 6, "No line before opens the handle 'g'", "Did you mean h?"),
    Mistake("write hello", 7, "No line before opens the handle 'hello'", "quotation marks"),
    Mistake("show", 5, "show needs to know", "lookaside"),
    Mistake("show pools", 6, "'pools' cannot be shown", "Did you mean pool?"),
  ]

  static let dataMistakes: [Mistake] = [
    Mistake("read", 5, "read needs a length or data", "Write a number"),
    Mistake("read 5x", 6, "'5x' is no number", "decimal"),
    Mistake("read 4294967297", 6, "too large", "4294967296"),
    Mistake("read -5", 6, "'-5' is neither a length nor data", "number"),
    Mistake("write", 6, "write needs data", "hex:00ff10"),
    Mistake("write 5", 7, "'5' is no data", "zero:4096"),
    Mistake("write h", 8, "write needs data", "hex:00ff10"),
    Mistake("write hex:0", 7, "odd number", "hex:00ff10"),
    Mistake("write hex:00zz", 13, "no hexadecimal digit", "0-9"),
    Mistake("write zero:", 12, "'' is no number", "zero:4096"),
    Mistake("write zero:-1", 12, "'-1' is no number", "zero:4096"),
    Mistake("write zero:99999999999", 12, "too large", "4294967296"),
    Mistake("write zero:99999999999999999999999", 12, "is no number", "zero:4096"),
    Mistake("write fill:5", 12, "fill: needs a byte", "fill:ab:4096"),
    Mistake("write fill:abc:5", 12, "fill: needs a byte", "fill:ab:4096"),
    Mistake("write fill:ab:x", 15, "'x' is no number", "fill:ab:4096"),
    Mistake("write wide:abc", 12, "quotation marks", "wide:"),
    Mistake("write wide:\"\\xff\"", 12, "cannot hold a byte", "hex:"),
    Mistake("write file:", 12, "needs the path", "input.bin"),
    Mistake("write bytes:00", 7, "bytes: is no form of data", "hex:00ff10"),
    Mistake("write \"abc", 7, "no closing quotation mark", "End it"),
    Mistake("write \"abc\\\"", 7, "no closing quotation mark", "End it"),
    Mistake("write \"abc\"def", 12, "Something follows", "blank"),
    Mistake("write \"a\\q\"", 9, "no escape", "Escapes are"),
    Mistake("write \"é\\x4\"", 9, "two hexadecimal digits", "Escapes are"),
    Mistake("write \"\\u{}\"", 8, "in braces", "Escapes are"),
    Mistake("write \"\\u{110000}\"", 8, "in braces", "Escapes are"),
    Mistake("write \"a\" at", 13, "at needs a number", "at 4096"),
    Mistake("write \"a\" at 0x8000000000000000", 14, "too large", "9223372036854775807"),
  ]

  static let othersMistakes: [Mistake] = [
    Mistake("ioctl", 6, "needs a control code", "0x222000"),
    Mistake("ioctl 222h", 7, "'222h' is no control code", "0x222000"),
    Mistake("ioctl 0x222000000", 7, "is no control code", "0x222000"),
    Mistake("ioctl 0x222000 in", 18, "in needs data", "hex:"),
    Mistake("ioctl 0x222000 out \"a\" out 5", 24, "'out' is more than", "Remove"),
    Mistake("expect", 7, "expect needs to know", "expect status"),
    Mistake("expect stat 5", 8, "'stat' cannot be expected", "expect status"),
    Mistake("expect statuss 5", 8, "'statuss' cannot", "Did you mean status?"),
    Mistake("expect status", 14, "needs a status", "STATUS_BUFFER_TOO_SMALL"),
    Mistake(
      "expect status STATUS_BUFFER_TO_SMALL", 15, "no status",
      "Did you mean STATUS_BUFFER_TOO_SMALL?"),
    Mistake("expect information", 19, "information needs a number", "information 5"),
    Mistake("expect data 5", 13, "'5' is no data", "hex:"),
  ]

  static let buffersMistakes: [Mistake] = [
    Mistake("buffer", 7, "buffer needs the name of a buffer", "buffer block 64"),
    Mistake("buffer h 8", 8, "'h' cannot name a buffer", "a new name"),
    Mistake("buffer length 8", 8, "'length' cannot name a buffer", "buffer block 64"),
    Mistake("buffer pointer 8", 8, "'pointer' cannot name a buffer", "buffer block 64"),
    Mistake("buffer b", 9, "buffer needs a length or data", "Write a number"),
    Mistake("buffer b 0", 10, "'0' makes a buffer of no bytes", "buffer block 1"),
    Mistake("buffer b hex:", 10, "'hex:' makes a buffer of no bytes", "buffer block 1"),
    Mistake("buffer b 8 length 9", 12, "'length' is more than", "Remove"),
    Mistake("write address:block", 15, "No line before makes the buffer 'block'", "0x1000"),
    Mistake("write zero:1+address:", 22, "makes the buffer ''", "buffer block 64"),
    Mistake("read pointer", 13, "pointer needs a number", "pointer 0x1000 length 64"),
    Mistake("read pointer 0x1000", 20, "pointer needs a length", "pointer 0x1000 length 64"),
    Mistake("read pointer 0x1000 at 5", 20, "pointer needs a length", "Write it behind"),
    Mistake("read pointer x length 5", 14, "'x' is no number", "pointer 0x1000"),
    Mistake("read 8 length", 14, "length needs a number", "length 0xFFFFFFFF"),
    Mistake("read 8 length 0x100000000", 15, "too large", "4294967295"),
    Mistake("write length 8", 7, "'length' is no data", "hex:00ff10"),
    Mistake("ioctl 0x222003 in pointer 5 out 8", 28, "pointer needs a length", "length 64"),
  ]

  @Test(
    "a mistake in buffers and their lengths is named, with its column and the way out",
    arguments: buffersMistakes)
  func buffers(mistake: Mistake) { check(mistake) }

  @Test(
    "a mistake in the words is named, with its column and the way out", arguments: wordsMistakes)
  func words(mistake: Mistake) { check(mistake) }

  @Test("a mistake in data is named, with its column and the way out", arguments: dataMistakes)
  func data(mistake: Mistake) { check(mistake) }

  @Test(
    "a mistake in other actions is named, with its column and the way out",
    arguments: othersMistakes)
  func others(mistake: Mistake) { check(mistake) }

  private func check(_ mistake: Mistake) {
    let error = #expect(throws: ScriptError.self) {
      try Script("open \\\\.\\Echo as h\n" + mistake.line)
    }
    #expect(error?.line == 2)
    #expect(error?.column == mistake.column)
    #expect(error?.text == mistake.line)
    #expect(error?.message.contains(mistake.message) == true, "\(error.map(\.message) ?? "")")
    #expect(error?.remedy.contains(mistake.remedy) == true, "\(error.map(\.remedy) ?? "")")
  }

  @Test("an error shows the line and marks the place")
  func description() {
    let error = #expect(throws: ScriptError.self) { try Script("open x\n\twrite zero:abc") }
    #expect(
      error?.description
        == "line 2, column 13: 'abc' is no number from 0 to 4294967296\n"
        + "    \twrite zero:abc\n    \t           ^\n"
        + "Write decimal digits, or hexadecimal digits behind 0x: zero:4096")
  }

  @Test("requests before any open, and expectations before any action, are refused")
  func order() {
    let read = #expect(throws: ScriptError.self) { try Script("read 5") }
    #expect(read?.message == "No handle is open here")
    let expect = #expect(throws: ScriptError.self) { try Script("expect information 5") }
    #expect(expect?.message == "expect has no action before it")
  }

  @Test("bytes that are not UTF-8 are named with their place")
  func encoding() {
    let error = #expect(throws: ScriptError.self) {
      try Script(bytes: Array("open x\nread ".utf8) + [0xFF, 0x0A])
    }
    #expect(error?.line == 2)
    #expect(error?.column == 6)
  }

  @Test("a line without end is refused with a short message")
  func longLine() {
    let line = "open x\nwrite hex:" + String(repeating: "0", count: 5 << 20)
    let error = #expect(throws: ScriptError.self) { try Script(line) }
    #expect(error?.message.contains("bytes") == true)
    let word = String(repeating: "x", count: 100_000)
    let other = #expect(throws: ScriptError.self) { try Script(word) }
    #expect((other?.description.utf8.count ?? 10_000) < 1000)
  }
}
