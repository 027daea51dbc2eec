import CRing3
import Machine
import NTTypes

/// What the exceptions of one machine need, in memory of its own: a fault handler reads it.
package struct ExceptionState {
  /// The images that driver code runs in; the loader keeps it.
  package var code = CodeTable()
  /// Where unloaded images lay; the loader keeps it.
  package var retired = RetiredImages()
  /// Host address of the page that drivers read at 0xFFFFF780_0000_0000; 0 when there is none.
  package var sharedUserData: UInt64 = 0
  /// Stacks that were walked lately; nil in a machine that notes none.
  var memo: UnsafeMutablePointer<StackMemo>?
  /// Performs `in` and `out`; false when nothing is at the port, which is a bug check.
  package var accessPort: (@convention(c) (UnsafeMutablePointer<R3PortAccess>) -> Bool)?
  /// The functions of this program through which drivers in Swift are called; ended by 0, never freed.
  package var swiftEntries: UnsafePointer<UInt64>?
  /// Sees every single step of driver code and says whether to go on; for tests of the unwinder.
  package var singleStep: (@convention(c) (UnsafeMutablePointer<R3Fault>) -> Bool)?
}

extension Machine {
  /// The state of exceptions; only after ``installExceptions()``.
  @inline(__always)
  package var exceptions: UnsafeMutablePointer<ExceptionState> {
    UnsafeMutablePointer(OpaquePointer(self[.exceptions].unsafelyUnwrapped))
  }

  /// Makes faults and raised statuses of this machine's drivers exceptions.
  package func installExceptions() {
    let exceptions = UnsafeMutablePointer<ExceptionState>.allocate(capacity: 1)
    exceptions.initialize(to: ExceptionState())
    if !verifier.isEmpty {
      exceptions.pointee.memo = StackMemo.make()
      state.pointee.hooks.stackNumber = stackNumber
    }
    self[.exceptions] = UnsafeMutableRawPointer(exceptions)
    state.pointee.hooks.raiseStatus = raiseStatusInCaller
    state.pointee.hooks.captureStack = captureDriverStack
    if verifier.contains(.securityChecks) { state.pointee.hooks.returnSlot = returnSlot }
    state.pointee.hooks.isDriverAddress = isDriverAddress
    state.pointee.hooks.driverPlace = driverPlace
    state.pointee.teardown.append { machine in
      machine.exceptions.pointee.code.destroy()
      machine.exceptions.pointee.retired.destroy()
      machine.exceptions.pointee.memo?.deallocate()
      machine.exceptions.deinitialize(count: 1)
      machine.exceptions.deallocate()
      machine[.exceptions] = nil
    }
    r3_faults_install(faultHooks)
  }
}

/// The machine of a thread.
@inline(__always)
func machine(of thread: UnsafeMutablePointer<R3Thread>) -> Machine? {
  thread.pointee.machine.map { Machine(state: UnsafeMutablePointer(OpaquePointer($0))) }
}

// Never freed: the host's signal handlers keep it.
nonisolated(unsafe) private let faultHooks: UnsafePointer<R3FaultHooks> = {
  let hooks = UnsafeMutablePointer<R3FaultHooks>.allocate(capacity: 1)
  hooks.initialize(
    to: R3FaultHooks(
      judge: judgeFault, dispatch: dispatchException, unwind: performUnwind,
      stackFault: stackFault))
  return UnsafePointer(hooks)
}()

private let driverPlace: @convention(c) (UInt64) -> UInt64 = { address in
  guard let thread = r3_current(), let machine = machine(of: thread), machine[.exceptions] != nil
  else { return 0 }
  return machine.exceptions.pointee.code.place(of: address)
}

private let isDriverAddress: @convention(c) (UInt64) -> Bool = { address in
  guard let thread = r3_current(), let machine = machine(of: thread), machine[.exceptions] != nil
  else { return false }
  return CodeKind(of: address, in: machine) != .host
}
