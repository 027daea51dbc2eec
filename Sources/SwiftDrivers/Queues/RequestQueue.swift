import CDriverKit
import Framework
import NTTypes

/// A queue of a device: WDFQUEUE.
///
/// A value; copies stand for the same queue, which goes with its device.
public struct RequestQueue: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// How a queue gives requests to its handlers.
  public enum Dispatch: Sendable, Hashable {
    /// One at a time: the next one when the one before is completed or sent elsewhere.
    case sequential
    /// As they come, at most `limit` at a time; nil for any number.
    case parallel(limit: UInt32?)
    /// Not at all: the driver fetches them with ``RequestQueue/next()``.
    case manual

    /// As they come, any number at a time.
    public static var parallel: Dispatch { .parallel(limit: nil) }
  }

  /// Which requests come to a queue.
  public enum Role: Sendable, Hashable {
    /// All that no other queue of the device is for.
    case `default`
    /// Those of some kinds.
    case kinds([Request.Kind])
    /// Those that the driver forwards.
    case forwarded
  }

  /// The next request of a manual or sequential queue; nil when none waits.
  ///
  /// - Throws: STATUS_WDF_PAUSED while the queue is stopped.
  public func next() throws(NTStatus) -> Request? {
    var request: UInt64 = 0
    let status = wdfIoQueueRetrieveNextRequest(handle.globals, handle.bits, &request)
    // STATUS_NO_MORE_ENTRIES
    if status == NTStatus.noMoreEntries.code { return nil }
    try check(status)
    return Request(Handle(globals: handle.globals, bits: request))
  }

  // MARK: States

  /// Lets requests come and go to the handlers.
  public func start() { wdfIoQueueStart(handle.globals, handle.bits) }

  /// Keeps requests waiting; returns when the driver has none any more.
  ///
  /// At PASSIVE_LEVEL.
  public func stop() { wdfIoQueueStopSynchronously(handle.globals, handle.bits) }

  /// Takes no new requests, and returns when all are completed.
  ///
  /// At PASSIVE_LEVEL.
  public func drain() { wdfIoQueueDrainSynchronously(handle.globals, handle.bits) }

  /// Takes no new requests, cancels those that wait and those that the driver has marked as cancelable,
  /// and returns when all are gone.
  ///
  /// At PASSIVE_LEVEL.
  public func purge() { wdfIoQueuePurgeSynchronously(handle.globals, handle.bits) }

  /// The device of the queue.
  public var device: DeviceObject {
    DeviceObject(
      handle: Handle(
        globals: handle.globals, bits: wdfIoQueueGetDevice(handle.globals, handle.bits)))
  }
}

extension DeviceObject {
  /// Makes a queue.
  ///
  /// - Parameters:
  ///   - dispatch: how requests are given to the handlers.
  ///   - role: which requests come to it.
  ///   - isPowerManaged: whether it holds requests while the device is not in its working state; nil
  ///     for what Windows does: yes, but for filters and control devices.
  ///   - handlers: says what is done with requests; a manual queue has no handlers of requests.
  /// - Throws: an `NTStatus`: STATUS_WDF_NO_CALLBACK without a handler that is needed.
  ///
  /// Source: WdfIoQueueCreate, WdfDeviceConfigureRequestDispatching.
  @discardableResult
  public func makeQueue(
    _ dispatch: RequestQueue.Dispatch, for role: RequestQueue.Role = .default,
    isPowerManaged: Bool? = nil, handlers: (inout QueueHandlers) -> Void = { _ in }
  ) throws(NTStatus) -> RequestQueue {
    var all = QueueHandlers()
    handlers(&all)
    var config = all.configuration
    config.PowerManaged =
      switch isPowerManaged {
      case nil: WdfUseDefault
      case true?: WdfTrue
      case false?: WdfFalse
      }
    config.DefaultQueue = role == .default ? 1 : 0
    switch dispatch {
    case .sequential: config.DispatchType = WdfIoQueueDispatchSequential
    case .parallel(let limit):
      config.DispatchType = WdfIoQueueDispatchParallel
      config.Settings.Parallel.NumberOfPresentedRequests = limit ?? .max
    case .manual: config.DispatchType = WdfIoQueueDispatchManual
    }
    var attributes = Attachment.attributes()
    if all.isPassive { attributes.ExecutionLevel = WdfExecutionLevelPassive }
    var bits: UInt64 = 0
    let handle = handle
    // Its requests find their handlers from the first one on.
    let box = QueueBox(all, handle.globals)
    try checkRefusal(of: "WdfIoQueueCreate")
    try check(
      wdfIoQueueCreate(handle.globals, handle.bits, &config, &attributes, &bits))
    Attachment.attach(box, to: bits)
    if case .kinds(let kinds) = role {
      for kind in kinds {
        try checkRefusal(of: "WdfDeviceConfigureRequestDispatching")
        try check(
          wdfDeviceConfigureRequestDispatching(
            handle.globals, handle.bits, bits, UInt32(kind.function.rawValue)))
      }
    }
    return RequestQueue(handle: Handle(globals: handle.globals, bits: bits))
  }
}
