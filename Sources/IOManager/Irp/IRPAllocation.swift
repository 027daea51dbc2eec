import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// Bytes of an IRP with `count` stack locations.
package func irpSize(_ count: Int) -> Int {
  MemoryLayout<IRP>.size + count * MemoryLayout<IO_STACK_LOCATION>.size
}

/// Who allocated an IRP, in `AllocationFlags`.
package enum IRPAllocation {
  /// From the cache of a thread, with room for ``IRPCache/stackCount`` locations.
  package static let cached: UInt8 = 0x04
  package static let quota: UInt8 = 0x01
  /// Made by the I/O manager or for it to free; not by IoAllocateIrp.
  package static let managed: UInt8 = 0x40
}

/// What the I/O manager keeps before an IRP that it allocated, out of reach of drivers' own stores.
package struct IRPPrefix {
  /// Bytes of the requester's output buffer: the most that is ever copied back.
  package var outputCapacity = 0
  /// Number of the request in its machine, for reports and traces.
  package var number: UInt64 = 0
  /// Where the requester follows the request; nil for an IRP that a driver made.
  package var progress: UnsafeMutablePointer<RequestProgress>?
  package var reserved: UInt64 = 0

  package static var size: Int { 32 }

  /// The prefix of an IRP that ``IOManager/allocateIRP(_:flags:)`` made.
  package static func of(_ irp: IRPPointer) -> UnsafeMutablePointer<IRPPrefix> {
    (UnsafeMutableRawPointer(irp) - size).assumingMemoryBound(to: IRPPrefix.self)
  }
}

/// IRPs that a thread keeps for its next requests: a list linked through the first word.
package struct IRPCache {
  /// Stack locations of each kept IRP.
  package static var stackCount: Int { 4 }
  static var maximumCount: Int { 8 }
  static var tag: UInt32 { 0x2070_7249 }  // Irp

  var first: UnsafeMutableRawPointer?
  var count = 0

  /// Gives everything back that a thread kept.
  static func drop(_ thread: UnsafeMutablePointer<R3Thread>) {
    guard let cache = thread.pointee.irpCache else { return }
    thread.pointee.irpCache = nil
    let machine = Machine(state: thread.pointee.machine.assumingMemoryBound(to: MachineState.self))
    var next = cache.load(as: IRPCache.self).first
    while let block = next {
      next = block.load(as: UnsafeMutableRawPointer?.self)
      machine.pool.free(block, tag: tag)
    }
    machine.pool.free(cache, tag: tag)
  }
}

extension IOManager {
  /// Makes an IRP as IoAllocateIrp does: zeroed, with no current location; nil without memory.
  package func allocateIRP(_ stackCount: Int, flags: UInt8 = 0) -> IRPPointer? {
    var flags = flags
    let block: UnsafeMutableRawPointer
    if stackCount <= IRPCache.stackCount, let kept = takeCached() {
      block = kept
      flags |= IRPAllocation.cached
    } else {
      let capacity = max(stackCount, IRPCache.stackCount)
      if capacity == IRPCache.stackCount { flags |= IRPAllocation.cached }
      guard
        let fresh = machine.pool.allocate(
          IRPPrefix.size + irpSize(capacity), kind: .nonpaged, tag: IRPCache.tag)
      else { return nil }
      block = fresh
    }
    block.initializeMemory(as: IRPPrefix.self, to: IRPPrefix())
    let irp = (block + IRPPrefix.size).assumingMemoryBound(to: IRP.self)
    initializeIRP(irp, stackCount, flags: flags)
    _ = r3_add64(&state.pointee.counters.liveIRPs, 1)
    return irp
  }

  /// Sets an IRP up as IoInitializeIrp does.
  package func initializeIRP(_ irp: IRPPointer, _ stackCount: Int, flags: UInt8) {
    let size = irpSize(stackCount)
    memset(irp, 0, size)
    irp.pointee.Type = 6
    irp.pointee.Size = UInt16(truncatingIfNeeded: size)
    irp.pointee.StackCount = Int8(truncatingIfNeeded: stackCount)
    irp.pointee.CurrentLocation = Int8(truncatingIfNeeded: stackCount + 1)
    irp.pointee.AllocationFlags = flags
    let list = UnsafeMutableRawPointer(irp) + 0x20
    list.storeBytes(of: list, as: UnsafeMutableRawPointer.self)
    (list + 8).storeBytes(of: list, as: UnsafeMutableRawPointer.self)
    irp.pointee.Tail.Overlay.CurrentStackLocation = stackLocations(irp) + stackCount
  }

  /// The lowest stack location; the array follows the IRP.
  package func stackLocations(_ irp: IRPPointer) -> StackPointer {
    (UnsafeMutableRawPointer(irp) + MemoryLayout<IRP>.size)
      .assumingMemoryBound(to: IO_STACK_LOCATION.self)
  }

  /// The location that the next driver called will see.
  package func nextLocation(_ irp: IRPPointer) -> StackPointer {
    irp.pointee.Tail.Overlay.CurrentStackLocation - 1
  }

  /// Frees an IRP.
  package func freeIRP(_ irp: IRPPointer) {
    let isCached = irp.pointee.AllocationFlags & IRPAllocation.cached != 0
    irp.pointee.Type = 0
    _ = r3_add64(&state.pointee.counters.liveIRPs, ~0)
    let block = UnsafeMutableRawPointer(irp) - IRPPrefix.size
    if isCached, keep(block) { return }
    machine.pool.free(block, tag: IRPCache.tag)
  }

  private func takeCached() -> UnsafeMutableRawPointer? {
    guard
      let cache = CurrentThread.pointer.pointee.irpCache?.assumingMemoryBound(to: IRPCache.self),
      let block = cache.pointee.first
    else { return nil }
    cache.pointee.first = block.load(as: UnsafeMutableRawPointer?.self)
    cache.pointee.count -= 1
    return block
  }

  private func keep(_ block: UnsafeMutableRawPointer) -> Bool {
    guard let cache = cacheOfThread(), cache.pointee.count < IRPCache.maximumCount else {
      return false
    }
    block.storeBytes(of: cache.pointee.first, as: UnsafeMutableRawPointer?.self)
    cache.pointee.first = block
    cache.pointee.count += 1
    return true
  }

  private func cacheOfThread() -> UnsafeMutablePointer<IRPCache>? {
    let thread = CurrentThread.pointer
    if let cache = thread.pointee.irpCache { return cache.assumingMemoryBound(to: IRPCache.self) }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<IRPCache>.size, kind: .nonpaged, tag: IRPCache.tag)
    else { return nil }
    let cache = block.bindMemory(to: IRPCache.self, capacity: 1)
    cache.initialize(to: IRPCache())
    thread.pointee.irpCache = block
    return cache
  }
}
