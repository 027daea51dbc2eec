import CDriverKit
import CRing3
import IOManager
import Machine

// Opening and closing a device: IRP_MJ_CREATE, IRP_MJ_CLEANUP, IRP_MJ_CLOSE.
extension Framework {
  /// Opens: makes the WDFFILEOBJECT and asks the driver, when it wants to be asked.
  func create(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    countOpen(device)
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    var file: UnsafeMutablePointer<FileObjectBody>?
    if device.pointee.keepsFiles, let wdm = location.pointee.FileObject {
      file = makeFile(device, wdm, openedBy: requestorProcess(of: irp))
      if file == nil { return failCreate(device, irp) }
    }
    let queue = device.pointee.queues[Int(IRP_MJ_CREATE)]
    let routine = device.pointee.fileConfig?.EvtDeviceFileCreate
    if queue == nil, routine == nil { return finishCreate(device, irp) }
    guard let request = makeRequest(device, irp) else {
      deleteFile(device, location.pointee.FileObject)
      return failCreate(device, irp)
    }
    return withDispatch(of: request) {
      if let queue { return enqueue(request, to: queue) }
      guard let routine else { return }
      request.pointee.state.insert([.driverOwned, .wasPresented])
      let handle = file.map { FrameworkObject($0).handle } ?? 0
      withFileLock(device) {
        _ = r3_call3(UnsafeRawPointer(routine), device.handle, request.handle, handle)
      }
    }
  }

  private func failCreate(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let status = complete(irp, FrameworkStatus.insufficientResources)
    countClosed(device)
    return status
  }

  /// Without a callback: done, or the lower driver's to decide.
  private func finishCreate(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32
  {
    guard forwardsFileRequests(device), let lower = device.pointee.attachedTo else {
      return complete(irp, FrameworkStatus.success)
    }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let next = location - 1
    next.pointee = location.pointee
    next.pointee.CompletionRoutine = FrameworkRoutines.createPassed
    next.pointee.Context = UnsafeMutableRawPointer(device)
    next.pointee.Control = UInt8(SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL)
    return machine.io.callDriver(lower, irp)
  }

  /// The lower driver has answered an open.
  fileprivate func createPassed(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) {
    if irp.pointee.PendingReturned != 0 { markPending(irp) }
    guard irp.pointee.IoStatus.Status < 0 else { return }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    deleteFile(device, location.pointee.FileObject)
    countClosed(device)
  }

  /// The last handle is closed: the driver's cleanup callback; then requests of the file are cancelled.
  func cleanup(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if let routine = device.pointee.fileConfig?.EvtFileCleanup {
      call(routine, device, location.pointee.FileObject)
    }
    cancelRequests(of: location.pointee.FileObject, on: device)
    if forwardsFileRequests(device) { return passDown(device, irp) }
    return complete(irp, FrameworkStatus.success)
  }

  func close(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if let routine = device.pointee.fileConfig?.EvtFileClose {
      call(routine, device, location.pointee.FileObject)
    }
    deleteFile(device, location.pointee.FileObject)
    let status =
      forwardsFileRequests(device)
      ? passDown(device, irp) : complete(irp, FrameworkStatus.success)
    countClosed(device)
    return status
  }

  private func call(
    _ routine: UnsafeMutableRawPointer, _ device: UnsafeMutablePointer<DeviceBody>,
    _ wdm: FilePointer?
  ) {
    let handle = file(device, wdm).map { FrameworkObject($0).handle } ?? 0
    withFileLock(device) { _ = r3_call1(UnsafeRawPointer(routine), handle) }
  }

  /// Callbacks of files exclude others only in a device whose callbacks run at PASSIVE_LEVEL.
  private func withFileLock(_ device: UnsafeMutablePointer<DeviceBody>, _ body: () -> Void) {
    guard device.pointee.head.synchronizationScope == .device,
      device.pointee.head.executionLevel == .passive
    else { return body() }
    let lock = device.lockAddress()
    lock.pointee.acquire()
    body()
    lock.pointee.release()
  }

  /// `AutoForwardCleanupClose`: by default only a filter passes these on.
  private func forwardsFileRequests(_ device: UnsafeMutablePointer<DeviceBody>) -> Bool {
    guard device.pointee.attachedTo != nil else { return false }
    return switch device.pointee.fileConfig?.AutoForwardCleanupClose.rawValue {
    case 0: false
    case 1: true
    default: device.pointee.role == .filter
    }
  }
}

/// The completion routine of an open that the lower driver answers.
let createPassedRoutine:
  @convention(c) (DevicePointer?, IRPPointer, UnsafeMutableRawPointer?) -> Int32 = {
    _, irp, context in
    if let device = context?.assumingMemoryBound(to: DeviceBody.self) {
      Framework.current.createPassed(device, irp)
    }
    return FrameworkStatus.success
  }
