/// Where unloaded images lay whose memory stays away, in memory that a fault handler reads.
package struct RetiredImages {
  private static let capacity = 64

  private let starts: UnsafeMutablePointer<UInt64>
  private let ends: UnsafeMutablePointer<UInt64>

  init() {
    starts = .allocate(capacity: Self.capacity)
    ends = .allocate(capacity: Self.capacity)
    starts.initialize(repeating: 0, count: Self.capacity)
    ends.initialize(repeating: 0, count: Self.capacity)
  }

  func destroy() {
    starts.deallocate()
    ends.deallocate()
  }

  /// Whether an address lies in one.
  func contains(_ address: UInt64) -> Bool {
    for index in 0..<Self.capacity where address >= starts[index] && address < ends[index] {
      return true
    }
    return false
  }

  /// Has these be the ones, the last `capacity` of them.
  func fill(_ images: [LoadedImage]) {
    for index in 0..<Self.capacity {
      let image = index < images.count ? images[index] : nil
      starts[index] = image.map { UInt64(UInt(bitPattern: $0.base)) } ?? 0
      ends[index] = image.map { UInt64(UInt(bitPattern: $0.stubs)) } ?? 0
    }
  }
}
