import Machine

/// What the runtime keeps for one machine.
package struct RuntimeState {
  /// Which levels of debug output are shown, by component; bit 0 (errors) always is.
  var debugFilters: InlineArray<256, UInt32> = .init(repeating: 0)
  /// State of `rand`.
  var randomSeed: UInt32 = 1
}

/// The runtime's part of a machine.
package enum Runtime {
  /// Sets the runtime up in a machine that is being made.
  package static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<RuntimeState>.allocate(capacity: 1)
    state.initialize(to: RuntimeState())
    machine[.runtime] = UnsafeMutableRawPointer(state)
    machine.state.pointee.teardown.append { machine in
      machine.runtime.deallocate()
      machine[.runtime] = nil
    }
  }
}

extension Machine {
  /// The runtime's state.
  var runtime: UnsafeMutablePointer<RuntimeState> {
    guard let state = self[.runtime] else { fatalError("This machine has no runtime installed.") }
    return state.assumingMemoryBound(to: RuntimeState.self)
  }
}
