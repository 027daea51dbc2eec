import CDriverKit
import CRing3
import IOManager
import Machine

/// The I/O completion routine of every IRP that the framework sends.
let completedRoutine:
  @convention(c) (DevicePointer?, IRPPointer, UnsafeMutableRawPointer?) -> Int32 = {
    _, _, _ in
    FrameworkStatus.moreProcessingRequired
  }
