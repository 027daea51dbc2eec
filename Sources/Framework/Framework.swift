import CDriverKit
import CRing3
import NTTypes
import IOManager
import Machine
import Memory

/// The driver framework (KMDF) of a machine: what hangs in its slot ``Layer/framework``.
package struct Framework {
  package let machine: Machine
  package let state: UnsafeMutablePointer<FrameworkState>

  package init(machine: Machine) {
    self.machine = machine
    state = machine[.framework].unsafelyUnwrapped.assumingMemoryBound(to: FrameworkState.self)
  }

  /// The framework of the machine that the running kernel thread belongs to.
  @inline(__always)
  package static var current: Framework { Framework(machine: .current) }

  /// Gives a new machine its framework; whoever makes the machine calls it once.
  ///
  /// - Throws: ``MachineError`` when the host refuses memory.
  package static func install(in machine: Machine) throws(MachineError) {
    let handles = try HandleTable(machineNumber: machine.state.pointee.number)
    let state = UnsafeMutablePointer<FrameworkState>.allocate(capacity: 1)
    state.initialize(to: FrameworkState(handles: handles))
    machine[.framework] = UnsafeMutableRawPointer(state)
    let framework = Framework(machine: machine)
    framework.registerClasses()
    state.pointee.everySecond = machine.state.pointee.hooks.everySecond
    machine.state.pointee.hooks.everySecond = { Framework.current.trimLists() }
    if machine.verifier.contains(.wdf) {
      machine.state.pointee.hooks.driverStarted = { driver in
        Framework.current.checkStart(of: driver.assumingMemoryBound(to: DRIVER_OBJECT.self))
      }
    }
    machine.state.pointee.teardown.append { machine in
      guard let slot = machine[.framework] else { return }
      let state = slot.assumingMemoryBound(to: FrameworkState.self)
      machine[.framework] = nil
      state.pointee.handles.destroy()
      state.pointee.endedHandles.destroy()
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }

  /// Whether drivers' mistakes are looked for that only the framework's verifier finds.
  @inline(__always)
  var verifies: Bool { machine.verifier.contains(.wdf) }
}

extension Machine {
  /// The driver framework.
  package var framework: Framework { Framework(machine: self) }
}

/// What the framework keeps for a machine.
package struct FrameworkState {
  var handles: HandleTable
  /// What each kind of object does at its end, by ``ObjectKind``.
  var classes = InlineArray<64, ObjectClass>(repeating: ObjectClass())
  /// Guards ``drivers``, ``classLibraries``, and lookaside lists against their end.
  var lock = MachineLock()
  /// The drivers that are bound, newest first.
  var drivers: UnsafeMutablePointer<DriverGlobals>?
  /// The class libraries that drivers have registered, newest first; changed at PASSIVE_LEVEL under
  /// ``lock``.
  var classLibraries: UnsafeMutablePointer<ClassLibrary>?
  /// WDFLOOKASIDE objects that are deleted and have entries in use.
  var endingListCount: UInt32 = 0
  /// What else is done once a second.
  var everySecond: (@convention(c) () -> Void)?
  /// Handles of requests that were completed, under verification.
  var endedHandles = EndedHandles()
  /// The number of the newest dispatch that was checked; changed by several threads.
  var dispatchCount: UInt64 = 0
  /// What drivers had left when they were unloaded, oldest first.
  var leaks: [FrameworkLeak] = []
  /// When the framework was made, by the processor's count and the host's clock.
  let start = TimePair()

  init(handles: HandleTable) { self.handles = handles }
}

/// An address as an integer argument.
@inline(__always)
func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

@inline(__always)
func bits<T>(_ pointer: UnsafeMutablePointer<T>?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }
