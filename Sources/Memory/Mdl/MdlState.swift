import CRing3
import Glibc
import Machine
import NTTypes

/// What a machine keeps for memory descriptor lists and mappings: its slot ``Layer/mdl``.
package struct MdlState {
  var lock = MachineLock()
  /// Mappings and reserved ranges of system space that have addresses of their own.
  var windows: UnsafeMutablePointer<Window>?
  /// Contiguous and noncached memory, so that it is freed as it was allocated.
  var runs: UnsafeMutablePointer<FrameRun>?
  var devices = DeviceMemory()
  /// Pages of system memory that are locked now.
  var systemLockedPageCount: UInt64 = 0
  /// What ended threads counted.
  var counters = MappingCounters()

  /// Pages that may be mapped into system space at a time; NULL or an exception is what comes beyond.
  package var mappingLimit = Int.max
  /// Gives every system mapping an address of its own, so that protection and an end of it take effect.
  ///
  /// Without it a mapping of adjacent frames is their address in RAM, and costs nothing.
  package var separatesMappings = false
}

/// What one thread mapped and unmapped; pages and mappings are counted up only.
struct MappingCounters {
  var mapped: UInt64 = 0
  var unmapped: UInt64 = 0
  var mappedPages: UInt64 = 0
  var unmappedPages: UInt64 = 0

  mutating func add(_ other: MappingCounters) {
    mapped &+= other.mapped
    unmapped &+= other.unmapped
    mappedPages &+= other.mappedPages
    unmappedPages &+= other.unmappedPages
  }
}

extension MdlState {
  /// Gives a machine its state.
  static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<MdlState>.allocate(capacity: 1)
    state.initialize(to: MdlState())
    state.pointee.separatesMappings = !machine.verifier.isDisjoint(with: [
      .specialPool, .poolTracking, .ioVerification, .securityChecks, .invariantMDL,
    ])
    if machine.guardsMappings { machine.state.pointee.hooks.mappingGuard = mappingGuard }
    machine[.mdl] = UnsafeMutableRawPointer(state)
    machine.state.pointee.hooks.threadEnded.append { thread in
      Machine(state: .init(OpaquePointer(thread.pointee.machine.unsafelyUnwrapped)))
        .foldCounters(of: thread)
    }
    machine.state.pointee.teardown.append { machine in
      let state = machine.mdls
      machine[.mdl] = nil
      machine.forEachCounters { free($0) }
      state.pointee.destroyWindows()
      state.pointee.destroyRuns()
      state.pointee.devices.destroy()
      state.deallocate()
    }
  }
}

extension Machine {
  /// The state of this layer; only after ``Memory/install(in:)``.
  package var mdls: UnsafeMutablePointer<MdlState> {
    self[.mdl].unsafelyUnwrapped.assumingMemoryBound(to: MdlState.self)
  }

  /// The running thread's counters, made when it first maps something.
  var counters: UnsafeMutablePointer<MappingCounters> {
    let slot = ThreadSlot.mdls.address(in: CurrentThread.pointer)
      .assumingMemoryBound(to: UnsafeMutablePointer<MappingCounters>?.self)
    if let counters = slot.pointee { return counters }
    let block = malloc(MemoryLayout<MappingCounters>.size)!
    let counters = block.bindMemory(to: MappingCounters.self, capacity: 1)
    counters.initialize(to: MappingCounters())
    slot.pointee = counters
    return counters
  }

  /// Adds the counters of a thread that ends to those of the machine.
  fileprivate func foldCounters(of thread: UnsafeMutablePointer<R3Thread>) {
    let slot = ThreadSlot.mdls.address(in: thread)
      .assumingMemoryBound(to: UnsafeMutablePointer<MappingCounters>?.self)
    guard let counters = slot.pointee else { return }
    slot.pointee = nil
    mdls.pointee.lock.lockStaying()
    mdls.pointee.counters.add(counters.pointee)
    mdls.pointee.lock.unlock()
    free(counters)
  }

  /// Runs `body` with the counters of every thread that has some.
  func forEachCounters(_ body: (UnsafeMutablePointer<MappingCounters>) -> Void) {
    var next = state.pointee.threads.first
    while let thread = next {
      // The block of a thread that has ended belongs to somebody else; its counts are in the sum.
      if thread.pointee.hasBlock {
        let slot = ThreadSlot.mdls.address(in: thread.pointee.block)
          .assumingMemoryBound(to: UnsafeMutablePointer<MappingCounters>?.self)
        if let counters = slot.pointee { body(counters) }
      }
      next = thread.pointee.next
    }
  }

  private var totals: MappingCounters {
    var total = mdls.pointee.counters
    forEachCounters { total.add($0.pointee) }
    return total
  }

  /// System mappings of descriptor lists that live now.
  package var systemMappingCount: Int {
    let total = totals
    return Int(truncatingIfNeeded: total.mapped &- total.unmapped)
  }

  /// Pages that these mappings take.
  package var systemMappedPageCount: Int {
    let total = totals
    return Int(truncatingIfNeeded: total.mappedPages &- total.unmappedPages)
  }

  /// Pages locked now, user and system; a page counts once for each lock.
  package var lockedPageCount: Int {
    lockedUserPageCount + Int(r3_load64(systemLockedPages))
  }

  var systemLockedPages: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(mdls)
      + MemoryLayout<MdlState>.offset(of: \.systemLockedPageCount).unsafelyUnwrapped
  }

  /// Gives every system mapping an address of its own from now on: a driver may change the protection of one.
  package func separateMappings() { mdls.pointee.separatesMappings = true }

  /// Whether any of Driver Verifier's checks is on.
  var verifies: Bool { !verifier.isEmpty }
}
