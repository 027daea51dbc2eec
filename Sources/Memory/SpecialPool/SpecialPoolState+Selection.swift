import Glibc
import Machine
import NTTypes

extension SpecialPoolState {
  /// A ``SpecialPoolSelection`` as the kernel reads it: no object is held while a driver is inside.
  struct Selection {
    /// Images whose blocks are taken, of those that are loaded.
    struct Image {
      var start: UInt
      var end: UInt
    }

    let tags: UnsafeMutablePointer<UInt32>
    let tagCount: Int
    let sizes: ClosedRange<Int>
    let isAtStart: Bool
    let quarantineByteCount: Int
    /// Whether only the blocks of some drivers are taken; then the images of those.
    let choosesDrivers: Bool
    let images: UnsafeMutablePointer<Image>
    static let imageCapacity = 256

    init(_ selection: SpecialPoolSelection) {
      tagCount = selection.tags.count
      tags = .allocate(capacity: max(tagCount, 1))
      for (index, tag) in selection.tags.enumerated() { tags[index] = tag.rawValue }
      sizes = selection.sizes ?? 0...Int.max
      isAtStart = selection.placement == .start
      quarantineByteCount = selection.quarantineByteCount
      choosesDrivers = !selection.drivers.isEmpty
      images = .allocate(capacity: Self.imageCapacity)
      images.initialize(repeating: Image(start: 0, end: 0), count: Self.imageCapacity)
    }

    func destroy() {
      tags.deallocate()
      images.deallocate()
    }

    /// Whether special pool takes a block.
    func takes(_ request: PoolRequest, site: UInt64) -> Bool {
      guard sizes.contains(request.byteCount) else { return false }
      if tagCount > 0, !(0..<tagCount).contains(where: { tags[$0] == request.tag }) { return false }
      return !choosesDrivers || isChosen(UInt(site))
    }

    private func isChosen(_ site: UInt) -> Bool {
      for index in 0..<Self.imageCapacity
      where site >= images[index].start && site < images[index].end { return true }
      return false
    }

    /// Takes the blocks that code in `range` asks for from now on.
    func add(_ range: Range<UInt>) {
      for index in 0..<Self.imageCapacity where images[index].end == 0 {
        images[index] = Image(start: range.lowerBound, end: range.upperBound)
        return
      }
    }

    func remove(_ start: UInt) {
      for index in 0..<Self.imageCapacity where images[index].start == start {
        images[index] = Image(start: 0, end: 0)
      }
    }
  }
}
