import CDriverKit
import Framework
import NTTypes

/// What a driver does with the requests of a queue.
///
/// A handler has the request from the call on: it completes it, forwards it, sends it or pends it. When
/// it throws while it still has the request, the request is completed with the error. When it returns
/// and has done none of that, the request would be lost, and the kernel ends with bug check
/// 0x52330002.
///
/// Handlers run at PASSIVE_LEVEL or DISPATCH_LEVEL, in whatever thread and process the request came in.
public struct QueueHandlers: Sendable {
  /// What is done with a request.
  public typealias Handler = @Sendable (_ request: consuming Request) throws -> Void
  /// What is done with a control request and its code.
  public typealias ControlHandler =
    @Sendable (_ request: consuming Request, _ code: IoControlCode) throws -> Void
  /// What is done about a request that the driver has, when the device leaves its working state.
  public typealias StopHandler =
    @Sendable (_ request: borrowing StoppedRequest, _ reason: StopReason) -> Void

  // Those of the request path are not optional: a closure that is taken out of an optional is wrapped
  // anew at each call.
  var read: Handler = { $0.complete(.invalidDeviceRequest) }
  var write: Handler = { $0.complete(.invalidDeviceRequest) }
  var control: ControlHandler = { request, _ in request.complete(.invalidDeviceRequest) }
  var internalControl: ControlHandler = { request, _ in request.complete(.invalidDeviceRequest) }
  var other: Handler = { $0.complete(.invalidDeviceRequest) }
  /// Which of those were given.
  var given: Given = []
  var cancelled: Handler?
  var stop: StopHandler?
  var resume: (@Sendable (_ request: borrowing StoppedRequest) -> Void)?
  /// Whether reads and writes of no bytes come to the handlers; else they are completed before.
  public var allowsEmptyRequests = false
  /// Whether handlers run at PASSIVE_LEVEL only, so that they may wait: what comes at a higher level is
  /// given to a thread.
  public var isPassive = false

  init() {}

  /// Handlers of requests that were given.
  struct Given: OptionSet {
    let rawValue: UInt8
    static let read = Given(rawValue: 1)
    static let write = Given(rawValue: 2)
    static let control = Given(rawValue: 4)
    static let internalControl = Given(rawValue: 8)
    static let other = Given(rawValue: 16)
  }

  /// Handles reads.
  public mutating func onRead(_ handler: @escaping Handler) {
    read = handler
    given.insert(.read)
  }

  /// Handles writes.
  public mutating func onWrite(_ handler: @escaping Handler) {
    write = handler
    given.insert(.write)
  }

  /// Handles device control requests of programs and drivers.
  public mutating func onDeviceControl(_ handler: @escaping ControlHandler) {
    control = handler
    given.insert(.control)
  }

  /// Handles internal device control requests, which only drivers send.
  public mutating func onInternalControl(_ handler: @escaping ControlHandler) {
    internalControl = handler
    given.insert(.internalControl)
  }

  /// Handles requests that have no handler of their own.
  public mutating func onOther(_ handler: @escaping Handler) {
    other = handler
    given.insert(.other)
  }

  /// Handles requests that were cancelled while they waited in the queue after the driver had them
  /// before; without it the framework completes them.
  public mutating func onCancelled(_ handler: @escaping Handler) { cancelled = handler }

  /// Is told that the device leaves its working state, for each request that the driver has.
  public mutating func onStop(_ handler: @escaping StopHandler) { stop = handler }

  /// Is told that the device is in its working state again, for each request that the driver kept.
  public mutating func onResume(
    _ handler: @escaping @Sendable (_ request: borrowing StoppedRequest) -> Void
  ) { resume = handler }

  /// The handlers as the framework takes them.
  var configuration: WDF_IO_QUEUE_CONFIG {
    var config = WDF_IO_QUEUE_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_IO_QUEUE_CONFIG>.size)
    config.AllowZeroLengthRequests = allowsEmptyRequests ? 1 : 0
    if given.contains(.read) { config.EvtIoRead = DriverEntries.read.address }
    if given.contains(.write) { config.EvtIoWrite = DriverEntries.write.address }
    if given.contains(.control) { config.EvtIoDeviceControl = DriverEntries.control.address }
    if given.contains(.internalControl) {
      config.EvtIoInternalDeviceControl = DriverEntries.internalControl.address
    }
    if given.contains(.other) { config.EvtIoDefault = DriverEntries.other.address }
    if stop != nil { config.EvtIoStop = DriverEntries.stop.address }
    if resume != nil { config.EvtIoResume = DriverEntries.resume.address }
    if cancelled != nil {
      config.EvtIoCanceledOnQueue = DriverEntries.cancelledOnQueue.address
    }
    return config
  }
}

/// What hangs on the WDFQUEUE.
final class QueueBox: @unchecked Sendable {
  let handlers: QueueHandlers
  /// Those of the driver.
  let globals: UnsafeMutableRawPointer

  init(_ handlers: QueueHandlers, _ globals: UnsafeMutableRawPointer) {
    self.handlers = handlers
    self.globals = globals
  }
}

// MARK: What the framework calls

/// Calls a handler with a request and judges what it left.
@inline(__always)
private func handle(
  _ queue: UInt64, _ request: UInt64, _ body: (QueueHandlers, consuming Request) throws -> Void
) {
  Attachment.of(queue, as: QueueBox.self)._withUnsafeGuaranteedRef { box in
    RequestOwnership.handling(request) { () throws in
      try body(box.handlers, Request(Handle(globals: box.globals, bits: request)))
    }
  }
}

let readEntry: @convention(c) (UInt64, UInt64, UInt64) -> Void = { queue, request, _ in
  handle(queue, request) { try $0.read($1) }
}

let writeEntry: @convention(c) (UInt64, UInt64, UInt64) -> Void = { queue, request, _ in
  handle(queue, request) { try $0.write($1) }
}

let controlEntry: @convention(c) (UInt64, UInt64, UInt64, UInt64, UInt64) -> Void = {
  queue, request, _, _, code in
  let code = IoControlCode(bits: UInt32(truncatingIfNeeded: code))
  handle(queue, request) { try $0.control($1, code) }
}

let internalControlEntry: @convention(c) (UInt64, UInt64, UInt64, UInt64, UInt64) -> Void = {
  queue, request, _, _, code in
  let code = IoControlCode(bits: UInt32(truncatingIfNeeded: code))
  handle(queue, request) { try $0.internalControl($1, code) }
}

let otherEntry: @convention(c) (UInt64, UInt64) -> Void = { queue, request in
  handle(queue, request) { try $0.other($1) }
}

let cancelledOnQueueEntry: @convention(c) (UInt64, UInt64) -> Void = { queue, request in
  handle(queue, request) { try $0.cancelled.unsafelyUnwrapped($1) }
}

let stopEntry: @convention(c) (UInt64, UInt64, UInt64) -> Void = { queue, request, flags in
  let globals = Framework.current.globals(of: queue)
  Attachment.of(queue, as: QueueBox.self)._withUnsafeGuaranteedRef { box in
    box.handlers.stop.unsafelyUnwrapped(
      StoppedRequest(Handle(globals: globals, bits: request)),
      StopReason(rawValue: UInt32(truncatingIfNeeded: flags)))
  }
}

let resumeEntry: @convention(c) (UInt64, UInt64) -> Void = { queue, request in
  let globals = Framework.current.globals(of: queue)
  Attachment.of(queue, as: QueueBox.self)._withUnsafeGuaranteedRef { box in
    box.handlers.resume.unsafelyUnwrapped(
      StoppedRequest(Handle(globals: globals, bits: request)))
  }
}
