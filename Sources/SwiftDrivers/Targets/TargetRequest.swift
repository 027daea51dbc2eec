import CDriverKit
import Framework
import NTTypes
import Synchronization

/// A request that the driver makes itself, to send it to a target as often as it likes.
///
/// It cannot be copied. Sending uses it up, and its completion handler gets it back: while it is under way
/// nobody can touch it but by its ``SentRequest``. When a value goes, the request is deleted, unless its
/// parent has done so.
///
///     let request = try TargetRequest(for: target)
///     request.send(.read(into: buffer.whole)) { request, result in
///       ...
///     }
public struct TargetRequest: ~Copyable, Sendable {
  /// What is done when a request came back.
  public typealias Completion =
    @Sendable (_ request: consuming TargetRequest, _ result: SendResult) -> Void

  let handle: Handle
  /// Where it is sent.
  public let target: IOTarget

  private init(_ handle: Handle, _ target: IOTarget) {
    self.handle = handle
    self.target = target
  }

  deinit {
    if handle.isLive { wdfObjectDelete(handle.globals, handle.bits) }
  }

  /// Makes a request that can be sent to a target.
  ///
  /// - Parameters:
  ///   - target: where it is sent; it must be open.
  ///   - parent: what deletes the request at the latest; nil for the driver.
  /// - Throws: STATUS_INVALID_DEVICE_STATE for a closed target, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestCreate.
  public init(for target: IOTarget, parent: (any FrameworkParent)? = nil) throws(NTStatus) {
    let globals = target.handle.globals
    var attributes = Attachment.attributes(parent: parent?.frameworkHandle.handle)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfRequestCreate")
    try check(wdfRequestCreate(globals, &attributes, target.handle.bits, &bits))
    Attachment.attach(TargetRequestBox(), to: bits)
    self.init(Handle(globals: globals, bits: bits), target)
  }

  /// Sends the request.
  ///
  /// - Parameters:
  ///   - operation: what is asked of the target; memory objects that it lends are held until the request
  ///     came back.
  ///   - options: limits.
  ///   - completion: gets the request back, with what came of it, once and up to DISPATCH_LEVEL; perhaps
  ///     before the call returns. A request that could not be sent comes back with the status that says why.
  /// - Returns: what the request can be cancelled by.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestSend.
  @discardableResult
  public consuming func send(
    _ operation: TargetOperation, options: SendOptions = SendOptions(),
    completion: @escaping Completion
  ) -> SentRequest {
    let (handle, target) = (handle, target)
    discard self
    let box = Attachment.of(handle.bits, as: TargetRequestBox.self)
    let number = box._withUnsafeGuaranteedRef { $0.begin(completion) }
    let sent = SentRequest(handle, number)
    var status = number == 1 ? 0 : Self.reuse(handle)
    if status >= 0 { status = operation.format(handle, for: target) }
    if status >= 0 {
      wdfRequestSetCompletionRoutine(
        handle.globals, handle.bits, DriverEntries.targetRequestSent.address, nil)
      var options = options.layout
      if wdfRequestSend(handle.globals, handle.bits, target.handle.bits, &options) != 0 {
        return sent
      }
      status = wdfRequestGetStatus(handle.globals, handle.bits)
    }
    Self.end(handle, target, SendResult(status: NTStatus(code: status)))
    return sent
  }

  private static func reuse(_ handle: Handle) -> Int32 {
    var parameters = WDF_REQUEST_REUSE_PARAMS()
    parameters.Size = UInt32(MemoryLayout<WDF_REQUEST_REUSE_PARAMS>.size)
    return wdfRequestReuse(handle.globals, handle.bits, &parameters)
  }

  /// Gives the request back to the driver.
  fileprivate static func end(_ handle: Handle, _ target: IOTarget, _ result: SendResult) {
    let box = Attachment.of(handle.bits, as: TargetRequestBox.self)
    let completion = box._withUnsafeGuaranteedRef { $0.end() }
    completion(TargetRequest(handle, target), result)
  }
}

/// A request that is under way, or was: it can be cancelled.
public struct SentRequest: ~Copyable, Sendable {
  private let handle: Handle
  /// Which of the sends of the request it is.
  private let number: UInt64

  init(_ handle: Handle, _ number: UInt64) {
    self.handle = handle
    self.number = number
    // The request may come back, and be deleted, at any time.
    wdfObjectReferenceActual(handle.globals, handle.bits, 0, 0, nil)
  }

  deinit { wdfObjectDereferenceActual(handle.globals, handle.bits, 0, 0, nil) }

  /// Cancels the request, when it is still under way; it comes back in any case.
  ///
  /// - Returns: whether somebody was told of it.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestCancelSentRequest.
  @discardableResult
  public borrowing func cancel() -> Bool {
    let box = Attachment.of(handle.bits, as: TargetRequestBox.self)
    guard box._withUnsafeGuaranteedRef({ $0.isUnderWay(number) }) else { return false }
    return wdfRequestCancelSentRequest(handle.globals, handle.bits) != 0
  }
}

/// What hangs on the WDFREQUEST of a ``TargetRequest``.
final class TargetRequestBox: @unchecked Sendable {
  /// Only touched by who has the request.
  private var completion: TargetRequest.Completion = { _, _ in }
  /// Twice the number of sends, and one while it is under way.
  private let state = Atomic<UInt64>(0)

  /// Notes a send; gives its number.
  func begin(_ completion: @escaping TargetRequest.Completion) -> UInt64 {
    self.completion = completion
    return (state.wrappingAdd(3, ordering: .acquiringAndReleasing).newValue) >> 1
  }

  func end() -> TargetRequest.Completion {
    let completion = completion
    self.completion = { _, _ in }
    state.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    return completion
  }

  func isUnderWay(_ number: UInt64) -> Bool {
    state.load(ordering: .acquiring) == number << 1 | 1
  }
}

/// EvtRequestCompletionRoutine of a request of the driver.
let targetRequestSentEntry:
  @convention(c) (
    UInt64, UInt64, UnsafePointer<WDF_REQUEST_COMPLETION_PARAMS>, UnsafeMutableRawPointer?
  ) -> Void = { request, target, parameters, _ in
    let globals = Framework.current.globals(of: request)
    TargetRequest.end(
      Handle(globals: globals, bits: request),
      IOTarget(handle: Handle(globals: globals, bits: target)), SendResult(parameters.pointee))
  }

extension SendResult {
  init(_ parameters: WDF_REQUEST_COMPLETION_PARAMS) {
    self.init(
      status: NTStatus(code: parameters.IoStatus.Status),
      information: Int(bitPattern: UInt(parameters.IoStatus.Information)))
  }
}
