import CDriverKit
import CRing3
import Machine

/// What drivers have registered with the I/O manager; touched seldom, and only under a lock.
final class IORecords {
  /// Devices that get IRP_MJ_SHUTDOWN, in the order of their registration.
  var shutdownDevices: [DevicePointer] = []
  var lastShutdownDevices: [DevicePointer] = []
  /// Routines that run after DriverEntry.
  var reinitializations: [Reinitialization] = []
  /// What drivers wrote to the error log.
  var errors: [ErrorLogEntry] = []
  /// Calls that have no effect here, for tests: name and device.
  var remarks: [IORemark] = []
  /// Entries of the error log that were allocated and not written yet.
  var errorEntryCount = 0
}

extension IOManager {
  /// Uses the records under their lock; `body` calls nothing that may leave the kernel.
  func withRecords<R>(_ body: (IORecords) -> R) -> R {
    // A machine that has ended changes nothing any more, and the lock may have been abandoned.
    let isLocked = !machine.isHalted
    if isLocked { state.pointee.recordLock.lockStaying() }
    let result = body(state.pointee.records.takeUnretainedValue())
    if isLocked { state.pointee.recordLock.unlock() }
    return result
  }

  /// Notes a call that has no effect in a simulated machine.
  func remark(_ routine: StaticString, _ device: DevicePointer?, _ value: UInt32 = 0) {
    withRecords { records in
      if records.remarks.count < 1000 {
        records.remarks.append(
          IORemark(routine: "\(routine)", device: UInt(bitPattern: device), value: value))
      }
    }
  }

  /// The calls that were noted, oldest first.
  package var remarks: [IORemark] { withRecords { $0.remarks } }
}

/// A call of a driver that is noted and has no effect.
public struct IORemark: Sendable, Hashable {
  /// Name of the routine.
  public let routine: String
  /// Address of the device object.
  public let device: UInt
  /// What was asked for: a relation type, an action.
  public let value: UInt32
}
