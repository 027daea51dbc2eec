import CDriverKit
import CRing3
import IOManager
import Machine

extension Framework {
  /// Gives a read, write or control request to the queue that takes its type.
  func dispatchToQueue(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ major: UInt8
  ) -> Int32 {
    if let routine = device.pointee.inCallerContext {
      return presentInCallerContext(device, irp, routine)
    }
    guard let queue = device.pointee.queues[Int(major)] ?? device.pointee.defaultQueue else {
      return passOrRefuse(device, irp)
    }
    return dispatch(device, irp, to: queue)
  }

  /// Makes the request of an IRP and puts it into a queue.
  func dispatch(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    to queue: UnsafeMutablePointer<QueueBody>
  ) -> Int32 {
    if isFinishedAtOnce(queue, irp) { return complete(irp, FrameworkStatus.success) }
    guard let request = makeRequest(device, irp) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return withDispatch(of: request) { enqueue(request, to: queue) }
  }

  /// Reads and writes of no bytes are done, unless the queue wants to see them.
  private func isFinishedAtOnce(_ queue: UnsafeMutablePointer<QueueBody>, _ irp: IRPPointer) -> Bool
  {
    guard queue.pointee.config.AllowZeroLengthRequests == 0 else { return false }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ: return location.pointee.Parameters.Read.Length == 0
    case IRP_MJ_WRITE: return location.pointee.Parameters.Write.Length == 0
    default: return false
    }
  }

  /// Lets the driver see a request in the thread that sent it, before it is in any queue.
  private func presentInCallerContext(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    _ routine: UnsafeMutableRawPointer
  ) -> Int32 {
    guard let request = makeRequest(device, irp) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return withDispatch(of: request) {
      request.pointee.state.insert([.driverOwned, .inCallerContext])
      _ = r3_call2(routine, device.handle, request.handle)
    }
  }

  /// Takes a request that nobody has into a queue, and presents what may be presented.
  func enqueue(
    _ request: UnsafeMutablePointer<RequestBody>, to queue: UnsafeMutablePointer<QueueBody>
  ) {
    // From here to its end the request keeps its queue.
    queue.object.reference()
    request.pointee.queue = queue
    queue.lock.pointee.lock()
    guard queue.pointee.state.contains(.accepts) else {
      queue.lock.pointee.unlock()
      return refuse(request)
    }
    if queue.canPresent, queue.pointee.first == nil, queue.pointee.config.DispatchType.rawValue != 3
    {
      queue.addPresented(request)
      queue.lock.pointee.unlock()
      return present(request, of: queue)
    }
    insert(request, into: queue)
    queue.lock.pointee.unlock()
    presentWaiting(of: queue)
  }

  /// The queue takes nothing any more.
  private func refuse(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.state.insert(.driverOwned)
    guard let queue = request.pointee.queue else { return }
    queue.withLock { queue.addPresented(request) }
    complete(request, FrameworkStatus.invalidDeviceState)
  }

  /// Puts a request into the list and makes it cancelable; under the queue's lock.
  func insert(
    _ request: UnsafeMutablePointer<RequestBody>, into queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.append(request)
    let irp = request.packet
    DriverContext.set(irp, request)
    _ = machine.io.swapCancelRoutine(irp, FrameworkRoutines.cancelQueued)
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
