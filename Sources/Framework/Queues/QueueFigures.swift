import CDriverKit
import CRing3
import Machine

/// WDF_IO_QUEUE_STATE, and how many requests wait and are with the driver.
@c(r3_WdfIoQueueGetState)
package func wdfIoQueueGetState(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ waitingCount: UnsafeMutablePointer<UInt32>?, _ driverCount: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  let queue = Framework.current.queue(handle)
  queue.lock.pointee.lock()
  let state = queue.pointee.state
  let waiting = queue.pointee.waitingCount
  let presented = queue.pointee.presentedCount
  let isHeld = queue.pointee.power != .on
  queue.lock.pointee.unlock()
  waitingCount?.pointee = waiting
  driverCount?.pointee = presented
  var result: WDF_IO_QUEUE_STATE.RawValue = 0
  if state.contains(.accepts) { result |= WdfIoQueueAcceptRequests.rawValue }
  if state.contains(.dispatches) { result |= WdfIoQueueDispatchRequests.rawValue }
  if waiting == 0 { result |= WdfIoQueueNoRequests.rawValue }
  if presented == 0 { result |= WdfIoQueueDriverNoRequests.rawValue }
  if isHeld { result |= WdfIoQueuePnpHeld.rawValue }
  return UInt32(result)
}

/// Says whom to tell when the first request comes into an empty manual queue; NULL for nobody.
@c(r3_WdfIoQueueReadyNotify)
package func wdfIoQueueReadyNotify(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(handle)
  guard queue.pointee.isManual else { return FrameworkStatus.invalidDeviceRequest }
  queue.lock.pointee.lock()
  // To be taken away only while nothing is presented, and given only once.
  let isRefused =
    routine == nil
    ? !queue.pointee.ready.isSet || queue.pointee.state.contains(.dispatches)
    : queue.pointee.ready.isSet
  if isRefused {
    queue.lock.pointee.unlock()
    return FrameworkStatus.invalidDeviceRequest
  }
  queue.pointee.ready = QueueNotice(routine: routine, context: context)
  queue.updateNotice()
  framework.process(queue)
  return FrameworkStatus.success
}
