import CDriverKit
import CRing3
import IOManager
import Machine

/// The cancel routine of IRPs that wait for a reserved request; called with the cancel spin lock held.
let cancelReservedRoutine: @convention(c) (DevicePointer, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  guard let address = irp.pointee.Tail.Overlay.DriverContext.0 else { return }
  let queue = address.assumingMemoryBound(to: QueueBody.self)
  queue.lock.pointee.lock()
  queue.pointee.reserve?.unlink(irp)
  // The queue stays until nobody is in it.
  queue.pointee.activeCount += 1
  queue.lock.pointee.unlock()
  _ = framework.complete(irp, FrameworkStatus.cancelled)
  queue.lock.pointee.lock()
  queue.pointee.activeCount -= 1
  framework.process(queue)
}

// Requests of a queue that gets on without memory.
extension Framework {
  /// Makes the request of an IRP, or takes a reserved one, and puts it into the queue.
  ///
  /// - Parameter seer: EvtIoInCallerContext, which reserved requests are not shown to.
  func dispatchReserving(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    to queue: UnsafeMutablePointer<QueueBody>, _ seer: UnsafeMutableRawPointer?
  ) -> Int32 {
    if let request = makeRequest(device, irp), allocateResources(request, queue) {
      if let seer { return presentInCallerContext(device, request, queue: queue, seer) }
      return withDispatch(of: request) { enqueue(request, to: queue) }
    }
    guard mayUseReserve(irp, queue) else { return complete(irp, FrameworkStatus.unsuccessful) }
    guard let request = takeReserved(irp, queue) else { return FrameworkStatus.pending }
    return withDispatch(of: request) { enqueue(request, to: queue) }
  }

  /// EvtIoAllocateRequestResources of a request; one that it fails for is gone.
  private func allocateResources(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) -> Bool {
    guard let routine = queue.pointee.reserve?.pointee.allocate else { return true }
    request.pointee.state.insert(.wasPresented)
    let status = Int32(truncatingIfNeeded: r3_call2(routine, queue.handle, request.handle))
    if status >= 0 { return true }
    retireMemory(of: request)
    request.pointee.irp = nil
    if request.object.beginDeletion() { request.object.finishDeletion() }
    return false
  }

  /// Whether the policy gives an IRP a reserved request.
  private func mayUseReserve(_ irp: IRPPointer, _ queue: UnsafeMutablePointer<QueueBody>) -> Bool {
    guard let reserve = queue.pointee.reserve else { return false }
    switch reserve.pointee.policy {
    case WdfIoForwardProgressReservedPolicyPagingIO.rawValue:
      return irp.pointee.Flags & UInt32(IRP_PAGING_IO) != 0
    case WdfIoForwardProgressReservedPolicyUseExamine.rawValue:
      guard let routine = reserve.pointee.examine else { return false }
      let action = UInt32(truncatingIfNeeded: r3_call2(routine, queue.handle, bits(irp)))
      return action == WdfIoForwardProgressActionUseReservedRequest.rawValue
    default: return true
    }
  }

  /// Gives an IRP a reserved request; nil when it has to wait for one, or is cancelled.
  private func takeReserved(_ irp: IRPPointer, _ queue: UnsafeMutablePointer<QueueBody>)
    -> UnsafeMutablePointer<RequestBody>?
  {
    queue.lock.pointee.lock()
    guard let reserve = queue.pointee.reserve else {
      queue.lock.pointee.unlock()
      return nil
    }
    if let request = reserve.takeFree() {
      queue.lock.pointee.unlock()
      return prepare(request, irp, queue)
    }
    markPending(irp)
    guard queue.pointee.state.contains(.accepts) else {
      queue.lock.pointee.unlock()
      _ = complete(irp, FrameworkStatus.invalidDeviceState)
      return nil
    }
    reserve.append(irp)
    irp.pointee.Tail.Overlay.DriverContext.0 = UnsafeMutableRawPointer(queue)
    _ = machine.io.swapCancelRoutine(irp, FrameworkRoutines.cancelReserved)
    if irp.pointee.Cancel != 0, machine.io.swapCancelRoutine(irp, nil) != nil {
      reserve.unlink(irp)
      queue.lock.pointee.unlock()
      _ = complete(irp, FrameworkStatus.cancelled)
      return nil
    }
    queue.lock.pointee.unlock()
    return nil
  }

  private func prepare(
    _ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer,
    _ queue: UnsafeMutablePointer<QueueBody>
  ) -> UnsafeMutablePointer<RequestBody> {
    request.pointee.irp = irp
    request.pointee.device = queue.pointee.device
    return request
  }

  /// Takes IRP and buffers of a reserved request away; its contexts and children stay.
  func endReserved(_ request: UnsafeMutablePointer<RequestBody>)
    -> UnsafeMutablePointer<QueueBody>?
  {
    if request.pointee.send.format != nil { restore(request) }
    if request.pointee.head.firstChild != nil { unlockPages(of: request) }
    retireMemory(of: request)
    request.pointee.state.insert(.completed)
    request.pointee.irp = nil
    return request.pointee.queue
  }

