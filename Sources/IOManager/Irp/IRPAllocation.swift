import CDriverKit
import CRing3
import NTTypes
import Glibc
import Machine
import Memory

/// Bytes of an IRP with `count` stack locations.
package func irpSize(_ count: Int) -> Int {
  MemoryLayout<IRP>.size + count * MemoryLayout<IO_STACK_LOCATION>.size
}

/// Who allocated an IRP, in `AllocationFlags`.
package enum IRPAllocation {
  /// The requester's process pays for the block.
  package static let quota: UInt8 = 0x01
  /// Room for exactly ``IRPCache/stackCount`` locations: a thread may keep the block.
  package static let cached: UInt8 = 0x04
  /// In a verified machine: the block lies beside guarded pages.
  static let guarded: UInt8 = 0x08
  /// In a verified machine: made while no driver had called.
  static let systems: UInt8 = 0x10
  /// In the host's own memory: a request that must be sent though there is no pool.
  static let fromHost: UInt8 = 0x20
  /// Made by the I/O manager, or for it to free; not by IoAllocateIrp.
  package static let managed: UInt8 = 0x40
  /// There is an ``IRPPrefix`` before the IRP: not set up by IoInitializeIrp in a driver's own memory.
  package static let prefixed: UInt8 = 0x80
}

extension IRPAllocation {
  /// Whether the IRP in a block was made while no driver had called.
  static func isSystems(_ block: UnsafeMutableRawPointer) -> Bool {
    irp(in: block).pointee.AllocationFlags & systems != 0
  }

  /// Whether the block of an IRP has so many bytes.
  static func hasSize(_ block: UnsafeMutableRawPointer, _ byteCount: Int) -> Bool {
    self.byteCount(block) == byteCount
  }

  /// The bytes of an IRP's block.
  static func byteCount(_ block: UnsafeMutableRawPointer) -> Int {
    IRPPrefix.size + Int(irp(in: block).pointee.Size)
  }

  private static func irp(in block: UnsafeMutableRawPointer) -> IRPPointer {
    (block + IRPPrefix.size).assumingMemoryBound(to: IRP.self)
  }
}

/// What the I/O manager keeps before an IRP that it allocated, out of reach of drivers' own stores.
package struct IRPPrefix {
  /// Bytes of the requester's output buffer: the most that is ever copied back.
  package var outputCapacity = 0
  /// Where the requester follows the request; nil for an IRP that a driver made.
  package var progress: UnsafeMutablePointer<RequestProgress>?
  /// The event object to let go when the request is finished.
  var eventObject: UnsafeMutableRawPointer?
  /// Who has the request: ``IRPStage``.
  var stage: UInt64 = 0

  package static var size: Int { 32 }

  /// The prefix of an IRP that ``IOManager/allocateIRP(_:flags:charging:)`` made.
  @inline(__always)
  package static func of(_ irp: IRPPointer) -> UnsafeMutablePointer<IRPPrefix> {
    (UnsafeMutableRawPointer(irp) - size).assumingMemoryBound(to: IRPPrefix.self)
  }
}

/// What has become of a request of a thread; its completion and the end of its thread meet here.
enum IRPStage {
  static let withDriver: UInt64 = 0
  /// An APC will finish it in its thread.
  static let finishing: UInt64 = 1
  /// Its thread does not wait for it any more.
  static let detached: UInt64 = 2
}

extension UnsafeMutablePointer where Pointee == IRPPrefix {
  /// Moves the request from its driver to another stage; false when somebody else has.
  func leaveDriver(to stage: UInt64) -> Bool {
    let address =
      UnsafeMutableRawPointer(self) + MemoryLayout<IRPPrefix>.offset(of: \.stage).unsafelyUnwrapped
    return r3_cas64(address, IRPStage.withDriver, stage)
  }
}

extension IOManager {
  static var irpTag: UInt32 { 0x2070_7249 }  // Irp

