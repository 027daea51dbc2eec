import CDriverKit
import CRing3
import IOManager
import Machine

// Requests that their driver gives to another queue, or back.
extension Framework {
  /// Whether the driver has a request, and may give it away.
  func isFree(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    request.pointee.state.contains(.driverOwned) && request.pointee.irp != nil
      && !request.isCancelable
  }

  /// Moves a request that the driver has to another queue; on failure the driver keeps it.
  func forward(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<QueueBody>
  ) -> Int32 {
    let source = request.pointee.queue
    if let source { source.withLock { source.unlinkPresented(request) } }
    guard take(request, into: target) else {
      if let source { source.withLock { source.linkPresented(request) } }
      return FrameworkStatus.busy
    }
    if let source {
      source.lock.pointee.lock()
      source.pointee.presentedCount -= 1
      process(source)
    }
    return FrameworkStatus.success
  }

  /// Puts a request that the driver fetched back before all others.
  fileprivate func requeue(_ request: UnsafeMutablePointer<RequestBody>) -> Int32 {
    guard isFree(request), let queue = request.pointee.queue, queue.pointee.isManual else {
      return FrameworkStatus.invalidDeviceRequest
    }
    queue.lock.pointee.lock()
    putBack(request, into: queue)
    return FrameworkStatus.success
  }

  /// Makes a request of the driver the first that waits; called with the queue's lock, returns without.
  func putBack(
    _ request: UnsafeMutablePointer<RequestBody>, into queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.removePresented(request)
    request.pointee.state.remove(.driverOwned)
    if queue.pointee.state.contains(.cancels) {
      endWaiting(request, of: queue)
      return process(queue)
    }
    queue.prepend(request)
    processAfterInsertion(of: request, queue)
  }

  /// Moves a request of a bus's child to a queue of the bus device.
  fileprivate func forwardToParent(
    _ request: UnsafeMutablePointer<RequestBody>, _ target: UnsafeMutablePointer<QueueBody>
  ) -> Int32 {
    guard isFree(request), let device = request.pointee.device, request.pointee.queue != target,
      let parent = device.pointee.parentDevice, parent == target.pointee.device,
      device.pointee.forwardsToParent, !request.pointee.state.contains(.reserved)
    else { return FrameworkStatus.invalidDeviceRequest }
    let irp = request.packet
    // The parent gets a stack location of its own, as if it had been called.
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let next = location - 1
    next.pointee = location.pointee
    next.pointee.CompletionRoutine = nil
    next.pointee.Context = nil
    next.pointee.Control = 0
    next.pointee.DeviceObject = parent.pointee.wdmDevice
    irp.pointee.CurrentLocation -= 1
    irp.pointee.Tail.Overlay.CurrentStackLocation = next
    request.pointee.device = parent
    let status = forward(request, to: target)
    if status < 0 {
      request.pointee.device = device
      irp.pointee.CurrentLocation += 1
      irp.pointee.Tail.Overlay.CurrentStackLocation = location
    }
    return status
  }
}

/// Gives a request that the driver has to another queue of the same device.
@c(r3_WdfRequestForwardToIoQueue)
package func wdfRequestForwardToIoQueue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ queueHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(queueHandle)
  let request = framework.request(handle)
  guard request.pointee.origin == .delivered, framework.isFree(request),
    request.pointee.queue != queue, request.pointee.device == queue.pointee.device
  else { return FrameworkStatus.invalidDeviceRequest }
  return framework.forward(request, to: queue)
}

@c(r3_WdfRequestRequeue)
package func wdfRequestRequeue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  let framework = Framework.current
  return framework.requeue(framework.request(handle))
}

@c(r3_WdfRequestForwardToParentDeviceIoQueue)
package func wdfRequestForwardToParentDeviceIoQueue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ queueHandle: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_FORWARD_OPTIONS>?
) -> Int32 {
  let framework = Framework.current
  let options = framework.require(options)
  let queue = framework.queue(queueHandle)
  let request = framework.request(handle)
  guard options.pointee.Size == UInt32(MemoryLayout<WDF_REQUEST_FORWARD_OPTIONS>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  // Sending and forgetting is the only way that there is.
  guard options.pointee.Flags == UInt32(WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET.rawValue) else {
    return FrameworkStatus.invalidParameter
  }
  return framework.forwardToParent(request, queue)
}

/// Gives the queue of its type a request that EvtIoInCallerContext got.
@c(r3_WdfDeviceEnqueueRequest)
package func wdfDeviceEnqueueRequest(
  _ globals: UnsafeMutableRawPointer, _ deviceHandle: UInt64, _ handle: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(deviceHandle)
  return framework.enqueueSeen(framework.request(handle), device)
}

extension Framework {
  fileprivate func enqueueSeen(
    _ request: UnsafeMutablePointer<RequestBody>, _ device: UnsafeMutablePointer<DeviceBody>
  ) -> Int32 {
    guard isFree(request), request.pointee.queue == nil, request.pointee.device == device,
      request.pointee.origin == .delivered
    else { return FrameworkStatus.invalidDeviceRequest }
    let major = request.location.pointee.MajorFunction
    let found =
      request.pointee.destination ?? device.pointee.queues[Int(major)]
      ?? device.pointee.defaultQueue
    guard let queue = found, !isForLowerDriver(queue, major) else {
      guard device.pointee.role == .filter, device.pointee.attachedTo != nil else {
        return FrameworkStatus.invalidDeviceRequest
      }
      passDown(request)
      return FrameworkStatus.success
    }
    return take(request, into: queue) ? FrameworkStatus.success : FrameworkStatus.busy
  }
}
