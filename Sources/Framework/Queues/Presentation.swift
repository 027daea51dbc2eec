import CDriverKit
import CRing3
import IOManager
import Machine

extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Whether the driver may get another request; under the lock.
  var canPresent: Bool {
    pointee.state.contains(.dispatches) && !pointee.state.contains(.held)
      && pointee.presentedCount < pointee.limit
  }

  /// Notes that this thread presents requests; false when it does so already further up its stack.
  ///
  /// Under the lock. A handler that completes its request at once does not call the next one's.
  fileprivate func beginPresenting() -> Bool {
    let me = CurrentThread.pointer
    var place: Int?
    for index in 0..<8 {
      if pointee.presenters[index] == me { return false }
      if pointee.presenters[index] == nil, place == nil { place = index }
    }
    if let place { pointee.presenters[place] = me }
    return true
  }

  fileprivate func endPresenting() {
    let me = CurrentThread.pointer
    for index in 0..<8 where pointee.presenters[index] == me { pointee.presenters[index] = nil }
  }
}

extension Framework {
  /// Presents one request, which the queue has noted as presented, and then what waits.
  func present(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.object.reference()
    queue.lock.pointee.lock()
    let isOutermost = queue.beginPresenting()
    queue.lock.pointee.unlock()
    call(request, of: queue)
    if isOutermost {
      queue.withLock { queue.endPresenting() }
      presentWaiting(of: queue)
    }
    queue.object.release()
  }

  /// Presents requests as long as the queue has one and the driver may get it.
  func presentWaiting(of queue: UnsafeMutablePointer<QueueBody>) {
    guard queue.pointee.first != nil, queue.pointee.config.DispatchType.rawValue != 3 else {
      return
    }
    queue.object.reference()
    queue.lock.pointee.lock()
    if queue.beginPresenting() {
      while let request = takePresentable(of: queue) {
        queue.lock.pointee.unlock()
        call(request, of: queue)
        queue.lock.pointee.lock()
      }
      queue.endPresenting()
    }
    queue.lock.pointee.unlock()
    queue.object.release()
  }

  /// Takes the oldest request that is not being cancelled and notes it as presented; under the lock.
  private func takePresentable(of queue: UnsafeMutablePointer<QueueBody>)
    -> UnsafeMutablePointer<RequestBody>?
  {
    guard queue.canPresent else { return nil }
    return takeWaiting(of: queue, from: queue.pointee.first)
  }

  /// Takes the first request from `start` on that is not being cancelled; under the lock.
  func takeWaiting(
    of queue: UnsafeMutablePointer<QueueBody>, from start: UnsafeMutablePointer<RequestBody>?
  ) -> UnsafeMutablePointer<RequestBody>? {
    var next = start
    while let request = next {
      next = request.pointee.next
      // Without a cancel routine somebody is cancelling it, and waits for the lock.
      guard machine.io.swapCancelRoutine(request.packet, nil) != nil else { continue }
      queue.remove(request)
      queue.addPresented(request)
      return request
    }
    return nil
  }

  /// Calls the handler of a request's type, under the lock of the synchronization scope.
  private func call(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    if queue.pointee.head.executionLevel == .passive, CurrentThread.irql > IRQL.passive {
      return callLater(request)
    }
    request.pointee.state.insert([.driverOwned, .wasPresented])
    request.pointee.state.remove(.inCallerContext)
    // The object may be gone when the handler returns.
    let lock = queue.callbackLock
    lock?.pointee.acquire()
    callHandler(request, queue)
    lock?.pointee.release()
  }

  private func callLater(_ request: UnsafeMutablePointer<RequestBody>) {
    machine.workers.queue(
      { context in
        guard let context else { return }
        let request = context.assumingMemoryBound(to: RequestBody.self)
        if let queue = request.pointee.queue { Framework.current.call(request, of: queue) }
      }, UnsafeMutableRawPointer(request))
  }

  private func callHandler(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) {
    let location = request.location
    let parameters = location.pointee.Parameters
    let config = queue.pointee.config
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ:
      if let routine = config.EvtIoRead {
        _ = r3_call3(routine, queue.handle, request.handle, UInt64(parameters.Read.Length))
        return
      }
    case IRP_MJ_WRITE:
      if let routine = config.EvtIoWrite {
        _ = r3_call3(routine, queue.handle, request.handle, UInt64(parameters.Write.Length))
        return
      }
    case IRP_MJ_DEVICE_CONTROL:
      if let routine = config.EvtIoDeviceControl {
        return callControl(routine, request, queue, parameters.DeviceIoControl)
      }
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
      if let routine = config.EvtIoInternalDeviceControl {
        return callControl(routine, request, queue, parameters.DeviceIoControl)
      }
    default: break
    }
    guard let routine = config.EvtIoDefault else {
      return complete(request, FrameworkStatus.invalidDeviceRequest)
    }
    _ = r3_call2(routine, queue.handle, request.handle)
  }

  private func callControl(
    _ routine: UnsafeRawPointer, _ request: UnsafeMutablePointer<RequestBody>,
    _ queue: UnsafeMutablePointer<QueueBody>,
    _ parameters: IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_DeviceIoControl
  ) {
    _ = r3_call5(
      routine, queue.handle, request.handle, UInt64(parameters.OutputBufferLength),
      UInt64(parameters.InputBufferLength), UInt64(parameters.IoControlCode))
  }

  /// A request that the driver had is completed or went elsewhere: the next ones may come.
  func requestLeft(
    _ queue: UnsafeMutablePointer<QueueBody>, _ request: UnsafeMutablePointer<RequestBody>
  ) {
    queue.withLock { queue.removePresented(request) }
    presentWaiting(of: queue)
  }
}
