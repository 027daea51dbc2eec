import CDriverKit
import Hardware
import Testing

@Suite("Resource lists")
struct DeviceResourcesTests {
  static let resources = DeviceResources([
    .memory(start: 0x1_2345_6000, byteCount: 0x2000), .port(start: 0xC100, byteCount: 16),
    .interrupt(DeviceInterrupt(line: 19, vector: 0x71, irql: 7, affinity: 0xF)),
    .interrupt(
      DeviceInterrupt(
        line: 0xFFFF_FFFE, vector: 0x81, irql: 8, isLatched: true, isShared: false,
        isMessage: true)), .dma(channel: 3),
  ])

  private func list(isTranslated: Bool) -> [UInt8] {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Self.resources.byteCount, alignment: 8)
    defer { memory.deallocate() }
    Self.resources.write(to: memory, isTranslated: isTranslated)
    return Array(UnsafeRawBufferPointer(start: memory, count: Self.resources.byteCount))
  }

  @Test("A list has one full descriptor of a PCI bus and every resource in order")
  func head() {
    let bytes = list(isTranslated: true)
    #expect(bytes.count == 20 + 5 * 20)
    #expect(bytes.word(0) == 1)
    #expect(bytes.word(4) == 5)
    #expect(bytes.word(12) == 0x1_0001)
    #expect(bytes.word(16) == 5)
    let types: [UInt8] = [3, 1, 2, 2, 4]
    for (index, type) in types.enumerated() { #expect(bytes[20 + index * 20] == type) }
  }

  @Test("Memory and ports have their start and length")
  func ranges() {
    let bytes = list(isTranslated: true)
    #expect(bytes.word(24) == 0x2345_6000 && bytes.word(28) == 1 && bytes.word(32) == 0x2000)
    #expect(bytes.word(44) == 0xC100 && bytes.word(52) == 16)
    #expect(bytes.word(104) == 3)
  }

  @Test("What is read from both lists is what was written")
  func reading() {
    #expect(
      DeviceResources(
        raw: list(isTranslated: false), translated: list(isTranslated: true)) == Self.resources)
  }

  @Test("A translated interrupt has level and vector, a raw one the number of its line")
  func interrupts() {
    let translated = list(isTranslated: true)
    let raw = list(isTranslated: false)
    #expect(translated.word(64) == 7 && translated.word(68) == 0x71 && translated.word(72) == 0xF)
    #expect(raw.word(64) == 19 && raw.word(68) == 19)
    // Flags of a message: latched, and a message.
    #expect(translated.word(80) >> 16 == 3 && raw.word(84) >> 16 == 1)
  }
}

extension Array where Element == UInt8 {
  /// Four bytes, lowest first.
  func word(_ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32($1 * 8) }
  }
}
