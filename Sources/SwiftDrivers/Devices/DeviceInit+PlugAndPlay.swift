import CDriverKit
import Framework
import Hardware
import NTTypes

// What a driver does as its device comes and goes.
extension DeviceInit {
  /// What is done about an event of a device; what it throws is the answer.
  public typealias Handler = @Sendable (_ device: DeviceObject) throws -> Void

  /// Makes the hardware usable: maps its registers, opens what stands for it.
  ///
  /// - Parameter handler: gets the resources of the device, in the order of the bus; interrupts as the
  ///   processor sees them. What it throws fails the start of the device; ``onReleaseHardware(_:)``
  ///   follows then too.
  ///
  /// Called at PASSIVE_LEVEL each time that the device is started.
  ///
  /// Source: EvtDevicePrepareHardware.
  public mutating func onPrepareHardware(
    _ handler:
      @escaping @Sendable (_ device: DeviceObject, _ resources: DeviceResources) throws ->
      Void
  ) { box.prepareHardware = handler }

  /// Gives back what ``onPrepareHardware(_:)`` took.
  ///
  /// Called at PASSIVE_LEVEL when the device is stopped or gone.
  ///
  /// Source: EvtDeviceReleaseHardware.
  public mutating func onReleaseHardware(
    _ handler: @escaping @Sendable (_ device: DeviceObject) -> Void
  ) { box.releaseHardware = handler }

  /// Decides whether the device may be stopped so that its resources change: throwing refuses.
  ///
  /// At PASSIVE_LEVEL.
  ///
  /// Source: EvtDeviceQueryStop.
  public mutating func onQueryStop(_ handler: @escaping Handler) { box.queryStop = handler }

  /// Decides whether the device may be removed: throwing refuses.
  ///
  /// At PASSIVE_LEVEL.
  ///
  /// Source: EvtDeviceQueryRemove.
  public mutating func onQueryRemove(_ handler: @escaping Handler) { box.queryRemove = handler }

  /// Is told that the device was pulled out: it cannot be reached any more.
  ///
  /// At PASSIVE_LEVEL, before the device leaves its working state.
  ///
  /// Source: EvtDeviceSurpriseRemoval.
  public mutating func onSurpriseRemoval(
    _ handler: @escaping @Sendable (_ device: DeviceObject) -> Void
  ) { box.surpriseRemoval = handler }
}

// Work of the driver that no queue governs.
extension DeviceInit {
  /// Says what is done with work of the driver's own as the device begins and ends to work.
  ///
  ///     setup.setSelfManagedIO { work in
  ///       work.onStart { device in try poller.start() }
  ///       work.onCleanup { device in poller.stop() }
  ///     }
  public mutating func setSelfManagedIO(_ configure: (inout SelfManagedHandlers) -> Void) {
    configure(&box.selfManaged)
  }
}

/// What a driver does with work that the queues of the framework do not govern.
///
/// All of it is called at PASSIVE_LEVEL, after ``DeviceInit/onD0Entry(_:)`` and before
/// ``DeviceInit/onD0Exit(_:)``.
public struct SelfManagedHandlers: Sendable {
  var start: DeviceInit.Handler?
  var suspend: DeviceInit.Handler?
  var restart: DeviceInit.Handler?
  var flush: (@Sendable (DeviceObject) -> Void)?
  var cleanup: (@Sendable (DeviceObject) -> Void)?

  /// Begins the work, the first time that the device works.

  ///

  /// Source: EvtDeviceSelfManagedIoInit.
  public mutating func onStart(_ handler: @escaping DeviceInit.Handler) { start = handler }

  /// Interrupts the work: the device leaves its working state, or is gone.
  ///
  /// Source: EvtDeviceSelfManagedIoSuspend.
  public mutating func onSuspend(_ handler: @escaping DeviceInit.Handler) { suspend = handler }

  /// Goes on with the work after ``onSuspend(_:)``.

  ///

  /// Source: EvtDeviceSelfManagedIoRestart.
  public mutating func onRestart(_ handler: @escaping DeviceInit.Handler) { restart = handler }

  /// Ends requests of the driver's own, as the device is removed.

  ///

  /// Source: EvtDeviceSelfManagedIoFlush.
  public mutating func onFlush(_ handler: @escaping @Sendable (_ device: DeviceObject) -> Void) {
    flush = handler
  }

  /// Gives back what ``onStart(_:)`` took.

  ///

  /// Source: EvtDeviceSelfManagedIoCleanup.
  public mutating func onCleanup(_ handler: @escaping @Sendable (_ device: DeviceObject) -> Void) {
    cleanup = handler
  }
}

let selfManagedInitEntry: DeviceEntry = {
  callDevice($0) { try $0.selfManaged.start.unsafelyUnwrapped($1) }
}

let selfManagedSuspendEntry: DeviceEntry = {
  callDevice($0) { try $0.selfManaged.suspend.unsafelyUnwrapped($1) }
}

let selfManagedRestartEntry: DeviceEntry = {
  callDevice($0) { try $0.selfManaged.restart.unsafelyUnwrapped($1) }
}

let selfManagedFlushEntry: DeviceEntry = {
  callDevice($0) { $0.selfManaged.flush.unsafelyUnwrapped($1) }
}

let selfManagedCleanupEntry: DeviceEntry = {
  callDevice($0) { $0.selfManaged.cleanup.unsafelyUnwrapped($1) }
}
