import CDriverKit
import CRing3
import Machine
import Memory
import Objects

/// The I/O manager of a machine: from IoCreateDevice to IoCompleteRequest.
package struct IOManager {
  package let machine: Machine

  package init(machine: Machine) { self.machine = machine }

  package var state: UnsafeMutablePointer<IOManagerState> {
    machine[.io].unsafelyUnwrapped.assumingMemoryBound(to: IOManagerState.self)
  }

  /// Makes the I/O manager of a new machine.
  ///
  /// `invalidRequest` is the address that a driver sees in dispatch slots that it did not fill.
  package static func install(in machine: Machine, invalidRequest: UnsafeMutableRawPointer) {
    let state = UnsafeMutablePointer<IOManagerState>.allocate(capacity: 1)
    state.initialize(to: IOManagerState(invalidRequest: invalidRequest))
    machine[.io] = UnsafeMutableRawPointer(state)
    machine.objects.type(.file).pointee.delete = deleteFileObject
    machine.objects.type(.file).pointee.close = closeFileObject
    machine.objects.type(.device).pointee.delete = deleteDeviceObject
    machine.state.pointee.hooks.threadEnded.append { IRPCache.drop($0) }
    machine.state.pointee.teardown.append { machine in
      machine.io.destroyTrace()
      machine[.io]?.deallocate()
      machine[.io] = nil
    }
  }
}

extension Machine {
  /// The I/O manager.
  package var io: IOManager { IOManager(machine: self) }
}

package struct IOManagerState {
  /// What fills the dispatch table of a new driver object.
  package let invalidRequest: UnsafeMutableRawPointer
  /// Guards device lists and attachments.
  package var deviceLock = MachineLock()
  /// The cancel spin lock, as drivers acquire it.
  package var cancelLock: UInt = 0
  package var counters = IOCounters()
  var trace: UnsafeMutablePointer<TraceRing>?
}

/// Figures of the I/O manager, for reports and leak checks.
package struct IOCounters {
  package var liveIRPs: Int64 = 0
  package var openFiles: Int64 = 0
  /// Completion stages that ran as an APC in the requester's thread, and those that ran inline.
  package var finishedByAPC: Int64 = 0
  package var finishedInline: Int64 = 0
}

package typealias DevicePointer = UnsafeMutablePointer<DEVICE_OBJECT>
package typealias DriverPointer = UnsafeMutablePointer<DRIVER_OBJECT>
package typealias FilePointer = UnsafeMutablePointer<FILE_OBJECT>
package typealias IRPPointer = UnsafeMutablePointer<IRP>
package typealias StackPointer = UnsafeMutablePointer<IO_STACK_LOCATION>

/// Status codes that the I/O manager itself gives.
package enum IOStatus {
  package static let success: Int32 = 0
  package static let pending: Int32 = 0x103
  package static let accessViolation = Int32(bitPattern: 0xC000_0005)
  package static let invalidHandle = Int32(bitPattern: 0xC000_0008)
  package static let invalidParameter = Int32(bitPattern: 0xC000_000D)
  package static let noSuchDevice = Int32(bitPattern: 0xC000_000E)
  package static let invalidDeviceRequest = Int32(bitPattern: 0xC000_0010)
  package static let moreProcessingRequired = Int32(bitPattern: 0xC000_0016)
  package static let accessDenied = Int32(bitPattern: 0xC000_0022)
  package static let objectTypeMismatch = Int32(bitPattern: 0xC000_0024)
  package static let quotaExceeded = Int32(bitPattern: 0xC000_0044)
  package static let deletePending = Int32(bitPattern: 0xC000_0056)
  package static let insufficientResources = Int32(bitPattern: 0xC000_009A)
  package static let deviceNotReady = Int32(bitPattern: 0xC000_00A3)
  package static let cancelled = Int32(bitPattern: 0xC000_0120)
  package static let verifyRequired = Int32(bitPattern: 0x8000_0016)

  /// Whether a status is an error (0xC…): nothing is copied back for it.
  package static func isError(_ status: Int32) -> Bool {
    UInt32(bitPattern: status) >> 30 == 3
  }
}
