import CDriverKit
import Machine
import Memory
import NTTypes

/// Blocks of released IRPs that stay out of use for a while, so that a second completion finds one that
/// is released, and not somebody else's.
struct ReleasedIRPs {
  static let capacity = 8

  private let places: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private var next = 0

  init() {
    places = .allocate(capacity: Self.capacity)
    places.initialize(repeating: nil, count: Self.capacity)
  }

  func destroy() { places.deallocate() }

  /// Keeps a block; gives the one that was kept longest, to be released in its place.
  mutating func keep(_ block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let place = places + next
    next = (next &+ 1) & (Self.capacity - 1)
    let old = place.pointee
    place.pointee = block
    return old
  }

  /// Takes the block out that was kept longest, when it has so many bytes.
  mutating func reuse(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard let block = places[next], IRPAllocation.hasSize(block, byteCount) else { return nil }
    places[next] = nil
    return block
  }

  /// Takes any block out; nil when there is none.
  mutating func takeAny() -> UnsafeMutableRawPointer? {
    var index = 0
    while index < Self.capacity {
      if let block = places[index] {
        places[index] = nil
        return block
      }
      index += 1
    }
    return nil
  }
}

extension IOManager {
  /// A request is completed, and drivers built with the address sanitizer may not touch its IRP any more:
  /// the system alone does, until it releases it.
  func retire(_ irp: IRPPointer) {
    // They are released in other ways.
    let unusual = IRPAllocation.quota | IRPAllocation.fromHost
    guard ShadowMemory.isMapped, machine.verifier.contains(.ioVerification),
      irp.pointee.AllocationFlags & (IRPAllocation.managed | unusual) == IRPAllocation.managed
    else {
      return
    }
    let start = UInt(bitPattern: irp)
    ShadowMemory.retire(start..<(start + UInt(irp.pointee.Size)))
  }

  /// The block of a released IRP stays out of use: that of a program's request with its thread, for the
  /// next one, those of drivers with the machine.
  @inline(never)
  func quarantine(_ block: UnsafeMutableRawPointer) {
    let start = UInt(bitPattern: block)
    // The next request may get it.
    ShadowMemory.clear(start..<(start + UInt(IRPAllocation.byteCount(block))))
    let old: UnsafeMutableRawPointer?
    if IRPAllocation.isSystems(block), let cache = IRPCache.current(machine),
      cache.pointee.released != nil
    {
      old = cache.pointee.released?.keep(block)
    } else {
      ledger.pointee.lock.lock()
      old = ledger.pointee.released.keep(block)
      ledger.pointee.lock.unlock()
    }
    if let old { machine.pool.free(old - watchByteCount, tag: Self.irpTag) }
  }

  /// Releases what drivers' IRPs stay out of use, before a driver's pool is counted.
  package func emptyQuarantine() {
    guard !machine.verifier.isEmpty else { return }
    while true {
      ledger.pointee.lock.lock()
      let block = ledger.pointee.released.takeAny()
      ledger.pointee.lock.unlock()
      guard let block else { return }
      machine.pool.free(block - watchByteCount, tag: Self.irpTag)
    }
  }
}
