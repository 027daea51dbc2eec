import Rtl
import Testing

/// Formats that nobody would write: each ends, and stays within its buffer.
@Suite struct FormatFuzzTests {
  static let alphabet = Array("%%%%%0123456789-+ #*..hlIwzjtdiuxXopcCsSZefgaAn[]^ab\u{E9} ")

  /// A pointer that is good for every directive: a counted string that is also text and a target.
  private func slots(_ memory: TestMemory, _ generator: inout Generator) -> UnsafeMutablePointer<
    UInt64
  > {
    let slots = UnsafeMutableRawPointer(memory.bytes(8 * 64)).assumingMemoryBound(to: UInt64.self)
    let pointer = address(memory.ansi("text", room: 64))
    for i in 0..<64 { slots[i] = pointer }
    return slots
  }

  @Test("Printing", arguments: 0..<8)
  func printing(seed: UInt64) {
    var generator = Generator(seed: seed)
    let memory = TestMemory()
    let arguments = slots(memory, &generator)
    let (narrow, wide) = (memory.bytes(65), memory.units(65))
    for _ in 0..<2000 {
      let length = Int.random(in: 1...16, using: &generator)
      let format = String(
        (0..<length).map { _ in Self.alphabet.randomElement(using: &generator) ?? "%" })
      let scratch = TestMemory()
      narrow[64] = 0x5A
      _ = crtVsnprintf(address(narrow), 64, address(scratch.narrow(format)), arguments)
      #expect(narrow[64] == 0x5A, "\(format)")
      wide[64] = 0x5A5A
      _ = crtVsnwprintf(address(wide), 64, address(scratch.wide(format)), arguments)
      #expect(wide[64] == 0x5A5A, "\(format)")
    }
  }

  @Test("Scanning", arguments: 0..<4)
  func scanning(seed: UInt64) {
    var generator = Generator(seed: seed)
    for _ in 0..<2000 {
      let memory = TestMemory()
      let target = memory.bytes(64)
      target[40] = 0x5A
      // Sixteen bytes of input at most: as UTF-16 with a zero, 34 bytes.
      let input = String((0..<8).map { _ in Self.alphabet.randomElement(using: &generator) ?? "1" })
      let format = String(
        (0..<10).map { _ in Self.alphabet.randomElement(using: &generator) ?? "%" })
      var arguments: [Argument] = [.text(input), .text(format)]
      arguments += Array(repeating: .int(Int64(UInt(bitPattern: target))), count: 20)
      #expect(crtSscanfS(memory.arguments(arguments)) >= -1)
      #expect(target[40] == 0x5A, "\(format)")
    }
  }
}
