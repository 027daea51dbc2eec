import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// What a queue keeps so that requests get on when there is no memory; pool of its own.
///
/// Everything that changes is guarded by the queue's lock until the queue has ended.
struct RequestReserve {
  /// The queue; nil when it has ended.
  var queue: UnsafeMutablePointer<QueueBody>?
  let policy: UInt32
  /// EvtIoAllocateRequestResources, and the callback that looks at an IRP.
  let allocate: UnsafeRawPointer?
  let examine: UnsafeRawPointer?
  var lock = MachineLock()
  /// Requests that are free, linked by `next`.
  var free: UnsafeMutablePointer<RequestBody>?
  /// Requests that there are, free or not.
  var count: UInt32 = 0
  /// IRPs that wait for one, oldest first, linked by `DriverContext[1]`.
  var first: IRPPointer?
  var last: IRPPointer?

  static var tag: UInt32 { 0x7352_7846 }  // FxRs
}

/// Has a queue get on with requests when there is no memory for them.
@c(r3_WdfIoQueueAssignForwardProgressPolicy)
package func wdfIoQueueAssignForwardProgressPolicy(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY>?
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(handle)
  let policy = framework.require(given).pointee
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  if queue.pointee.reserve != nil { return FrameworkStatus.invalidParameter }
  guard policy.Size == UInt32(MemoryLayout<WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  let kind = policy.ForwardProgressReservedPolicy
  let examine =
    policy.ForwardProgressReservePolicySettings.Policy.ExaminePolicy.EvtIoWdmIrpForForwardProgress
  guard kind.rawValue > 0, kind.rawValue <= WdfIoForwardProgressReservedPolicyPagingIO.rawValue,
    kind != WdfIoForwardProgressReservedPolicyUseExamine || examine != nil,
    policy.TotalForwardProgressRequests > 0
  else { return FrameworkStatus.invalidParameter }
  // Since 1.11 any queue may be the first that a request comes to.
  guard queue.pointee.head.globals.pointee.minorVersion >= 11 || queue.isTopLevel else {
    return FrameworkStatus.invalidParameter
  }
  return framework.makeReserve(of: queue, policy)
}

extension Framework {
  fileprivate func makeReserve(
    of queue: UnsafeMutablePointer<QueueBody>, _ policy: WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY
  ) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<RequestReserve>.size, kind: .nonpaged, tag: RequestReserve.tag)
    else { return FrameworkStatus.insufficientResources }
    let examine =
      policy.ForwardProgressReservePolicySettings.Policy.ExaminePolicy
      .EvtIoWdmIrpForForwardProgress
    let reserve = block.bindMemory(to: RequestReserve.self, capacity: 1)
    reserve.initialize(
      to: RequestReserve(
        queue: queue, policy: policy.ForwardProgressReservedPolicy.rawValue,
        allocate: UnsafeRawPointer(policy.EvtIoAllocateRequestResources),
        examine: UnsafeRawPointer(examine)))
    for _ in 0..<policy.TotalForwardProgressRequests {
      let status = addRequest(
        to: reserve, queue, UnsafeRawPointer(policy.EvtIoAllocateResourcesForReservedRequest))
      guard status >= 0 else {
        free(reserve)
        return status
      }
    }
    // Last of all: a queue may be at work already.
    queue.withLock { queue.pointee.reserve = reserve }
    return FrameworkStatus.success
  }

  /// Makes a request and has the driver give it what it needs.
  private func addRequest(
    to reserve: UnsafeMutablePointer<RequestReserve>, _ queue: UnsafeMutablePointer<QueueBody>,
    _ routine: UnsafeRawPointer?
  ) -> Int32 {
    guard let request = makeRequest(queue.pointee.device, nil) else {
      return FrameworkStatus.insufficientResources
    }
    request.pointee.reserve = reserve
    request.pointee.state = .reserved
    request.pointee.head.flags.insert(.returns)
    request.pointee.next = reserve.pointee.free
    reserve.pointee.free = request
    reserve.pointee.count += 1
    guard let routine else { return FrameworkStatus.success }
    // The driver may ask which queue it is for.
    request.pointee.queue = queue
    let status = Int32(truncatingIfNeeded: r3_call2(routine, queue.handle, request.handle))
    request.pointee.queue = nil
    return status
  }

  /// Deletes what a queue that ends has in reserve; requests that are elsewhere follow as they come back.
  func endReserve(of queue: UnsafeMutablePointer<QueueBody>) {
    guard let reserve = queue.pointee.reserve else { return }
    queue.pointee.reserve = nil
    free(reserve)
  }

  private func free(_ reserve: UnsafeMutablePointer<RequestReserve>) {
    reserve.lock.pointee.lock()
    reserve.pointee.queue = nil
    let first = reserve.pointee.free
    reserve.pointee.free = nil
    reserve.lock.pointee.unlock()
    // One more until all of them are gone, so that it is still there then.
    _ = r3_add32(reserve.count, 1)
    var next = first
    while let request = next {
      next = request.pointee.next
      delete(request, of: reserve)
    }
    forget(reserve)
  }

  /// The end of a reserved request, with its callbacks.
  func delete(
    _ request: UnsafeMutablePointer<RequestBody>, of reserve: UnsafeMutablePointer<RequestReserve>
  ) {
    request.pointee.reserve = nil
    request.pointee.head.flags.remove(.returns)
    if request.object.beginDeletion() { request.object.finishDeletion() }
    forget(reserve)
  }

  /// One request less; the last one takes the reserve with it.
  private func forget(_ reserve: UnsafeMutablePointer<RequestReserve>) {
    guard r3_add32(reserve.count, .max) == 1 else { return }
    machine.pool.free(UnsafeMutableRawPointer(reserve), tag: RequestReserve.tag)
  }
}

extension UnsafeMutablePointer where Pointee == RequestReserve {
  fileprivate var count: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self)
      + MemoryLayout<RequestReserve>.offset(of: \.count).unsafelyUnwrapped
  }

  /// Guards ``RequestReserve/queue`` and the list of free requests; taken under the queue's lock.
  var lock: UnsafeMutablePointer<MachineLock> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<RequestReserve>.offset(of: \.lock).unsafelyUnwrapped)
      .assumingMemoryBound(to: MachineLock.self)
  }
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Whether requests come to the queue from the device: by their type, or because it is the default.
  fileprivate var isTopLevel: Bool {
    let device = pointee.device
    return device.pointee.defaultQueue == self
      || (0..<28).contains { device.pointee.queues[$0] == self }
  }
}
