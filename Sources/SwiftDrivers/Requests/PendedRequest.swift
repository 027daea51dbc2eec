import CDriverKit
import Framework
import NTTypes

/// A request that the driver keeps and whose requester may cancel it meanwhile.
///
/// The driver takes it back with ``resume()`` to complete it. It cannot be copied, and one that is
/// dropped ends the kernel with bug check 0x52330002, unless it was cancelled.
public struct PendedRequest: ~Copyable, Sendable {
  let handle: Handle

  init(_ handle: Handle) { self.handle = handle }

  deinit {
    if Self.take(handle) { RequestOwnership.drop(handle.bits) }
  }

  /// The same as ``Request/identifier`` of the request.
  public var identifier: Request.Identifier { Request.Identifier(handle.bits) }

  /// Takes the request back.
  ///
  /// - Returns: the request; nil when it is cancelled: its cancel handler has it.
  public consuming func resume() -> Request? {
    let handle = handle
    discard self
    return Self.take(handle) ? Request(handle) : nil
  }

  /// Takes the mark away, and the reference that kept the handle valid while somebody else could
  /// cancel and complete the request.
  private static func take(_ handle: Handle) -> Bool {
    let isTaken = wdfRequestUnmarkCancelable(handle.globals, handle.bits) >= 0
    wdfObjectDereferenceActual(handle.globals, handle.bits, 0, 0, nil)
    return isTaken
  }
}

/// What is done with a pended request that is cancelled; hangs on the WDFREQUEST.
final class CancelBox: Sendable {
  let handler: QueueHandlers.Handler

  init(_ handler: @escaping QueueHandlers.Handler) { self.handler = handler }
}

extension Request {
  /// Keeps the request for later, and lets its requester cancel it meanwhile.
  ///
  /// - Parameter onCancel: has the request when it is cancelled, and must complete it; by default with
  ///   STATUS_CANCELLED. It may be called at once, and up to DISPATCH_LEVEL. What the driver keeps
  ///   gives nil from ``PendedRequest/resume()`` then.
  ///   Without memory for the handler the request is completed with STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfRequestMarkCancelableEx.
  public consuming func pend(
    onCancel: @escaping QueueHandlers.Handler = { $0.complete(.cancelled) }
  ) -> PendedRequest {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    wdfObjectReferenceActual(handle.globals, handle.bits, 0, 0, nil)
    let pended = PendedRequest(handle)
    if isInTask, !RequestTask.take(handle, .cancelled(onCancel)) { return pended }
    let status = Self.mark(handle, CancelBox(onCancel))
    if status < 0 {
      // The driver still has it, in this call.
      RequestOwnership.handling(handle.bits) {
        if status == NTStatus.cancelled.code {
          try onCancel(Request(handle))
        } else {
          Request(handle).complete(NTStatus(code: status))
        }
      }
    }
    return pended
  }

  private static func mark(_ handle: Handle, _ box: CancelBox) -> Int32 {
    var attributes = Attachment.attributes()
    var place: UnsafeMutableRawPointer?
    let status = wdfObjectAllocateContext(handle.globals, handle.bits, &attributes, &place)
    // It has a place already when it was pended before.
    guard status >= 0, place != nil else { return status }
    Attachment.replace(box, of: handle.bits)
    return wdfRequestMarkCancelableEx(
      handle.globals, handle.bits, DriverEntries.cancel.address)
  }
}

/// EvtRequestCancel.
let cancelEntry: @convention(c) (UInt64) -> Void = { request in
  let globals = Framework.current.globals(of: request)
  // The request, and its box with it, may go in the handler.
  let handler = Attachment.of(request, as: CancelBox.self).takeUnretainedValue().handler
  RequestOwnership.handling(request) {
    try handler(Request(Handle(globals: globals, bits: request)))
  }
}
