import CRing3
import Glibc
import Machine

/// How far nonpaged pool lies in huge pages of the host.
///
/// A pool that grows beyond ``smallest`` gets its memory in pieces of ``step``: the host finds a huge
/// page of zeros sooner than 512 small ones one by one, and the processor finds the way to it again
/// without a walk through page tables. A host that has no huge pages gives small ones, as ever.
struct PoolBacking {
  private var lock = MachineLock()
  /// Where the pool begins and ends.
  private let first: FrameNumber
  private let limit: FrameNumber
  /// The frame up to which nothing is left to do.
  private(set) var end: FrameNumber

  /// Pools of up to so many bytes are not looked after: a machine that does little stays small.
  static let smallest = 8 << 20
  static let step = 8 << 20
  /// Frames of a huge page.
  private static var huge: Int { Host.hugePageSize >> pageShift }

  init(_ memory: PhysicalMemory) {
    first = memory.nonpaged.first
    limit = memory.nonpaged.end
    end = (first + Self.smallest >> pageShift) & ~(Self.huge - 1)
    // Of less than a step nothing is to be had.
    if limit - end < Self.step >> pageShift { end = limit }
  }

  /// Gets huge pages for the frames before `wanted`, and in front of what it got before for all that
  /// the pool had until now.
  mutating func grow(to wanted: FrameNumber, _ memory: PhysicalMemory) {
    lock.lockStaying()
    while wanted > end {
      let isFirst = end - first <= Self.smallest >> pageShift
      let next = min(end + Self.step >> pageShift, limit)
      let start = isFirst ? first : end
      let isRefused = !Self.collapse(start, next, memory)
      end = isRefused ? limit : next
    }
    lock.unlock()
  }

  /// Has the host put huge pages in the place of small ones, contents and all; false when it cannot.
  private static func collapse(_ first: FrameNumber, _ end: FrameNumber, _ memory: PhysicalMemory)
    -> Bool
  {
    let start = (first + huge - 1) & ~(huge - 1)
    let count = (end & ~(huge - 1)) - start
    guard count > 0 else { return true }
    // The host looks at places only where there is a page already; reading makes one.
    for frame in stride(from: start, to: start + count, by: huge) {
      _ = r3_load32(memory.address(of: frame))
    }
    // MADV_COLLAPSE. It may find no memory for some of them, which then stay as they are.
    return madvise(memory.address(of: start), count << pageShift, 25) == 0 || errno != EINVAL
  }
}

extension Pool {
  @inline(never)
  func growBacking(to end: FrameNumber) {
    // What special pool guards cannot be read, and its pages are better small.
    guard special == nil else { return }
    state.pointee.backing.grow(to: end, machine.state.pointee.memory)
  }
}
