import CRing3
import Glibc

/// One simulated computer: a pointer to its state.
///
/// Copies are the same machine. The creator ends it with ``destroy()``, when no thread is inside.
public struct Machine: Equatable, @unchecked Sendable {
  @usableFromInline package let state: UnsafeMutablePointer<MachineState>

  @inlinable public init(state: UnsafeMutablePointer<MachineState>) { self.state = state }

  /// The machine that the running kernel thread belongs to.
  ///
  /// Only to be used inside a kernel.
  @inlinable public static var current: Machine {
    Machine(state: .init(OpaquePointer(CurrentThread.pointer.pointee.machine)!))
  }
}

/// Everything that one machine is; upper layers hang theirs on `layers`.
public struct MachineState {
  /// Nonzero after a bug check: threads leave at the next opportunity.
  ///
  /// First, at a fixed address.
  package var halted: UInt32 = 0
  /// Never given twice in a process.
  package let number: UInt64
  package let configuration: MachineConfiguration
  package var memory: PhysicalMemory
  package var processors: Processors
  package var bugCheck: BugCheckRecord
  package var hooks = MachineHooks()
  package var dispatcher = DispatcherState()
  package var clock: Clock
  package var threads = ThreadRegistry()
  package var processes = ProcessRegistry()
  package var debugLog = DebugLog()
  /// State of the layers above, by ``Layer``.
  @usableFromInline package var layers: InlineArray<24, UnsafeMutableRawPointer?>
  /// Undoes what upper layers set up; run last to first.
  package var teardown: [@Sendable (Machine) -> Void] = []
}

/// The slots of `MachineState.layers`.
public enum Layer: Int {
  case dispatcher, memory, objects, io, services, images, framework, verifier, registry, door, mdl
  case runtime, exceptions, notifications, plugAndPlay, hardware, schedule
}

/// What lower layers ask of upper ones; set once, while the machine is made.
package struct MachineHooks {
  /// Raises a status as an exception in the driver that called the running export.
  ///
  /// Never returns.
  package var raiseStatus: (@convention(c) (UInt32) -> Void)?
  /// Writes return addresses of the driver's stack, newest first; gives their number, and a bit for
  /// each of the first 32 that is an instruction at fault instead.
  package var captureStack:
    (
      @convention(c) (
        _ into: UnsafeMutablePointer<UInt64>, _ capacity: Int32,
        _ faultBits: UnsafeMutablePointer<UInt32>?
      ) -> Int32
    )?
  /// The number of the running thread's driver stack; without it stacks are walked each time.
  package var stackNumber: (@convention(c) () -> UInt32)?
  /// Says what the request is that a thread has in hand; called at any level.
  package var describeRequest:
    (@convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void)?
  /// Tells drivers of a thread that is there now, or ends: called at PASSIVE_LEVEL.
  package var threadNews:
    (@convention(c) (_ thread: UnsafeMutableRawPointer, _ isStart: Bool) -> Void)?
  /// Cancels and awaits the requests of an ending thread.
  package var threadRundown: (@convention(c) (UnsafeMutablePointer<R3Thread>) -> Void)?
  /// Called once by a host thread outside the kernel, after a bug check, when nobody is inside any more.
  package var ended: (@Sendable () -> Void)?
  /// Gives paged pool for a string that a runtime function makes; nil when there is none.
  package var allocateString:
    (@convention(c) (_ byteCount: Int, _ tag: UInt32) -> UnsafeMutableRawPointer?)?
  /// Takes back what `allocateString` gave.
  package var freeString: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Called in the kernel before DriverEntry, with the driver's service name, its length, and the image.
  package var driverStarting:
    (@convention(c) (UnsafePointer<UInt16>, Int, UnsafeMutableRawPointer, Int) -> Void)?
  /// Called in the kernel after a DriverEntry that succeeded, with the driver object.
  package var driverStarted: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Called with every thread that is made, before it runs.
  package var threadMade: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Give back what upper layers cached for a thread that ends; run last to first.
  package var threadEnded: [@convention(c) (UnsafeMutablePointer<R3Thread>) -> Void] = []
  /// Called by a thread that is about to sleep in a wait, already marked as waiting.
  package var waitBegins: (@convention(c) () -> Void)?
  /// Called as a thread comes to DISPATCH_LEVEL from below, and as it goes back: `forcesIRQLChecking`.
  package var levelRaised: (@convention(c) () -> Void)?
  package var levelLowered: (@convention(c) () -> Void)?
  /// Judges a fault on a system address at a level; true when the access can go on.
  ///
  /// Called in signal handlers.
  package var resolveSystemFault: (@convention(c) (_ address: UInt, _ level: UInt8) -> Bool)?
  /// Says what a fault in a pageable section of a driver is: 0 none, 1 to be tried again, 2 code and 3 data
  /// that is away at this level.
  ///
  /// Called in signal handlers.
  package var judgePageable:
    (
      @convention(c) (
        _ machine: UnsafeMutableRawPointer, _ address: UInt, _ level: UInt8, _ access: UInt32,
        _ isInHost: Bool
      ) -> UInt8
    )?
  /// Says what a fault on a guarded page of special pool is, in a ``GuardedFault``; false when it is none.
  ///
  /// Called in signal handlers.
  package var judgeGuardedFault:
    (@convention(c) (_ address: UInt, _ fault: UnsafeMutableRawPointer) -> Bool)?
  /// The stack of the completion of the request whose IRP is at an address; 0 when it is not known.
  package var completionStack: (@convention(c) (_ irp: UInt) -> StackNumber)?
  /// The address of the word with the return address of the driver's function in whose frame an address lies,
  /// on the stack of the running thread; 0 for none.
  package var returnSlot: (@convention(c) (_ address: UInt) -> UInt)?
  /// Called about once a second by the service thread, inside the kernel.
  package var everySecond: (@convention(c) () -> Void)?
  /// Called by the service thread, inside the kernel, whenever it looks around.
  package var serve: (@convention(c) () -> Void)?
  /// The physical address of the device register at a system address; 0 when there is none.
  ///
  /// Called in signal handlers.
  package var registerAddress: (@convention(c) (_ address: UInt) -> UInt64)?
  /// Whether a device has a port.
  ///
  /// Called in signal handlers.
  package var isDevicePort: (@convention(c) (_ port: UInt16) -> Bool)?
  /// Performs an access of a driver to a register or port.
  package var accessDevice: (@convention(c) (_ access: UnsafeMutableRawPointer) -> Void)?
  /// An address in a driver as a number that is the same in every machine: which image, and where in it.
  package var driverPlace: (@convention(c) (UInt64) -> UInt64)?
  /// Whether an address belongs to a completed request; notes the rule that is broken.
  ///
  /// Called in signal handlers.
  package var judgeRetiredAccess:
    (@convention(c) (_ machine: UnsafeMutableRawPointer, _ address: UInt) -> Bool)?
  /// The ``MappingGuard`` of the protected system mapping at an address; nil when there is none.
  ///
  /// Called in signal handlers.
  package var mappingGuard:
    (
      @convention(c) (_ machine: UnsafeMutableRawPointer, _ address: UInt) ->
        UnsafeMutableRawPointer?
    )?
  /// Whether code at an address belongs to a loaded driver.
  ///
  /// Called in signal handlers.
  package var isDriverAddress: (@convention(c) (UInt64) -> Bool)?
}

