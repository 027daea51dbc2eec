import CRing3
import Glibc
import Machine
import NTTypes

/// The memory layer of a machine: what hangs in its slot ``Layer/memory``.
package struct Memory {
  package var pool: PoolState
  package var lookaside: LookasideRegistry
  var depots: DepotTable
  /// Import stubs in executable pool, for routines that a driver calls through a pointer.
  package var stubs: DriverStubs
  var pageable = PageableSections()

  /// Gives a machine its pools, lookaside lists and mappings; whoever makes the machine calls it once.
  ///
  /// - Throws: ``MachineError`` when the host refuses memory.
  package static func install(in machine: Machine) throws(MachineError) {
    let pool = try PoolState(machine)
    let memory = UnsafeMutablePointer<Memory>.allocate(capacity: 1)
    memory.initialize(
      to: Memory(
        pool: pool, lookaside: LookasideRegistry(), depots: DepotTable(), stubs: DriverStubs()))
    machine[.memory] = UnsafeMutableRawPointer(memory)
    memory.pointee.stubs.make(in: machine)
    machine.state.pointee.hooks.allocateString = { byteCount, tag in
      Pool.current.allocate(byteCount, kind: .paged, tag: tag)
    }
    machine.state.pointee.hooks.freeString = { Pool.current.free($0) }
    machine.state.pointee.hooks.everySecond = {
      Machine.current.lookaside.tune()
      Machine.current.trimDepots()
    }
    machine.state.pointee.hooks.threadEnded.append { thread in Pool.threadEnded(thread) }
    if machine.state.pointee.configuration.forcesIRQLChecking {
      machine.state.pointee.hooks.levelRaised = {
        Pool.current.hidePaged()
        Machine.current.pageableSections?.pointee.hide()
      }
      machine.state.pointee.hooks.levelLowered = {
        Pool.current.showPaged()
        Machine.current.pageableSections?.pointee.show()
      }
      machine.state.pointee.hooks.judgePageable = { state, address, level, access, isInHost in
        let machine = Machine(state: state.assumingMemoryBound(to: MachineState.self))
        return machine.pageableSections?.pointee.judge(
          address, level: level, R3Access(rawValue: access), isInHost: isInHost
        ).rawValue ?? 0
      }
      machine.state.pointee.hooks.resolveSystemFault = { address, level in
        Pool.current.resolveFault(address, irql: level)
      }
    }
    if machine.verifier.contains(.specialPool) {
      machine.state.pointee.hooks.judgeGuardedFault = { address, fault in
        Machine.current.pool.judgeFault(
          address, fault.assumingMemoryBound(to: GuardedFault.self))
      }
    }
    machine.state.pointee.teardown.append { machine in
      guard let memory = machine.memory else { return }
      machine[.memory] = nil
      memory.pointee.lookaside.destroy()
      memory.pointee.depots.destroy()
      memory.pointee.pool.destroy()
      memory.pointee.pageable.destroy()
      memory.deinitialize(count: 1)
      memory.deallocate()
    }
    MdlState.install(in: machine)
  }
}

extension Machine {
  /// The state of this layer; nil before ``Memory/install(in:)``.
  var memory: UnsafeMutablePointer<Memory>? {
    self[.memory]?.assumingMemoryBound(to: Memory.self)
  }

  /// The pools of this machine.
  @inlinable public var pool: Pool {
    Pool(state: self[.memory].unsafelyUnwrapped.assumingMemoryBound(to: PoolState.self))
  }
}
