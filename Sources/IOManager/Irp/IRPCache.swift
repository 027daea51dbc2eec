import CRing3
import NTTypes
import Machine
import Memory

/// What the I/O manager keeps for a thread: IRPs for its next requests, and its figures.
///
/// The IRPs form a list through the first word of their blocks.
struct IRPCache {
  /// Stack locations of each kept IRP.
  static var stackCount: Int { 4 }
  static var maximumCount: Int { 8 }

  private var first: UnsafeMutableRawPointer?
  private var count = 0
  private let capacity: Int
  var counters = IOCounters()
  /// In a verified machine: IRPs of the thread's requests that stay out of use, and how many it made.
  var released: ReleasedIRPs?
  var requestCount: UInt32 = 0
  let state: UnsafeMutablePointer<IOManagerState>

  private init(capacity: Int, state: UnsafeMutablePointer<IOManagerState>) {
    self.capacity = capacity
    self.state = state
  }

  mutating func take() -> UnsafeMutableRawPointer? {
    guard let block = first else { return nil }
    first = block.load(as: UnsafeMutableRawPointer?.self)
    count &-= 1
    return block
  }

  mutating func keep(_ block: UnsafeMutableRawPointer) -> Bool {
    guard count < capacity else { return false }
    block.storeBytes(of: first, as: UnsafeMutableRawPointer?.self)
    first = block
    count &+= 1
    return true
  }

  /// The cache of the running thread, made at its first request; nil without memory.
  @inline(__always)
  static func current(_ machine: Machine) -> UnsafeMutablePointer<IRPCache>? {
    if let cache = CurrentThread.pointer.pointee.irpCache {
      return cache.assumingMemoryBound(to: IRPCache.self)
    }
    return make(machine)
  }

  @inline(never)
  private static func make(_ machine: Machine) -> UnsafeMutablePointer<IRPCache>? {
    // It stays with the thread.
    let made = CurrentThread.makingForSystem {
      machine.pool.allocate(MemoryLayout<IRPCache>.size, kind: .nonpaged, tag: IOManager.irpTag)
    }
    guard let block = made else { return nil }
    let cache = block.bindMemory(to: IRPCache.self, capacity: 1)
    // A checked machine lets pool poison each freed IRP.
    let isChecked = !machine.verifier.isEmpty
    cache.initialize(to: IRPCache(capacity: isChecked ? 0 : maximumCount, state: machine.io.state))
    if isChecked { cache.pointee.released = ReleasedIRPs() }
    CurrentThread.pointer.pointee.irpCache = block
    return cache
  }

  /// Gives everything back that a thread kept.
  static func drop(_ thread: UnsafeMutablePointer<R3Thread>) {
    guard let block = thread.pointee.irpCache else { return }
    let machine = Machine(state: thread.pointee.machine.assumingMemoryBound(to: MachineState.self))
    let io = machine.io
    let cache = block.assumingMemoryBound(to: IRPCache.self)
    io.state.pointee.recordLock.lockStaying()
    io.state.pointee.counters += cache.pointee.counters
    thread.pointee.irpCache = nil
    io.state.pointee.recordLock.unlock()
    while let kept = cache.pointee.take() { machine.pool.free(kept, tag: IOManager.irpTag) }
    while let block = cache.pointee.released?.takeAny() {
      machine.pool.free(block - io.watchByteCount, tag: IOManager.irpTag)
    }
    cache.pointee.released?.destroy()
    machine.pool.free(block, tag: IOManager.irpTag)
  }
}
