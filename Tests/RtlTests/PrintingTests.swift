import Rtl
import Testing

/// The rules of the printf family for a buffer that is too small.
@Suite struct PrintingTests {
  /// What a function leaves in a buffer of ten bytes 0x7E for a size.
  struct Outcome: Equatable {
    var result: Int32
    var bytes: [UInt8]

    init(_ result: Int32, _ text: String) {
      self.result = result
      bytes = Array(text.utf8.map { $0 == UInt8(ascii: "0") ? 0 : $0 })
    }
  }

  func run(_ body: (TestMemory, UnsafeMutablePointer<UInt8>) -> Int32) -> Outcome {
    let memory = TestMemory()
    let buffer = memory.bytes(6)
    for i in 0..<6 { buffer[i] = UInt8(ascii: "~") }
    var outcome = Outcome(body(memory, buffer), "")
    outcome.bytes = (0..<6).map { buffer[$0] }
    return outcome
  }

  @Test(
    "_snprintf terminates only when there is room",
    arguments: [
      (6, 4, "abcd0~"), (5, 4, "abcd0~"), (4, 4, "abcd~~"), (3, -1, "abc~~~"), (0, -1, "~~~~~~"),
    ])
  func counted(count: Int64, result: Int32, left: String) {
    let outcome = run { memory, buffer in
      crtSnprintf(
        memory.arguments([
          .int(Int64(UInt(bitPattern: buffer))), .int(count), .text("%s"), .text("abcd"),
        ]))
    }
    #expect(outcome == Outcome(result, left))
  }

  @Test(
    "sprintf_s leaves an empty string when the text does not fit",
    arguments: [
      (6, 4, "abcd0~"), (5, 4, "abcd0~"), (4, -1, "0bc~~~"), (0, -1, "~~~~~~"),
    ])
  func checked(size: Int64, result: Int32, left: String) {
    let outcome = run { memory, buffer in
      crtSprintfS(
        memory.arguments([
          .int(Int64(UInt(bitPattern: buffer))), .int(size), .text("%s"), .text("abcd"),
        ]))
    }
    #expect(outcome == Outcome(result, left))
  }

  @Test(
    "_snprintf_s cuts off at the count, or at the size with _TRUNCATE",
    arguments: [
      (6, 5, 4, "abcd0~"), (6, 2, -1, "ab0~~~"), (3, -1, -1, "ab0~~~"), (3, 3, -1, "0b~~~~"),
    ])
  func truncated(size: Int64, count: Int64, result: Int32, left: String) {
    let outcome = run { memory, buffer in
      crtSnprintfS(
        memory.arguments([
          .int(Int64(UInt(bitPattern: buffer))), .int(size), .int(count), .text("%s"),
          .text("abcd"),
        ]))
    }
    #expect(outcome == Outcome(result, left))
  }

  @Test("Without a buffer _vsnprintf and _vsnwprintf count")
  func counting() {
    let memory = TestMemory()
    let arguments = memory.arguments([.int(12345)])
    #expect(crtVsnprintf(0, 0, address(memory.narrow("<%d>")), arguments) == 7)
    #expect(crtVsnwprintf(0, 0, address(memory.wide("<%d>")), arguments) == 7)
    #expect(crtVsprintfS(0, 5, address(memory.narrow("x")), arguments) == -1)
  }

  @Test("The wide functions count units")
  func wide() {
    let memory = TestMemory()
    let buffer = memory.units(8)
    let arguments = memory.arguments([.wide("abcdef")])
    let format = address(memory.wide("%s"))
    #expect(crtVsnwprintf(address(buffer), 7, format, arguments) == 6)
    #expect(buffer.text == "abcdef")
    #expect(crtVsnwprintf(address(buffer), 3, format, arguments) == -1)
    #expect(crtVswprintfS(address(buffer), 4, format, arguments) == -1)
    #expect(buffer.text == "")
    #expect(crtVsnwprintfS(address(buffer), 4, .max, format, arguments) == -1)
    #expect(buffer.text == "abc")
    #expect(crtVswprintf(address(buffer), format, arguments) == 6)
  }
}
