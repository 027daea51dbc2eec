import CDriverKit
import Framework
import NTTypes

// Requests that go on to another driver, as a filter sends them.
extension Request {
  /// What is done when a request came back from its target.
  public typealias SendHandler =
    @Sendable (_ request: consuming Request, _ result: SendResult) throws -> Void

  /// Sends the request to a target and forgets it: the lower driver completes it.
  ///
  /// One that cannot be sent is completed with the status that says why.
  ///
  /// Up to DISPATCH_LEVEL. Source: WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET.
  public consuming func send(to target: IOTarget) {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(.cancelled, 0)) { return }
    guard !target.isClosed else { return Self.fail(handle, NTStatus.invalidDeviceState.code) }
    var options = WDF_REQUEST_SEND_OPTIONS()
    options.Size = UInt32(MemoryLayout<WDF_REQUEST_SEND_OPTIONS>.size)
    options.Flags = UInt32(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET.rawValue)
    if wdfRequestSend(handle.globals, handle.bits, target.handle.bits, &options) == 0 {
      Self.fail(handle, wdfRequestGetStatus(handle.globals, handle.bits))
    }
  }

  private static func fail(_ handle: Handle, _ status: Int32) {
    wdfRequestComplete(handle.globals, handle.bits, status)
  }

  /// Sends the request as it is to a target, and gets it back.
  ///
  /// - Parameters:
  ///   - target: where it goes.
  ///   - options: limits.
  ///   - completion: has the request again, with what came of it; it completes it, as any handler does. It
  ///     is called once and up to DISPATCH_LEVEL, perhaps before the call returns. A request that could
  ///     not be sent comes back with the status that says why.
  ///
  /// The device is above the target in a stack of devices: a request that came to another one has no
  /// stack location for the lower driver, and the kernel ends with bug check 0x10D.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestFormatRequestUsingCurrentType, WdfRequestSend.
  public consuming func send(
    to target: IOTarget, options: SendOptions = SendOptions(),
    completion: @escaping SendHandler
  ) {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(.cancelled, 0)) { return }
    wdfRequestFormatRequestUsingCurrentType(handle.globals, handle.bits)
    let box = Unmanaged.passRetained(SendBox(completion))
    wdfRequestSetCompletionRoutine(
      handle.globals, handle.bits, DriverEntries.sent.address, box.toOpaque())
    var options = options.layout
    if wdfRequestSend(handle.globals, handle.bits, target.handle.bits, &options) == 0 {
      let status = wdfRequestGetStatus(handle.globals, handle.bits)
      box.release()
      wdfRequestSetCompletionRoutine(handle.globals, handle.bits, nil, nil)
      RequestOwnership.handling(handle.bits) {
        try completion(Request(handle), SendResult(status: NTStatus(code: status)))
      }
    }
  }
}

/// What is done with a delivered request that came back; its address goes with the request.
final class SendBox: Sendable {
  let completion: Request.SendHandler

  init(_ completion: @escaping Request.SendHandler) { self.completion = completion }
}

extension IOTarget {
  /// Whether it leads nowhere.
  var isClosed: Bool {
    switch state {
    case .closed, .closedForQueryRemove, .deleted: true
    default: false
    }
  }
}

/// EvtRequestCompletionRoutine of a delivered request.
let sentEntry:
  @convention(c) (
    UInt64, UInt64, UnsafePointer<WDF_REQUEST_COMPLETION_PARAMS>, UnsafeMutableRawPointer
  ) -> Void = { request, _, parameters, context in
    let globals = Framework.current.globals(of: request)
    let box = Unmanaged<SendBox>.fromOpaque(context)
    let result = SendResult(parameters.pointee)
    box._withUnsafeGuaranteedRef { box in
      RequestOwnership.handling(request) {
        try box.completion(Request(Handle(globals: globals, bits: request)), result)
      }
    }
    box.release()
  }
