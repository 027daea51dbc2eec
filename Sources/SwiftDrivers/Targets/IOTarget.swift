import CDriverKit
import Framework
import NTTypes

/// Where requests are sent: WDFIOTARGET.
///
/// A value; copies stand for the same target. That of a device, ``DeviceObject/target``, goes with the
/// device; one that the driver opens belongs to a ``RemoteTarget``.
///
///     let version: RawSpan = ...
///     try device.target?.deviceControl(.setVersion, input: version, options: .timeout(.seconds(1)))
///
/// Each way to send comes twice: as a function that waits, for PASSIVE_LEVEL, and as an `async` one, for
/// the tasks of a driver. In a task the compiler takes the latter.
public struct IOTarget: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// What becomes of requests that are sent to a target: `WDF_IO_TARGET_STATE`.
  public enum State: UInt32, Sendable, CaseIterable {
    /// Not a state of a target.
    case undefined
    /// They are sent.
    case started
    /// They wait until it is started.
    case stopped
    /// They are refused: the device may be removed.
    case closedForQueryRemove
    /// They are refused: it leads nowhere.
    case closed
    /// They are refused: it is being deleted.
    case deleted
    /// They are refused until it is started.
    case purged
  }

  /// What becomes now of requests that are sent to the target.
  public var state: State {
    State(rawValue: wdfIoTargetGetState(handle.globals, handle.bits)) ?? .undefined
  }

  /// The device that the target belongs to.
  public var device: DeviceObject {
    DeviceObject(
      handle: Handle(
        globals: handle.globals, bits: wdfIoTargetGetDevice(handle.globals, handle.bits)))
  }

  // MARK: States

  /// Lets requests go, those that wait first.
  ///
  /// - Throws: STATUS_INVALID_DEVICE_STATE for a closed target.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfIoTargetStart.
  public func start() throws(NTStatus) { try check(wdfIoTargetStart(handle.globals, handle.bits)) }

  /// What ``IOTarget/stop(_:)`` does about the requests that the lower drivers have.
  public enum SentRequests: UInt32, Sendable, CaseIterable {
    /// They are cancelled and awaited; at PASSIVE_LEVEL.
    case cancel = 1
    /// They are awaited; at PASSIVE_LEVEL.
    case wait
    /// They stay there.
    case leave
  }

  /// Keeps requests from now on until the target is started.
  ///
  /// Source: WdfIoTargetStop.
  public func stop(_ sent: SentRequests) {
    wdfIoTargetStop(handle.globals, handle.bits, sent.rawValue)
  }

  /// Refuses requests from now on and cancels those that wait or are under way.
  ///
  /// - Parameter waits: whether they have all come back when the call returns; at PASSIVE_LEVEL.
  ///
  /// Source: WdfIoTargetPurge.
  public func purge(waits: Bool = true) {
    wdfIoTargetPurge(handle.globals, handle.bits, waits ? 1 : 2)
  }
}

extension DeviceObject {
  /// The next lower device of the stack; nil for a control device, which is in no stack.
  ///
  /// Source: WdfDeviceGetIoTarget.
  public var target: IOTarget? { target(wdfDeviceGetIoTarget) }

  /// The device's own queues, as a target; nil unless ``DeviceInit/allowSelfTarget()`` asked for it.
  ///
  /// Source: WdfDeviceGetSelfIoTarget.
  public var selfTarget: IOTarget? { target(wdfDeviceGetSelfIoTarget) }

  private func target(_ get: (UnsafeMutableRawPointer, UInt64) -> UInt64) -> IOTarget? {
    let target = get(handle.globals, handle.bits)
    return target == 0 ? nil : IOTarget(handle: Handle(globals: handle.globals, bits: target))
  }
}

extension DeviceInit {
  /// Lets the driver send requests to its own queues: ``DeviceObject/selfTarget``.
  public mutating func allowSelfTarget() { wdfDeviceInitAllowSelfIoTarget(globals, address) }
}
