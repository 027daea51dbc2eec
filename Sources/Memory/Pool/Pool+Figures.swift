import CRing3
import Machine

/// What was allocated and freed under one tag in nonpaged or in paged pool.
public struct PoolTagUsage: Sendable, Hashable {
  /// The tag as the number that a driver passes.
  public let tag: UInt32
  /// Whether the figures are those of paged pool; nonpaged and executable pool count together.
  public let isPaged: Bool
  /// Allocations since the machine was made.
  public internal(set) var allocationCount: UInt64 = 0
  /// Frees since the machine was made.
  public internal(set) var freeCount: UInt64 = 0
  /// Requested bytes of the live blocks.
  public internal(set) var byteCount = 0
  /// Most requested bytes that were live at once, added up over threads: never too small.
  public internal(set) var peakByteCount = 0

  /// Allocations since the machine was made.
  public var liveCount: Int { Int(truncatingIfNeeded: allocationCount &- freeCount) }

  /// The tag as its four characters in memory order.
  public var name: String { Self.name(tag) }

  /// A tag as its four characters in memory order: 0x46726564 is "derF".
  public static func name(_ tag: UInt32) -> String {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> ($0 * 8)) }
    return String(
      decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
  }
}

/// A live block, for reports.
public struct PoolBlock: Sendable, Hashable {
  /// First address of the block.
  public let address: UInt
  /// Bytes that were asked for.
  public let byteCount: Int
  /// The tag as the number that a driver passes.
  public let tag: UInt32
  /// The pool that the block is from.
  public let kind: PoolKind
  /// Where in the driver it was asked for; 0 when the machine does not verify.
  public let site: UInt64
  /// The driver's stack at that time.
  package let allocated: StackNumber

  init(
    address: UInt, byteCount: Int, tag: UInt32, kind: PoolKind, origin: BlockOrigin
  ) {
    self.address = address
    self.byteCount = byteCount
    self.tag = tag
    self.kind = kind
    site = origin.site
    allocated = origin.stack
  }

  init(_ record: SpecialRecord) {
    self.init(
      address: record.address, byteCount: record.byteCount, tag: record.tag, kind: record.kind,
      origin: BlockOrigin(site: record.site, stack: record.allocated))
  }
}

extension Pool {
  /// The figures of every tag that was ever used, ordered by tag.
  package func tagStatistics() -> [PoolTagUsage] {
    var sums: [UInt64: PoolTagUsage] = [:]
    forEachTable { table in
      table.forEach { usage in
        let key = usage.pointee.key
        var sum =
          sums[key] ?? PoolTagUsage(tag: UInt32(truncatingIfNeeded: key), isPaged: key >> 33 != 0)
        sum.add(usage.pointee)
        sums[key] = sum
      }
    }
    return sums.values.filter { $0.allocationCount != 0 }.sorted {
      ($0.tag.byteSwapped, $1.isPaged ? 1 : 0) < ($1.tag.byteSwapped, $0.isPaged ? 1 : 0)
    }
  }

  /// The figures of one tag in nonpaged or in paged pool.
  package func usage(of tag: UInt32, isPaged: Bool) -> PoolTagUsage {
    var sum = PoolTagUsage(tag: tag, isPaged: isPaged)
    forEachTable { table in
      if let usage = table.find(TagUsage.key(tag, isPaged: isPaged)) { sum.add(usage.pointee) }
    }
    return sum
  }

  private func forEachTable(_ body: (TagTable) -> Void) {
    // After a bug check nothing changes any more, and the lock may be held.
    let isLocked = !machine.isHalted
    if isLocked { state.pointee.registryLock.lockStaying() }
    body(state.pointee.retiredTags)
    var next = state.pointee.firstCache
    while let cache = next {
      body(cache.pointee.tags)
      next = cache.pointee.next
    }
    if isLocked { state.pointee.registryLock.unlock() }
  }

  /// The live blocks, in the order of their addresses: those with `tag`, or all.
  ///
  /// Exact when no other thread allocates meanwhile.
  package func liveBlocks(tag: UInt32? = nil) -> [PoolBlock] {
    var blocks: [PoolBlock] = []
    var page = 0
    while page < state.pointee.frameCount {
      let word = state.pointee.words[page]
      var step = 1
      if word.state == PageWord.shared {
        appendBlocks(inPage: page, word.sharedIndex, to: &blocks)
      } else if word.state == PageWord.liveRun {
        let byteCount = runByteCount(page)
        blocks.append(
          PoolBlock(
            address: state.pointee.address(ofPage: page), byteCount: byteCount, tag: word.tag,
            kind: word.kind,
            origin: verifies && word.hasDetails
              ? origin(state.pointee.descriptors[page].second) : .none))
        step = PoolLayout.pageCount(max(byteCount, 1))
      }
      page += step
    }
    forEachSpecialBlock { record in
      blocks.append(PoolBlock(record))
    }
    if special != nil { blocks.sort { $0.address < $1.address } }
    return tag.map { tag in blocks.filter { $0.tag == tag } } ?? blocks
  }

  private func appendBlocks(
    inPage page: Int, _ index: Int, to blocks: inout [PoolBlock]
  ) {
    let central = state.pointee.centrals[index]
    let descriptor = state.pointee.descriptors[page]
    for slot in 0..<Int(central.slotsPerPage) where !descriptor.isSlotFree(slot) {
      let start = state.pointee.address(ofPage: page) + UInt(slot * Int(central.slotByteCount))
      let end = start + UInt(central.slotByteCount)
      // A block may be moved inside its slot.
      for address in [start + 16, (start + 16 + 63) & ~63] {
        guard case .block(let block) = locate(address) else { continue }
        let word = block.header.pointee.word
        let hasSite = verifies && word.bits & BlockWord.hasTrailer != 0
        blocks.append(
          PoolBlock(
            address: address, byteCount: word.byteCount, tag: word.tag, kind: word.kind,
            origin: hasSite ? origin(Block.trailer(end).pointee.origin) : .none))
        break
      }
    }
  }

  /// Blocks that a driver whose code lies in `range` asked for and did not free.
  ///
  /// Only a machine that verifies knows who asked.
  package func blocks(askedForIn range: Range<UInt>) -> [PoolBlock] {
    liveBlocks().filter { range.contains(UInt($0.site)) }
  }

  /// Tag of the stubs of routines that drivers ask for by name.
  package static var stubTag: UInt32 { 0x6275_7453 }  // Stub
}

extension PoolTagUsage {
  fileprivate mutating func add(_ usage: TagUsage) {
    allocationCount &+= usage.allocations
    freeCount &+= usage.frees
    byteCount += Int(usage.liveByteCount)
    peakByteCount += Int(usage.peak)
  }
}
