import CDriverKit
import Framework
import NTTypes

/// A request under way to a target, whose end a task awaits.
///
/// The continuation is an unsafe one: in a kernel that ended it is never resumed, and nobody is to
/// complain of that.
final class AwaitedSend: @unchecked Sendable {
  let request: Handle
  /// Whether the request is only for this send; else the task has it, and it is referenced here.
  private let isOwned: Bool
  private let executor: KernelExecutor
  private var continuation: UnsafeContinuation<SendResult, Never>?

  /// Makes a request for one send.
  init(for target: IOTarget) throws(NTStatus) {
    let globals = target.handle.globals
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfRequestCreate")
    try check(wdfRequestCreate(globals, nil, target.handle.bits, &bits))
    request = Handle(globals: globals, bits: bits)
    isOwned = true
    executor = DriverTasks.of(request).executor
  }

  /// Stands for a send of a request that the task has.
  init(of request: Handle) {
    self.request = request
    isOwned = false
    executor = DriverTasks.of(request).executor
    // A cancel that is on its way may find the request completed.
    wdfObjectReferenceActual(request.globals, request.bits, 0, 0, nil)
  }

  deinit {
    if !isOwned {
      wdfObjectDereferenceActual(request.globals, request.bits, 0, 0, nil)
    } else if request.isLive {
      wdfObjectDelete(request.globals, request.bits)
    }
  }

  /// Sends the request, which is formatted, and awaits its end.
  func run(_ target: IOTarget, _ options: SendOptions) async -> SendResult {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { send(target, options, $0) }
    } onCancel: {
      // A task is cancelled by anybody, at any level, perhaps outside the kernel, and under a lock of
      // the Swift runtime: no driver is called here.
      executor.queue(cancelAwaited, Unmanaged.passRetained(self).toOpaque())
    }
  }

  private func send(
    _ target: IOTarget, _ options: SendOptions,
    _ continuation: UnsafeContinuation<SendResult, Never>
  ) {
    if Task.isCancelled { return continuation.resume(returning: SendResult(status: .cancelled)) }
    self.continuation = continuation
    let held = Unmanaged.passRetained(self)
    wdfRequestSetCompletionRoutine(
      request.globals, request.bits, DriverEntries.awaited.address, held.toOpaque())
    var options = options.layout
    if wdfRequestSend(request.globals, request.bits, target.handle.bits, &options) == 0 {
      let status = wdfRequestGetStatus(request.globals, request.bits)
      wdfRequestSetCompletionRoutine(request.globals, request.bits, nil, nil)
      held.release()
      continuation.resume(returning: SendResult(status: NTStatus(code: status)))
    }
  }

  fileprivate func end(_ result: SendResult) { continuation?.resume(returning: result) }
}

private let cancelAwaited: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
  let send = Unmanaged<AwaitedSend>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue()
  _ = wdfRequestCancelSentRequest(send.request.globals, send.request.bits)
}

/// EvtRequestCompletionRoutine of a request that a task awaits.
let awaitedEntry:
  @convention(c) (
    UInt64, UInt64, UnsafePointer<WDF_REQUEST_COMPLETION_PARAMS>, UnsafeMutableRawPointer
  ) -> Void = { _, _, parameters, context in
    Unmanaged<AwaitedSend>.fromOpaque(context).takeRetainedValue()
      .end(SendResult(parameters.pointee))
  }