  /// Makes an IRP as IoAllocateIrp does: zeroed, with no current location; nil without memory.
  package func allocateIRP(
    _ stackCount: Int, flags: UInt8 = 0, charging process: Process? = nil
  ) -> IRPPointer? {
    var flags = flags | IRPAllocation.prefixed
    guard UInt(bitPattern: stackCount) < 127, let cache = IRPCache.current(machine),
      let block = takeBlock(cache, stackCount, process, &flags)
    else { return nil }
    block.initializeMemory(as: IRPPrefix.self, to: IRPPrefix())
    let irp = (block + IRPPrefix.size).assumingMemoryBound(to: IRP.self)
    if stackCount <= IRPCache.stackCount { flags |= IRPAllocation.cached }
    if process != nil { flags |= IRPAllocation.quota }
    initializeIRP(irp, stackCount, flags: flags)
    cache.pointee.counters.liveIRPs &+= 1
    return irp
  }

  /// Makes what the running thread needs for its requests now, so that no driver is said to have
  /// asked for it.
  package func prepareThread() { _ = IRPCache.current(machine) }

  /// Makes an IRP for what cannot fail: the end of a file that was opened.
  package func allocateIRPAlways(_ stackCount: Int) -> IRPPointer {
    if let irp = allocateIRP(stackCount, flags: IRPAllocation.managed) { return irp }
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: watchByteCount + IRPPrefix.size + irpSize(stackCount), alignment: 16)
    let block = start + watchByteCount
    if watchByteCount > 0 { start.initializeMemory(as: IRPWatch.self, to: IRPWatch()) }
    block.initializeMemory(as: IRPPrefix.self, to: IRPPrefix())
    let irp = (block + IRPPrefix.size).assumingMemoryBound(to: IRP.self)
    initializeIRP(
      irp, stackCount,
      flags: IRPAllocation.managed | IRPAllocation.prefixed | IRPAllocation.fromHost)
    return irp
  }

  @inline(__always)
  private func takeBlock(
    _ cache: UnsafeMutablePointer<IRPCache>, _ stackCount: Int, _ process: Process?,
    _ flags: inout UInt8
  ) -> UnsafeMutableRawPointer? {
    if stackCount <= IRPCache.stackCount, process == nil, let kept = cache.pointee.take() {
      return kept
    }
    return makeBlock(cache, stackCount, process, &flags)
  }

  @inline(never)
  private func makeBlock(
    _ cache: UnsafeMutablePointer<IRPCache>, _ stackCount: Int, _ process: Process?,
    _ flags: inout UInt8
  ) -> UnsafeMutableRawPointer? {
    if !machine.verifier.isEmpty {
      if !isInDriver { flags |= IRPAllocation.systems }
      guard let block = takeCheckedBlock(cache, stackCount, process, &flags) else { return nil }
      (block - IRPWatch.size).initializeMemory(as: IRPWatch.self, to: IRPWatch())
      return block
    }
    return machine.pool.allocate(
      IRPPrefix.size + irpSize(max(stackCount, IRPCache.stackCount)), kind: .nonpaged,
      tag: Self.irpTag, charging: process)
  }

  /// A block in a verified machine: some are guarded, and those of programs' requests come out of the
  /// quarantine again.
  @inline(never)
  private func takeCheckedBlock(
    _ cache: UnsafeMutablePointer<IRPCache>, _ stackCount: Int, _ process: Process?,
    _ flags: inout UInt8
  ) -> UnsafeMutableRawPointer? {
    let byteCount = IRPPrefix.size + irpSize(stackCount)
    let isInDriver = isInDriver
    var isGuarded = true
    if !isInDriver, process == nil {
      cache.pointee.requestCount &+= 1
      isGuarded = GuardSampling.takes(cache.pointee.requestCount)
      if !isGuarded || !machine.pool.guardsDrivers,
        let block = cache.pointee.released?.reuse(byteCount)
      {
        return block
      }
    }
    var request = PoolRequest(IRPWatch.size + byteCount, .nonpaged, Self.irpTag)
    request.process = process
    request.isSampled = isInDriver || process != nil
    request.isDriver = request.isSampled ? isInDriver : isGuarded
    var failure = PoolFailure.none
    guard let start = machine.pool.allocate(request, failure: &failure) else { return nil }
    if machine.pool.isGuarded(start) { flags |= IRPAllocation.guarded }
    return start + IRPWatch.size
  }

  /// Whether a driver called what runs now.
  private var isInDriver: Bool { r3_current()?.pointee.frames != nil }

  /// Sets an IRP up as IoInitializeIrp does.
  package func initializeIRP(_ irp: IRPPointer, _ stackCount: Int, flags: UInt8) {
    let size = irpSize(stackCount)
    memset(irp, 0, size)
    irp.pointee.Type = 6
    irp.pointee.Size = UInt16(truncatingIfNeeded: size)
    irp.pointee.StackCount = Int8(truncatingIfNeeded: stackCount)
    irp.pointee.CurrentLocation = Int8(truncatingIfNeeded: stackCount + 1)
    irp.pointee.AllocationFlags = flags
    let entry = threadEntry(irp)
    entry.pointee.Flink = entry
    entry.pointee.Blink = entry
    irp.pointee.Tail.Overlay.CurrentStackLocation = stackLocations(irp) + stackCount
  }

  /// The lowest stack location; the array follows the IRP.
  package func stackLocations(_ irp: IRPPointer) -> StackPointer {
    (UnsafeMutableRawPointer(irp) + MemoryLayout<IRP>.size)
      .assumingMemoryBound(to: IO_STACK_LOCATION.self)
  }

  /// The location that the next driver called will see.
  @inline(__always)
  package func nextLocation(_ irp: IRPPointer) -> StackPointer {
    irp.pointee.Tail.Overlay.CurrentStackLocation - 1
  }

  /// Frees an IRP.
  package func freeIRP(_ irp: IRPPointer) { free(irp) }

  @inline(__always)
  func free(_ irp: IRPPointer) {
    let flags = irp.pointee.AllocationFlags
    if irp.pointee.Type != 6 || isQueued(irp) { refuseFree(irp) }
    // Whoever completes it again is found by this.
    irp.pointee.Type = 0
    let plain = IRPAllocation.cached | IRPAllocation.prefixed
    let unusual = IRPAllocation.quota | IRPAllocation.fromHost
    if flags & (plain | unusual) == plain, let cache = IRPCache.current(machine) {
      cache.pointee.counters.liveIRPs &-= 1
      let block = UnsafeMutableRawPointer(irp) - IRPPrefix.size
      if !cache.pointee.keep(block) { release(block, flags) }
      return
    }
    freeUnusual(irp, flags)
  }

  /// Gives the block of an IRP back that no thread keeps.
  @inline(never)
  private func release(_ block: UnsafeMutableRawPointer, _ flags: UInt8) {
    if flags & IRPAllocation.guarded == 0, machine.verifier.contains(.ioVerification) {
      quarantine(block)
    } else {
      machine.pool.free(block - watchByteCount, tag: Self.irpTag)
    }
  }

  /// Frees an IRP that no thread keeps.
  @inline(never)
  private func freeUnusual(_ irp: IRPPointer, _ flags: UInt8) {
    guard flags & IRPAllocation.prefixed != 0 else {
      // A driver's own memory, which it set up with IoInitializeIrp.
      machine.pool.free(UnsafeMutableRawPointer(irp))
      return
    }
    let block = UnsafeMutableRawPointer(irp) - IRPPrefix.size
    if flags & IRPAllocation.fromHost != 0 {
      (block - watchByteCount).deallocate()
      return
    }
    if let cache = IRPCache.current(machine) { cache.pointee.counters.liveIRPs -= 1 }
    if flags & IRPAllocation.quota != 0 {
      machine.pool.free(block - watchByteCount, tag: Self.irpTag)
    } else {
      release(block, flags)
    }
  }

  /// What is freed is no IRP, or a thread still has it in its list.
  @inline(never)
  private func refuseFree(_ irp: IRPPointer) -> Never {
    machine.bugCheck(0xC9, irp.pointee.Type == 6 ? 2 : 1, bits(irp), 0, 0)
  }
}
