/// Where devices lie: hands out physical addresses, ports, and interrupt vectors, each once.
struct BusAddresses {
  private var nextMemory: UInt64
  private var nextPort: UInt32 = 0xC000
  private var nextVector: UInt32 = 0x51
  private var nextLine: UInt32 = 16

  /// Memory of devices begins at 3.5 GiB, or behind the RAM when there is more.
  init(ramByteCount: UInt64) {
    nextMemory = ramByteCount <= 0xE000_0000 ? 0xE000_0000 : (ramByteCount | 0x3FFF_FFFF) + 1
  }

  /// Physical addresses for so many bytes, aligned to the size rounded up to a power of two.
  mutating func takeMemory(_ byteCount: Int) -> UInt64 {
    let size = Self.powerOfTwo(atLeast: UInt64(max(byteCount, 4096)))
    let start = (nextMemory + size - 1) & ~(size - 1)
    nextMemory = start + size
    return start
  }

  /// The first of so many ports; nil when they are used up.
  mutating func takePorts(_ count: Int) -> UInt32? {
    let size = UInt32(truncatingIfNeeded: Self.powerOfTwo(atLeast: UInt64(max(count, 4))))
    let start = (nextPort + size - 1) & ~(size - 1)
    guard count <= 0x1000, start + size <= 0x1_0000 else { return nil }
    nextPort = start + size
    return start
  }

  /// A vector; its level is its upper four bits, as on x64.
  ///
  /// Nil when they are used up. Levels 5 to 11 in turn.
  mutating func takeVector() -> UInt32? {
    guard nextVector & 0xF != 0 else { return nil }
    let vector = nextVector
    nextVector = vector >= 0xB0 ? (vector & 0xF | 0x50) + 1 : vector + 0x10
    return vector
  }

  /// The number of a line, as the interrupt controller counts them.
  mutating func takeLine() -> UInt32 {
    defer { nextLine += 1 }
    return nextLine
  }

  private static func powerOfTwo(atLeast count: UInt64) -> UInt64 {
    count <= 1 ? 1 : 1 << UInt64(64 - (count - 1).leadingZeroBitCount)
  }
}
