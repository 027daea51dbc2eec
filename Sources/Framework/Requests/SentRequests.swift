import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfRequestGetStatus)
package func wdfRequestGetStatus(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  Framework.current.request(handle).packet.pointee.IoStatus.Status
}

/// Whether the cancel reached whoever has the request; its completion routine runs in any case.
@c(r3_WdfRequestCancelSentRequest)
package func wdfRequestCancelSentRequest(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  let framework = Framework.current
  return framework.cancelSent(framework.request(handle)) ? 1 : 0
}

/// Makes the timer now, so that a send with a timeout does not fail for lack of memory.
@c(r3_WdfRequestAllocateTimer)
package func wdfRequestAllocateTimer(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32
{
  let framework = Framework.current
  return framework.allocateTimer(framework.request(handle))
    ? 0 : FrameworkStatus.insufficientResources
}

@c(r3_WdfRequestGetCompletionParams)
package func wdfRequestGetCompletionParams(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_REQUEST_COMPLETION_PARAMS>?
) {
  let framework = Framework.current
  let request = framework.request(handle)
  let result = framework.require(result)
  guard result.pointee.Size == UInt32(MemoryLayout<WDF_REQUEST_COMPLETION_PARAMS>.size) else {
    return framework.note("WdfRequestGetCompletionParams: the size of the structure is wrong")
  }
  result.pointee = framework.completionParameters(of: request, request.packet)
}

/// The next driver gets what this one got.
@c(r3_WdfRequestFormatRequestUsingCurrentType)
package func wdfRequestFormatRequestUsingCurrentType(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  let request = framework.request(handle)
  let irp = request.packet
  // Only an IRP that came from above has a current location.
  guard irp.pointee.CurrentLocation >= 2, irp.pointee.CurrentLocation <= irp.pointee.StackCount
  else { framework.violation(.requestFatal, 1, bits(irp)) }
  framework.restore(request)
  framework.setNextLocation(
    of: request, irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped)
}

/// The next driver gets a stack location that the driver filled in.
@c(r3_WdfRequestWdmFormatUsingStackLocation)
package func wdfRequestWdmFormatUsingStackLocation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ location: UnsafeMutablePointer<IO_STACK_LOCATION>?
) {
  let framework = Framework.current
  let request = framework.request(handle)
  let location = framework.require(location)
  guard request.packet.pointee.CurrentLocation >= 2 else {
    framework.violation(.requestFatal, 1, bits(request.packet))
  }
  framework.setNextLocation(of: request, location)
}

extension Framework {
  /// Cancels a request at its target; false when it came back, or nobody can cancel it now.
  func cancelSent(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    request.sendAddress.pointee.isCancelled = true
    guard takeHold(request) else { return false }
    let wasCancelable = machine.io.cancelIRP(request.packet)
    dropHold(request)
    return wasCancelable
  }

  /// Fills the next location, but for its completion routine and what goes with that.
  fileprivate func setNextLocation(
    of request: UnsafeMutablePointer<RequestBody>, _ location: StackPointer
  ) {
    let next = machine.io.nextLocation(request.packet)
    next.pointee = location.pointee
    next.pointee.CompletionRoutine = nil
    next.pointee.Context = nil
    next.pointee.Control = 0
    request.sendAddress.pointee.flags.insert(.isFormatted)
  }

  /// What a completion routine is told.
  func completionParameters(
    of request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer
  ) -> WDF_REQUEST_COMPLETION_PARAMS {
    if let format = request.pointee.send.format, format.pointee.isActive {
      return format.pointee.parameters
    }
    var parameters = RequestFormat.noParameters
    parameters.IoStatus = irp.pointee.IoStatus
    return parameters
  }
}
