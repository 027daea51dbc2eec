import CRing3
import Glibc
import Machine
import NTTypes

/// The pools of one machine: what the threads' caches exchange their blocks with.
public struct PoolState {
  let machine: Machine
  /// Mixed into every check word, so that no pattern passes for a header.
  let cookie: UInt64
  /// The frames of the three pools are adjacent: nonpaged, executable, paged.
  let firstFrame: FrameNumber
  let frameCount: Int
  let executableStart: Int
  let pagedStart: Int
  let base: UInt
  let words: UnsafeMutablePointer<PageWord>
  let descriptors: UnsafeMutablePointer<PageDescriptor>
  let centrals: UnsafeMutablePointer<CentralClass>

  /// Keeps the list of caches and the shape of their tag tables.
  var registryLock = MachineLock()
  var firstCache: UnsafeMutablePointer<PoolCache>?
  var retiredTags = TagTable()
  /// Bits that every cache's mode has.
  var mode: UInt32 = 0

  /// The cache for host threads that are in no kernel; they take turns.
  var hostLock = MachineLock()
  var hostCache: UnsafeMutablePointer<PoolCache>?

  var faults = PoolFaults(failing: 0)
  var faultLock = MachineLock()
  var conditions = PoolConditions()
  var conditionLock = MachineLock()
  var backing: PoolBacking
  /// Told when a condition begins or ends.
  var conditionsChanged:
    (@convention(c) (_ machine: UnsafeMutableRawPointer, _ conditions: UInt32) -> Void)?
  var isPagedHidden: UInt32 = 0
  /// Nil without the class `specialPool`.
  var special: UnsafeMutablePointer<SpecialPoolState>?
  /// Refuses executable pool: bug check 0xC4/0x2000.
  var forbidsExecutable = false

  private static let bytesPerPage =
    MemoryLayout<PageDescriptor>.stride + MemoryLayout<PageWord>.stride

  var span: UInt { UInt(frameCount) << UInt(pageShift) }

  init(_ machine: Machine) throws(MachineError) {
    let memory = machine.state.pointee.memory
    self.machine = machine
    cookie = (r3_timestamp() ^ UInt64(memory.base)) &* 0x9E37_79B9_7F4A_7C15
    firstFrame = memory.nonpaged.first
    frameCount = memory.paged.end - memory.nonpaged.first
    executableStart = memory.executable.first - memory.nonpaged.first
    pagedStart = memory.paged.first - memory.nonpaged.first
    base = UInt(bitPattern: memory.address(of: firstFrame))
    guard let pages = Host.map(frameCount * Self.bytesPerPage) else {
      throw MachineError(action: "mapping the page descriptors of the pools", code: errno)
    }
    guard let centrals = CentralClass.makeAll(memory) else {
      let code = errno
      munmap(pages, frameCount * Self.bytesPerPage)
      throw MachineError(action: "mapping the free lists of the pools", code: code)
    }
    descriptors = pages.assumingMemoryBound(to: PageDescriptor.self)
    words = (pages + frameCount * MemoryLayout<PageDescriptor>.stride)
      .assumingMemoryBound(to: PageWord.self)
    self.centrals = centrals
    backing = PoolBacking(memory)
    conditions.setThresholds(memory)
    if !machine.verifier.isDisjoint(with: Pool.classes) { mode = PoolMode.verifies }
    forbidsExecutable = machine.verifier.contains(.codeIntegrity)
    if machine.verifier.contains(.specialPool) { try makeSpecial() }
  }

  private mutating func makeSpecial() throws(MachineError) {
    let state = try SpecialPoolState(
      machine.state.pointee.configuration.specialPool, pageCount: frameCount, base: base)
    let special = UnsafeMutablePointer<SpecialPoolState>.allocate(capacity: 1)
    special.initialize(to: state)
    self.special = special
  }

  mutating func destroy() {
    special?.pointee.destroy()
    special?.deallocate()
    while let cache = firstCache {
      firstCache = cache.pointee.next
      cache.pointee.thread?.pointee.poolCache = nil
      PoolCache.unmap(cache)
    }
    retiredTags.destroy()
    CentralClass.unmapAll(centrals)
    munmap(descriptors, frameCount * Self.bytesPerPage)
  }

  /// The pool that a page belongs to, by its number among the pools' pages.
  func kind(ofPage page: Int) -> PoolKind {
    page < executableStart ? .nonpaged : page < pagedStart ? .nonpagedExecutable : .paged
  }

  func address(ofPage page: Int) -> UInt { base + UInt(page) << UInt(pageShift) }
}
