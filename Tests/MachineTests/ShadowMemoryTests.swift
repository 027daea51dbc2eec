import Machine
import Testing

/// The shadow is the process's, so each test has addresses of its own, which nothing is mapped at.
@Suite struct ShadowMemoryTests {
  init() throws { try ShadowMemory.map() }

  @Test func `a fenced block may be touched, and nothing beside it`() {
    let slot: Range<UInt> = 0x5100_0000_0000..<0x5100_0000_1000
    let address = slot.upperBound - 0x20
    ShadowMemory.fence(address, 21, in: slot)
    #expect(ShadowMemory.firstBad(address, 21) == nil)
    #expect(ShadowMemory.firstBad(address, 22) == address + 21)
    #expect(ShadowMemory.firstBad(address + 16, 16) == address + 21)
    #expect(ShadowMemory.firstBad(address + 22, 1) == address + 22)
    #expect(ShadowMemory.firstBad(address + 24, 1) == address + 24)
    #expect(ShadowMemory.firstBad(address - 1, 1) == address - 1)
    #expect(ShadowMemory.firstBad(address, 0) == nil)
    #expect(ShadowMemory.code(of: slot.lowerBound) == 0x8D)
    #expect(ShadowMemory.code(of: address + 21) == 5)
    #expect(ShadowMemory.code(of: address + 24) == 0x86)
    ShadowMemory.clear(slot)
    #expect(ShadowMemory.firstBad(slot.lowerBound, UInt(slot.count)) == nil)
  }

  @Test(arguments: [1 << 12, 1 << 19, 1 << 20, 3 << 20] as [UInt])
  func `clearing clears all of a range, and no more`(byteCount: UInt) {
    let start: UInt = 0x5200_0000_0008 + byteCount << 8
    let range = start..<(start + byteCount + 24)
    ShadowMemory.fence(range.lowerBound - 8, 0, in: (range.lowerBound - 8)..<(range.upperBound + 8))
    #expect(ShadowMemory.firstBad(range.lowerBound, 1) == range.lowerBound)
    ShadowMemory.clear(range)
    #expect(ShadowMemory.firstBad(range.lowerBound, UInt(range.count)) == nil)
    #expect(ShadowMemory.code(of: range.lowerBound - 1) == 0x86)
    #expect(ShadowMemory.code(of: range.upperBound) == 0x86)
  }

  @Test(arguments: [0, 0x1000_0000_0000, 0x4FFF_FFFF_FFFF, 0x8000_0000_0000, .max] as [UInt])
  func `addresses of programs and of nobody have no marks`(address: UInt) {
    #expect(ShadowMemory.code(of: address) == 0)
    #expect(ShadowMemory.firstBad(address, 1) == nil)
    ShadowMemory.clear(address..<UInt.max)
  }
}