  /// A reserved request is nobody's any more: the next IRP gets it, or it is free.
  func giveBack(_ request: UnsafeMutablePointer<RequestBody>) {
    guard let reserve = request.pointee.reserve else { return }
    renew(request)
    reserve.lock.pointee.lock()
    guard let queue = reserve.pointee.queue else {
      reserve.lock.pointee.unlock()
      return delete(request, of: reserve)
    }
    queue.object.reference()
    reserve.lock.pointee.unlock()
    queue.lock.pointee.lock()
    if let irp = takeWaitingIRP(of: queue) {
      queue.lock.pointee.unlock()
      if !take(prepare(request, irp, queue), into: queue) {
        request.pointee.state.insert(.driverOwned)
        complete(request, FrameworkStatus.invalidDeviceState)
      }
    } else {
      // The queue may have ended meanwhile.
      let isKept = reserve.putFree(request)
      queue.lock.pointee.unlock()
      if !isKept { delete(request, of: reserve) }
    }
    queue.object.release()
  }

  /// Makes a request as new, but for its contexts and children.
  private func renew(_ request: UnsafeMutablePointer<RequestBody>) {
    releaseBuffers(of: request)
    destroySend(of: request)
    request.pointee.send = SendState()
    request.pointee.state = .reserved
    request.pointee.stop = .running
    request.pointee.destination = nil
    request.pointee.queue = nil
    request.pointee.cancelRoutine = nil
    request.pointee.cancelState = CancelState.none
    let globals = request.pointee.head.globals
    request.pointee.input = Self.noMemory(globals)
    request.pointee.output = Self.noMemory(globals)
  }

  /// The oldest IRP that waits for a request and is not being cancelled; under the queue's lock.
  private func takeWaitingIRP(of queue: UnsafeMutablePointer<QueueBody>, file: FilePointer? = nil)
    -> IRPPointer?
  {
    guard let reserve = queue.pointee.reserve else { return nil }
    var next = reserve.pointee.first
    while let irp = next {
      next = RequestReserve.next(of: irp)
      let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
      guard file == nil || location.pointee.FileObject == file,
        machine.io.swapCancelRoutine(irp, nil) != nil
      else { continue }
      reserve.unlink(irp)
      return irp
    }
    return nil
  }

  /// Cancels IRPs that wait for a request; called with the queue's lock, which is let go meanwhile.
  func cancelReserved(of queue: UnsafeMutablePointer<QueueBody>, file: FilePointer? = nil) {
    guard queue.pointee.reserve != nil else { return }
    queue.pointee.activeCount += 1
    while let irp = takeWaitingIRP(of: queue, file: file) {
      queue.lock.pointee.unlock()
      _ = complete(irp, FrameworkStatus.cancelled)
      queue.lock.pointee.lock()
    }
    queue.pointee.activeCount -= 1
  }
}

// The lists of a reserve.
extension UnsafeMutablePointer where Pointee == RequestReserve {
  func takeFree() -> UnsafeMutablePointer<RequestBody>? {
    lock.pointee.lock()
    let request = pointee.free
    pointee.free = request?.pointee.next
    lock.pointee.unlock()
    request?.pointee.next = nil
    return request
  }

  /// Puts a request back; false when the queue has ended.
  func putFree(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    lock.pointee.lock()
    let isKept = pointee.queue != nil
    if isKept {
      request.pointee.next = pointee.free
      pointee.free = request
    }
    lock.pointee.unlock()
    return isKept
  }

  /// Puts an IRP behind those that wait; under the queue's lock.
  func append(_ irp: IRPPointer) {
    RequestReserve.setNext(of: irp, nil)
    if let last = pointee.last {
      RequestReserve.setNext(of: last, irp)
    } else {
      pointee.first = irp
    }
    pointee.last = irp
  }

  /// Takes an IRP out of those that wait; under the queue's lock.
  func unlink(_ irp: IRPPointer) {
    var before: IRPPointer?
    var next = pointee.first
    while let other = next, other != irp {
      before = other
      next = RequestReserve.next(of: other)
    }
    guard next != nil else { return }
    let following = RequestReserve.next(of: irp)
    if let before {
      RequestReserve.setNext(of: before, following)
    } else {
      pointee.first = following
    }
    if following == nil { pointee.last = before }
  }
}

extension RequestReserve {
  fileprivate static func next(of irp: IRPPointer) -> IRPPointer? {
    irp.pointee.Tail.Overlay.DriverContext.1?.assumingMemoryBound(to: IRP.self)
  }

  fileprivate static func setNext(of irp: IRPPointer, _ next: IRPPointer?) {
    irp.pointee.Tail.Overlay.DriverContext.1 = UnsafeMutableRawPointer(next)
  }
}
