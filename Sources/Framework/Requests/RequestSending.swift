import NTTypes
import CDriverKit
import CRing3
import IOManager
import Machine

/// Gives a request to a target; without success the request's status says why.
@c(r3_WdfRequestSend)
package func wdfRequestSend(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ targetHandle: UInt64,
  _ given: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?
) -> UInt8 {
  let framework = Framework.current
  let request = framework.request(handle)
  var wish = SendWish()
  var status = framework.read(given, into: &wish)
  if status < 0 {
    request.packet.pointee.IoStatus.Status = FrameworkStatus.invalidParameter
    return 0
  }
  let target = framework.target(targetHandle)
  status = framework.checkMode(request, wish)
  if status >= 0 {
    if wish.isForgetting {
      status = framework.sendAndForget(request, to: target)
    } else if wish.isSynchronous {
      status = framework.sendAndWait(request, to: target, wish, copies: false)
    } else {
      status = framework.submit(request, to: target, wish)
    }
  }
  if status < 0 { request.packet.pointee.IoStatus.Status = status }
  return status < 0 ? 0 : 1
}

@c(r3_WdfRequestSetCompletionRoutine)
package func wdfRequestSetCompletionRoutine(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) {
  let send = Framework.current.request(handle).sendAddress
  send.pointee.routine = routine
  send.pointee.context = context
}

extension Framework {
  /// Reads the options of a send; NULL stands for none.
  ///
  /// The flags for impersonation are for drivers in user mode: they are refused.
  func read(_ given: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, into wish: inout SendWish) -> Int32 {
    guard let given else { return 0 }
    let options = given.pointee
    guard options.Size == UInt32(MemoryLayout<WDF_REQUEST_SEND_OPTIONS>.size) else {
      return FrameworkStatus.infoLengthMismatch
    }
    let forget = UInt32(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET.rawValue)
    guard options.Flags & ~0xF == 0, options.Flags & forget == 0 || options.Flags == forget else {
      return FrameworkStatus.invalidParameter
    }
    wish.flags = options.Flags
    if options.Flags & UInt32(WDF_REQUEST_SEND_OPTION_TIMEOUT.rawValue) != 0 {
      wish.timeout = options.Timeout
    }
    return 0
  }

  /// Whether a request of this origin can be sent in this way.
  fileprivate func checkMode(_ request: UnsafeMutablePointer<RequestBody>, _ wish: SendWish)
    -> Int32
  {
    let isDelivered = request.pointee.origin == .delivered
    if wish.isForgetting {
      guard isDelivered else { return FrameworkStatus.invalidDeviceState }
      guard request.pointee.send.format?.pointee.isActive != true else {
        return refuse(
          request, FrameworkStatus.invalidDeviceRequest, rule: "RequestSendAndForgetNoFormatting")
      }
      if request.isSent { violation(.requestFatal, 3, request.handle) }
      return 0
    }
    if wish.isSynchronous {
      return isLevel(atMost: IRQL.passive) ? 0 : FrameworkStatus.invalidDeviceRequest
    }
    // Nobody would ever complete it.
    return isDelivered && request.pointee.send.routine == nil
      ? FrameworkStatus.invalidDeviceRequest : 0
  }

  /// Sends a request and waits until it came back.
  ///
  /// - Parameter copies: whether this thread copies what was read and no completion routine is called.
  /// - Returns: the reason why the request was not sent, or success.
  func sendAndWait(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>,
    _ wish: SendWish, copies: Bool
  ) -> Int32 {
    if request.isSent { violation(.requestFatal, 3, request.handle) }
    var wait = SendWait(copies: copies)
    return withUnsafeMutablePointer(to: &wait) { wait in
      Event(wait.event).initialize(.notification, isSet: false)
      request.sendAddress.pointee.wait = wait
      // The driver may delete it in its completion routine.
      request.object.reference()
      let status = submit(request, to: target, wish)
      if status < 0 {
        request.sendAddress.pointee.wait = nil
      } else {
        waitForReturn(wait, request, wish.timeout)
      }
      request.object.release()
      return status
    }
  }

  private func waitForReturn(
    _ wait: UnsafeMutablePointer<SendWait>, _ request: UnsafeMutablePointer<RequestBody>,
    _ timeout: Int64
  ) {
    if timeout != 0 {
      let options = WaitOptions(deadline: Deadline(units: timeout))
      guard Event(wait.event).wait(options) == WaitStatus.timeout else { return }
      expire(request)
    }
    Event(wait.event).wait()
  }

  /// Passes a delivered request on; the driver does not see it again.
  ///
  /// - Returns: the reason why the driver still has it, or success.
  fileprivate func sendAndForget(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>
  ) -> Int32 {
    guard target.pointee.wdmDevice != nil, !target.pointee.state.isClosed else {
      return FrameworkStatus.invalidDeviceState
    }
    let irp = checkOwned(request)
    let isFormatted = request.pointee.send.flags.contains(.isFormatted)
    let queue = endDelivered(request)
    let record = record(of: request.handle)
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if record == nil {
      // Its dispatch routine has returned STATUS_PENDING.
      markPending(irp)
    } else {
      location.pointee.Control &= ~UInt8(SL_PENDING_RETURNED)
    }
    if !isFormatted { passLocation(irp, isMarked: record == nil) }
    let status = hand(irp, to: target)
    record?.pointee.isForgotten = true
    record?.pointee.status = status
    finish(request, queue)
    return 0
  }

  /// Leaves this driver's location to the next one.
  ///
  /// A location with a mark that the next driver has not set is kept when that driver is checked.
  private func passLocation(_ irp: IRPPointer, isMarked: Bool) {
    if isMarked, machine.verifier.contains(.ioVerification), irp.pointee.CurrentLocation >= 2 {
      let next = machine.io.nextLocation(irp)
      next.pointee = irp.pointee.Tail.Overlay.CurrentStackLocation.pointee
      next.pointee.CompletionRoutine = nil
      next.pointee.Context = nil
      next.pointee.Control = 0
      return
    }
    irp.pointee.CurrentLocation += 1
    irp.pointee.Tail.Overlay.CurrentStackLocation += 1
  }
}
