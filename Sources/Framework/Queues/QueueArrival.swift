import CDriverKit
import CRing3
import IOManager
import Machine

extension Framework {
  /// Gives a read, write or control request to the queue that takes its type.
  func dispatchToQueue(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ major: UInt8
  ) -> Int32 {
    if let table = device.pointee.dispatchCallbacks {
      let entry = table.pointee.entry(for: major)
      if let routine = entry.routine { return dispatch(device, irp, by: routine, entry.context) }
    }
    return dispatchPastCallbacks(device, irp, major)
  }

  /// As ``dispatchToQueue(_:_:_:)``, when the driver's dispatch callback gave the IRP back.
  func dispatchPastCallbacks(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ major: UInt8
  ) -> Int32 {
    let queue = device.pointee.queues[Int(major)] ?? device.pointee.defaultQueue
    if let routine = device.pointee.inCallerContext {
      return presentInCallerContext(device, irp, queue: nil, routine)
    }
    guard let queue, !isForLowerDriver(queue, major) else { return passOrRefuse(device, irp) }
    return dispatch(device, irp, to: queue)
  }

  /// Whether a filter leaves a type of request to the lower driver: its default queue has no handler.
  func isForLowerDriver(_ queue: UnsafeMutablePointer<QueueBody>, _ major: UInt8) -> Bool {
    let device = queue.pointee.device
    return device.pointee.role == .filter && device.pointee.defaultQueue == queue
      && !queue.handles(major)
  }

  /// Makes the request of an IRP and puts it into a queue.
  func dispatch(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    to queue: UnsafeMutablePointer<QueueBody>
  ) -> Int32 {
    if queue.pointee.reserve != nil { return dispatchReserving(device, irp, to: queue, nil) }
    guard let request = makeRequest(device, irp) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return withDispatch(of: request) { enqueue(request, to: queue) }
  }

  /// Lets the driver see a request in the thread that sent it, before it is in any queue.
  ///
  /// - Parameter queue: where it belongs, when that is not what its type says.
  func presentInCallerContext(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    queue: UnsafeMutablePointer<QueueBody>?, _ routine: UnsafeMutableRawPointer
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let likely =
      queue ?? device.pointee.queues[Int(location.pointee.MajorFunction)]
      ?? device.pointee.defaultQueue
    if let likely, likely.pointee.reserve != nil {
      return dispatchReserving(device, irp, to: likely, routine)
    }
    guard let request = makeRequest(device, irp) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return presentInCallerContext(device, request, queue: queue, routine)
  }

  func presentInCallerContext(
    _ device: UnsafeMutablePointer<DeviceBody>, _ request: UnsafeMutablePointer<RequestBody>,
    queue: UnsafeMutablePointer<QueueBody>?, _ routine: UnsafeMutableRawPointer
  ) -> Int32 {
    withDispatch(of: request) {
      request.pointee.destination = queue
      request.pointee.state.insert([.driverOwned, .inCallerContext, .wasPresented])
      _ = r3_call2(routine, device.handle, request.handle)
    }
  }

  /// Takes a new request into a queue; one that the queue does not take is completed.
  func enqueue(
    _ request: UnsafeMutablePointer<RequestBody>, to queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.lock.pointee.lock()
    guard queue.pointee.state.contains(.accepts) else {
      queue.lock.pointee.unlock()
      request.pointee.state.insert(.driverOwned)
      return complete(request, FrameworkStatus.invalidDeviceState)
    }
    request.pointee.queue = queue
    let sleeper = noteBusy(queue)
    if queue.pointee.first == nil, !queue.pointee.isManual, queue.canPresent, !mustDefer(queue) {
      queue.addPresented(request)
      run(queue, request)
    } else {
      queue.append(request)
      processAfterInsertion(of: request, queue)
    }
    if let sleeper { wakeFromIdle(sleeper) }
  }

  /// Takes a request that the driver had, or saw, into a queue; false when the queue takes nothing.
  func take(
    _ request: UnsafeMutablePointer<RequestBody>, into queue: UnsafeMutablePointer<QueueBody>
  ) -> Bool {
    queue.lock.pointee.lock()
    guard queue.pointee.state.contains(.accepts) else {
      queue.lock.pointee.unlock()
      return false
    }
    request.pointee.state.remove([.driverOwned, .inCallerContext])
    request.pointee.queue = queue
    request.pointee.stop = .running
    let sleeper = noteBusy(queue)
    queue.append(request)
    processAfterInsertion(of: request, queue)
    if let sleeper { wakeFromIdle(sleeper) }
    return true
  }

  /// Makes a request that has joined a list cancelable, and goes on.
  ///
  /// Called with the queue's lock, returns without.
  func processAfterInsertion(
    of request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) {
    let irp = request.packet
    DriverContext.set(irp, request)
    _ = machine.io.swapCancelRoutine(irp, FrameworkRoutines.cancelQueued)
    // It may have been cancelled before the routine was there; whoever gets the routine has it.
    if irp.pointee.Cancel != 0, machine.io.swapCancelRoutine(irp, nil) != nil {
      queue.remove(request)
      endWaiting(request, of: queue)
    }
    process(queue)
  }
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Whether the queue has a way to present a type of request.
  func handles(_ major: UInt8) -> Bool {
    if pointee.isManual || pointee.config.EvtIoDefault != nil { return true }
    return switch Int32(major) {
    case IRP_MJ_READ: pointee.config.EvtIoRead != nil
    case IRP_MJ_WRITE: pointee.config.EvtIoWrite != nil
    case IRP_MJ_DEVICE_CONTROL: pointee.config.EvtIoDeviceControl != nil
    case IRP_MJ_INTERNAL_DEVICE_CONTROL: pointee.config.EvtIoInternalDeviceControl != nil
    default: false
    }
  }
}

/// Where an IRP says which request it belongs to while the framework has it.
enum DriverContext {
  static func set(_ irp: IRPPointer, _ request: UnsafeMutablePointer<RequestBody>) {
    irp.pointee.Tail.Overlay.DriverContext.0 = UnsafeMutableRawPointer(request)
  }

  static func request(_ irp: IRPPointer) -> UnsafeMutablePointer<RequestBody>? {
    irp.pointee.Tail.Overlay.DriverContext.0?.assumingMemoryBound(to: RequestBody.self)
  }
}
