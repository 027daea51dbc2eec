import Glibc
import Machine
import NTTypes

/// Blocks with a page beside them that must not be touched, for the class `specialPool`.
///
/// Slots lie in chunks of a pool's pages, each with a guarded page before and behind it:
/// `guard | slot | guard | slot | ... | guard`. All of a chunk is guarded at first; taking a slot opens
/// its pages, releasing it closes them again. Released slots wait in the order of their release.
struct SpecialPoolState {
  /// Slots of up to so many pages are kept by their size; longer ones come and go one by one.
  static let longestKept = 32

  let selection: Selection
  let guards: GuardPages
  /// By page of the pools: records, and the first page of the slot that a page belongs to, plus 1.
  let records: UnsafeMutablePointer<SpecialRecord>
  let owners: UnsafeMutablePointer<UInt32>
  let pageCount: Int

  var lock = MachineLock()
  /// How many blocks each site has had, of those that are sampled.
  let sites = SiteCounts()
  /// By pool and size in pages: slots that were never used, and released ones.
  private let lists: UnsafeMutablePointer<SlotList>
  /// Released slots that are too long to be kept by size.
  var long = SlotList()
  /// Bytes of the pages that are out of use.
  var quarantinedByteCount = 0
  /// Whether the host refused to guard pages.
  var isRefused = false
  /// Requested bytes of live blocks, by pool.
  var liveByteCounts: (Int, Int, Int) = (0, 0, 0)

  private static let listCount = 3 * (longestKept + 1) * 2

  init(
    _ configuration: SpecialPoolSelection, pageCount: Int, base: UInt
  ) throws(MachineError) {
    let bytesPerPage = MemoryLayout<SpecialRecord>.stride + MemoryLayout<UInt32>.stride
    guard let memory = Host.map(pageCount * bytesPerPage) else {
      throw MachineError(action: "mapping the records of special pool", code: errno)
    }
    self.pageCount = pageCount
    records = memory.assumingMemoryBound(to: SpecialRecord.self)
    owners = (memory + pageCount * MemoryLayout<SpecialRecord>.stride)
      .assumingMemoryBound(to: UInt32.self)
    lists = .allocate(capacity: Self.listCount)
    lists.initialize(repeating: SlotList(), count: Self.listCount)
    guards = GuardPages(trying: base)
    selection = Selection(configuration)
  }

  func destroy() {
    munmap(
      records, pageCount * (MemoryLayout<SpecialRecord>.stride + MemoryLayout<UInt32>.stride))
    lists.deallocate()
    sites.destroy()
    selection.destroy()
  }

  func unused(_ kind: PoolKind, _ pages: Int) -> UnsafeMutablePointer<SlotList> {
    lists + (Int(kind.rawValue) * (Self.longestKept + 1) + pages) * 2
  }

  func released(_ kind: PoolKind, _ pages: Int) -> UnsafeMutablePointer<SlotList> {
    unused(kind, pages) + 1
  }

  /// Counts requested bytes of live blocks.
  mutating func count(_ kind: PoolKind, _ byteCount: Int) {
    switch kind {
    case .nonpaged: liveByteCounts.0 += byteCount
    case .nonpagedExecutable: liveByteCounts.1 += byteCount
    case .paged: liveByteCounts.2 += byteCount
    }
  }

  func liveByteCount(_ kind: PoolKind) -> Int {
    switch kind {
    case .nonpaged: liveByteCounts.0
    case .nonpagedExecutable: liveByteCounts.1
    case .paged: liveByteCounts.2
    }
  }
}
