import CDriverKit
import CRing3
import IOManager
import Machine

// The call of a handler.
extension Framework {
  /// Gives a request to the handler of its type, under the lock of the synchronization scope.
  ///
  /// The request may be gone when this returns; the queue is kept by its count of active threads.
  func present(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    if isFinishedAtOnce(request, queue) {
      request.pointee.state.insert(.driverOwned)
      return complete(request, FrameworkStatus.success)
    }
    request.pointee.state.insert([.driverOwned, .wasPresented])
    guard let lock = queue.callbackLock else { return callHandler(request, queue) }
    lock.pointee.acquire()
    callHandler(request, queue)
    lock.pointee.release()
  }

  /// Reads and writes of no bytes are done, unless the queue wants to see them.
  @inline(__always)
  func isFinishedAtOnce(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) -> Bool {
    let location = request.location
    // The lengths of both lie at one place.
    guard location.pointee.Parameters.Read.Length == 0 else { return false }
    let major = Int32(location.pointee.MajorFunction)
    return (major == IRP_MJ_READ || major == IRP_MJ_WRITE)
      && queue.pointee.config.AllowZeroLengthRequests == 0
  }

  private func callHandler(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) {
    let location = request.location
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ:
      if let routine = queue.pointee.config.EvtIoRead {
        let count = UInt64(location.pointee.Parameters.Read.Length)
        _ = r3_call3(routine, queue.handle, request.handle, count)
        return
      }
    case IRP_MJ_WRITE:
      if let routine = queue.pointee.config.EvtIoWrite {
        let count = UInt64(location.pointee.Parameters.Write.Length)
        _ = r3_call3(routine, queue.handle, request.handle, count)
        return
      }
    case IRP_MJ_DEVICE_CONTROL:
      if let routine = queue.pointee.config.EvtIoDeviceControl {
        return callControl(routine, request, queue, location)
      }
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
      if let routine = queue.pointee.config.EvtIoInternalDeviceControl {
        return callControl(routine, request, queue, location)
      }
    default: break
    }
    guard let routine = queue.pointee.config.EvtIoDefault else {
      return complete(request, FrameworkStatus.invalidDeviceRequest)
    }
    _ = r3_call2(routine, queue.handle, request.handle)
  }

  private func callControl(
    _ routine: UnsafeRawPointer, _ request: UnsafeMutablePointer<RequestBody>,
    _ queue: UnsafeMutablePointer<QueueBody>, _ location: StackPointer
  ) {
    let output = UInt64(location.pointee.Parameters.DeviceIoControl.OutputBufferLength)
    let input = UInt64(location.pointee.Parameters.DeviceIoControl.InputBufferLength)
    let code = UInt64(location.pointee.Parameters.DeviceIoControl.IoControlCode)
    _ = r3_call5(routine, queue.handle, request.handle, output, input, code)
  }
}