extension Machine {
  /// Makes a machine with nothing loaded.
  ///
  /// - Throws: ``MachineError`` when the host refuses memory.
  package static func make(_ configuration: MachineConfiguration) throws(MachineError) -> Machine {
    // What is set up here is set up outside every kernel.
    if r3_current()?.pointee.hostStack ?? 0 == 0 {
      r3_host_binding().pointee.thread = nil
      r3_host_binding().pointee.machineNumber = 0
      r3_bind(nil)
    }
    let memory = try PhysicalMemory(configuration)
    let state = UnsafeMutablePointer<MachineState>.allocate(capacity: 1)
    state.initialize(
      to: MachineState(
        number: UInt64(r3_add64(machineCounter, 1)) + 1,
        configuration: configuration,
        memory: memory,
        processors: Processors(count: configuration.processorCount),
        bugCheck: BugCheckRecord(),
        clock: Clock(configuration),
        layers: .init(repeating: nil)))
    let machine = Machine(state: state)
    machine.makeSystemState()
    machine.makeVerifierState()
    machine.makeSchedule()
    do {
      state.pointee.processes.system = try machine.makeProcess("System").pointer
    } catch {
      machine.release()
      throw error
    }
    LiveMachines.insert(state.pointee.number)
    return machine
  }

  /// Ends the machine and gives everything back.
  ///
  /// No thread may be inside, and none may enter any more.
  package func destroy() {
    stopSystemThreads()
    stopService()
    LiveMachines.remove(state.pointee.number)
    for undo in state.pointee.teardown.reversed() { undo(self) }
    release()
  }

  private func release() {
    state.pointee.threads.recycleAll()
    state.pointee.processes.destroyAll()
    state.pointee.processors.destroy()
    state.pointee.dispatcher.timers.destroy()
    destroySystemState()
    destroyVerifierState()
    destroySchedule()
    state.pointee.dispatcher.resources.destroy()
    state.pointee.debugLog.destroy()
    state.pointee.bugCheck.stack.deallocate()
    state.pointee.bugCheck.text.deallocate()
    state.pointee.memory.unmap()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Whether a bug check has ended this machine.
  @inlinable public var isHalted: Bool { r3_load32(state) != 0 }

  /// What a layer keeps for the machine.
  @inlinable public subscript(layer: Layer) -> UnsafeMutableRawPointer? {
    // The raw value, which would be a call.
    get { state.pointee.layers[Int(unsafeBitCast(layer, to: UInt8.self))] }
    nonmutating set {
      state.pointee.layers[Int(unsafeBitCast(layer, to: UInt8.self))] = newValue
    }
  }

  /// Raises `status` in the driver that called the running export; without a driver, bug check 0x1E.
  package func raise(status: UInt32) -> Never {
    state.pointee.hooks.raiseStatus?(status)
    bugCheck(0x1E, UInt64(status), 0, 0, 0)
  }
}

/// What the host refuses when a machine is made or run.
public struct MachineError: Error, CustomStringConvertible, Sendable {
  /// What was tried.
  public let action: String
  /// The host's error number.
  public let code: Int32

  package init(action: String, code: Int32) {
    self.action = action
    self.code = code
  }

  /// What was tried, and the host's words for the error.
  public var description: String { "\(action): \(String(cString: strerror(code)))" }
}

// Allocated once and never freed: machines are numbered for the life of the process.
nonisolated(unsafe) private let machineCounter: UnsafeMutablePointer<UInt64> = {
  let counter = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  counter.initialize(to: 0)
  return counter
}()
