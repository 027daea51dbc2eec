import CDriverKit
import CRing3
import Machine
import Memory
import NTTypes
import Objects

/// The I/O manager of a machine: from IoCreateDevice to IoCompleteRequest.
public struct IOManager {
  @usableFromInline package let machine: Machine
  @usableFromInline package let state: UnsafeMutablePointer<IOManagerState>

  @inlinable public init(machine: Machine) {
    self.machine = machine
    state = machine[.io].unsafelyUnwrapped.assumingMemoryBound(to: IOManagerState.self)
  }

  /// Makes the I/O manager of a new machine.
  ///
  /// `invalidRequest` is the address that a driver sees in dispatch slots that it did not fill.
  package static func install(in machine: Machine, invalidRequest: UnsafeMutableRawPointer) {
    let state = UnsafeMutablePointer<IOManagerState>.allocate(capacity: 1)
    state.initialize(to: IOManagerState(invalidRequest: invalidRequest))
    state.pointee.isWatched = !machine.verifier.isEmpty
    if state.pointee.isWatched { state.pointee.ledger.prepare() }
    state.pointee.heldLockCount = machine.heldLockCount
    machine[.io] = UnsafeMutableRawPointer(state)
    machine.objects.type(.file).pointee.delete = deleteFileObject
    machine.objects.type(.file).pointee.close = closeFileObject
    machine.objects.type(.device).pointee.delete = deleteDeviceObject
    machine.state.pointee.hooks.threadEnded.append { IRPCache.drop($0) }
    machine.state.pointee.hooks.threadRundown = runDownRequests
    machine.state.pointee.hooks.describeRequest = describeCall
    machine.state.pointee.hooks.judgeRetiredAccess = judgeRetiredAccess
    if machine.verifier.contains(.forcePendingIO) {
      machine.state.pointee.hooks.waitBegins = letGoOfHeld
    }
    if machine.verifier.contains(.ioVerification) {
      machine.state.pointee.hooks.judgeGuardedFault = judgeGuardedFault
      machine.state.pointee.hooks.completionStack = { irp in
        Machine.current.io.ledger.pointee.completionStack(irp)
      }
    }
    machine.state.pointee.teardown.append { machine in
      machine.io.destroyTrace()
      machine.io.ledger.pointee.destroy()
      machine.io.state.pointee.invariants.destroy()
      machine[.io]?.assumingMemoryBound(to: IOManagerState.self).pointee.records.release()
      machine[.io]?.deallocate()
      machine[.io] = nil
    }
  }
}

extension Machine {
  /// The I/O manager.
  @inlinable public var io: IOManager { IOManager(machine: self) }
}

public struct IOManagerState {
  /// What fills the dispatch table of a new driver object.
  package let invalidRequest: UnsafeMutableRawPointer
  /// A dispatch routine that is the system's own: the address that drivers see, and what it calls.
  package var ownDispatch: UnsafeMutableRawPointer?
  package var ownDispatchBody: (@convention(c) (DevicePointer, IRPPointer) -> Int32)?
  /// Whether the short way of completing does not apply: requests are checked or recorded.
  var isWatched = false
  var trace: UnsafeMutablePointer<TraceRing>?
  /// Work items of devices and drivers that are queued or run.
  var workItemCount: UInt32 = 0
  /// Guards device lists and attachments.
  package var deviceLock = MachineLock()
  /// The cancel spin lock, as drivers acquire it.
  package var cancelLock: UInt64 = 0
  /// Guards ``records`` and the counters of ended threads.
  var recordLock = MachineLock()
  /// Figures of the threads that have ended, and of those without a cache.
  var counters = IOCounters()
  /// Guards ``firstCall``.
  var callLock = BriefLock()
  /// Dispatch routines that are running; kept only when requests are checked.
  var firstCall: UnsafeMutablePointer<DriverCall>?
  /// Requests whose completion is held back, under ``callLock``.
  var firstHeld: UnsafeMutablePointer<HeldRequest>?
  /// The buffers that are not to change.
  var invariants = InvariantBuffers()
  /// How many locks threads have; nil when nobody counts.
  var heldLockCount: UnsafePointer<Int>?
  /// What is known of requests when they are checked.
  var ledger = RequestLedger()
  /// Number in the name of the next device that has none of its own.
  var nextDeviceNumber: UInt32 = 1
  /// Called when a file of a device has been closed; for the Plug and Play manager.
  package var fileClosed: (@convention(c) (DevicePointer) -> Void)?
  let records: Unmanaged<IORecords>

  init(invalidRequest: UnsafeMutableRawPointer) {
    self.invalidRequest = invalidRequest
    records = Unmanaged.passRetained(IORecords())
  }
}

package typealias DevicePointer = UnsafeMutablePointer<DEVICE_OBJECT>
package typealias DriverPointer = UnsafeMutablePointer<DRIVER_OBJECT>
package typealias FilePointer = UnsafeMutablePointer<FILE_OBJECT>
package typealias IRPPointer = UnsafeMutablePointer<IRP>
package typealias StackPointer = UnsafeMutablePointer<IO_STACK_LOCATION>

/// An address as an integer argument.
@inline(__always)
func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

@inline(__always)
func bits<T>(_ pointer: UnsafeMutablePointer<T>?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }
