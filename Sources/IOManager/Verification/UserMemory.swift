import CDriverKit
import CRing3
import Machine
import NTTypes
import Memory

// A program's request is watched, while its thread is in the drivers, for what they do to the program's
// memory; the fault handler sees the accesses.
extension IOManager {
  /// Of each routine and control code so many requests have each access looked at, and then one in so
  /// many: an access costs a few microseconds then.
  private static var alwaysStepped: UInt32 { 16 }
  private static var steppedFrom: UInt32 { 256 }
  /// Bytes of the largest buffer whose accesses are looked at one by one.
  private static var steppedByteCount: UInt { 16 << 10 }

  /// Whether a request that goes to its first driver is a program's, and touches its memory.
  @inline(__always)
  func isUserWatched(_ irp: IRPPointer) -> Bool {
    guard machine.verifier.contains(.securityChecks), irp.pointee.RequestorMode != 0,
      irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0,
      IRPPrefix.of(irp).pointee.progress != nil, !CurrentThread.process.isSystem,
      // The first driver may have skipped its stack location.
      UserWatch.of(CurrentThread.pointer)?.pointee.irp != UInt(bitPattern: irp)
    else { return false }
    let function = Int32(nextLocation(irp).pointee.MajorFunction)
    return function == IRP_MJ_READ || function == IRP_MJ_WRITE
      || function == IRP_MJ_DEVICE_CONTROL
  }

  /// Notes what to watch.
  @inline(__always)
  func prepare(_ watch: inout UserWatch, _ irp: IRPPointer, _ device: DevicePointer) {
    let location = nextLocation(irp)
    let function = Int32(location.pointee.MajorFunction)
    var isReading = function == IRP_MJ_WRITE
    if function == IRP_MJ_DEVICE_CONTROL {
      isReading = location.pointee.Parameters.DeviceIoControl.IoControlCode & 3 == 1
      watchControl(irp, location, &watch)
    } else {
      watchTransfer(irp, location, &watch)
    }
    if isReading, let mdl = irp.pointee.MdlAddress, mdl.pointee.Next == nil,
      UInt(mdl.pointee.ByteCount) <= Self.steppedByteCount
    {
      watch.mdl = UInt(bitPattern: mdl)
    }
    let count = watch.input.end &- watch.input.start &+ watch.output.end &- watch.output.start
    if watch.mdl != 0 || (count > 0 && count <= Self.steppedByteCount) {
      watch.isStepping = isStepped(site(device, location)) && !lendsMemory(device)
    }
  }

  /// The system has probed the buffer of a transfer, of whatever kind.
  private func watchTransfer(
    _ irp: IRPPointer, _ location: StackPointer, _ watch: inout UserWatch
  ) {
    guard let user = irp.pointee.UserBuffer else { return }
    let count = Int(location.pointee.Parameters.Read.Length)
    watch.noteProbe(UInt(bitPattern: user), count)
    if irp.pointee.MdlAddress == nil, irp.pointee.AssociatedIrp.SystemBuffer == nil {
      watch.input = UserWatch.Span(UInt(bitPattern: user), count)
    }
  }

  /// The buffers of a control code are probed for all methods but METHOD_NEITHER.
  private func watchControl(
    _ irp: IRPPointer, _ location: StackPointer, _ watch: inout UserWatch
  ) {
    let parameters = location.pointee.Parameters.DeviceIoControl
    let output = UInt(bitPattern: irp.pointee.UserBuffer)
    if parameters.IoControlCode & 3 == UInt32(METHOD_NEITHER) {
      watch.output = UserWatch.Span(output, Int(parameters.OutputBufferLength))
      watch.input = UserWatch.Span(
        UInt(bitPattern: parameters.Type3InputBuffer), Int(parameters.InputBufferLength))
    } else {
      watch.noteProbe(output, Int(parameters.OutputBufferLength))
    }
  }

  /// Whether a driver in Swift is in the stack from a device down.
  ///
  /// It may give the memory to the host, which is refused what is closed instead of running into a trap.
  private func lendsMemory(_ device: DevicePointer) -> Bool {
    var result = false
    withDevicesLocked {
      var next: DevicePointer? = device
      while let device = next, !result {
        if let driver = device.pointee.DriverObject, driver.pointee.DriverStart == nil {
          // The drivers of the system's own have no image either, but routines of their own.
          result = dispatchTable(driver)[Int(IRP_MJ_WRITE)] == state.pointee.ownDispatch
        }
        next = deviceRecord(device).pointee.head.AttachedTo
      }
    }
    return result
  }

  private func isStepped(_ site: UInt64) -> Bool {
    let seen = RequestLedger.count(ledger.pointee.sites, ~site)
    return seen <= Self.alwaysStepped || seen % Self.steppedFrom == 0
  }

  /// Sends a request under a watch.
  func callWatched(
    _ device: DevicePointer, _ irp: IRPPointer, _ watch: UnsafeMutablePointer<UserWatch>
  ) -> Int32 {
    let slot = UserWatch.slot(CurrentThread.pointer)
    watch.pointee.outer = slot.pointee
    if watch.pointee.isStepping {
      close(watch.pointee.input)
      close(watch.pointee.output)
    }
    slot.pointee = watch
    let status = callDispatch(device, irp, isForced: false)
    UserWatch.slot(CurrentThread.pointer).pointee = watch.pointee.outer
    if watch.pointee.mdl != 0, watch.pointee.isStepping { machine.endWatching(watch) }
    return status
  }

  /// Takes pages away that an earlier request has opened.
  private func close(_ span: UserWatch.Span) {
    if span.end > span.start {
      CurrentThread.process.closePages(span.start, Int(span.end - span.start))
    }
  }
}
