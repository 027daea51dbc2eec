import Glibc
import Machine

/// The blocks of one class that no thread has: a stack of free blocks, and pages with free slots.
struct CentralClass {
  var lock = MachineLock()
  /// Bytes of a slot; 0 when the class is one of runs.
  let slotByteCount: Int32
  let slotsPerPage: Int32
  /// Pages of a run, or 1.
  let pageCount: Int32
  /// How many blocks a thread may keep.
  let magazineCapacity: Int32
  let stackCapacity: Int32
  var stackCount: Int32 = 0
  /// First of the pages with free slots, plus 1.
  var partial: UInt32 = 0
  let stack: UnsafeMutablePointer<UInt>

  private static let longestStack = 512
  private static let stackBytes = PoolLayout.indexCount * longestStack * 8

  /// Makes the classes of all three pools; nil and errno when the host refuses memory.
  static func makeAll(_ memory: PhysicalMemory) -> UnsafeMutablePointer<CentralClass>? {
    guard let stacks = Host.map(stackBytes) else { return nil }
    let classes = UnsafeMutablePointer<CentralClass>.allocate(capacity: PoolLayout.indexCount)
    let slots = stacks.assumingMemoryBound(to: UInt.self)
    for (kind, region) in [memory.nonpaged, memory.executable, memory.paged].enumerated() {
      let bytes = region.count << pageShift
      for number in 0..<PoolLayout.classesPerKind {
        let index = kind * PoolLayout.classesPerKind + number
        let pages = max(1, number - PoolLayout.runClassBase)
        let kept = pages <= PoolLayout.longestCachedRun ? bytes : 0
        (classes + index).initialize(
          to: CentralClass(
            slot: 0, pages: pages, poolByteCount: kept, stack: slots + index * longestStack))
      }
      _ = PoolLayout.slotSizes { number, size in
        let index = kind * PoolLayout.classesPerKind + number
        classes[index] = CentralClass(
          slot: size, pages: 1, poolByteCount: bytes, stack: slots + index * longestStack)
      }
    }
    return classes
  }

  static func unmapAll(_ classes: UnsafeMutablePointer<CentralClass>) {
    munmap(classes.pointee.stack, stackBytes)
    classes.deallocate()
  }

  private init(slot: Int, pages: Int, poolByteCount: Int, stack: UnsafeMutablePointer<UInt>) {
    let block = slot == 0 ? pages << pageShift : slot
    slotByteCount = Int32(slot)
    slotsPerPage = slot == 0 ? 0 : Int32(pageSize / slot)
    pageCount = Int32(pages)
    // A small pool must not vanish in caches.
    let kept = min(256 << 10, poolByteCount / 128)
    magazineCapacity = kept == 0 ? 0 : Int32(min(max(2, kept / block), Magazine.slotCount - 1))
    stackCapacity = Int32(min(max(2, 4 * kept / block), Self.longestStack))
    self.stack = stack
  }

  /// The number of a slot by its distance from the start of its page.
  func slot(at offset: Int) -> Int { offset / Int(slotByteCount) }
}
