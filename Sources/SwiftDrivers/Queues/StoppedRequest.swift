import CDriverKit
import Framework

/// A request that the driver has while the device leaves its working state, lent to a stop handler.
///
/// It is still the driver's, wherever that keeps it; here it is only told apart and acknowledged.
public struct StoppedRequest: ~Copyable {
  let handle: Handle

  init(_ handle: Handle) { self.handle = handle }

  /// The same number as ``Request/identifier`` of the request that the driver keeps.
  public var identifier: Request.Identifier { Request.Identifier(handle.bits) }

  /// Lets the device leave its working state with the request in the driver's hands.
  public func keep() { wdfRequestStopAcknowledge(handle.globals, handle.bits, 0) }

  /// Puts the request back at the head of its queue; the driver does not have it any more.
  ///
  /// The driver must give up its own value of the request with ``Request/forget()``.
  public func requeue() { wdfRequestStopAcknowledge(handle.globals, handle.bits, 1) }
}

/// Why requests are to be stopped: `WDF_REQUEST_STOP_ACTION_FLAGS`.
public struct StopReason: OptionSet, Sendable, Hashable {
  /// The flags as the driver kit has them.
  public let rawValue: UInt32

  /// Takes flags as the driver kit has them.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The device goes to sleep.
  public static let suspend = StopReason(rawValue: 1)
  /// The device is removed: every request must be completed.
  public static let purge = StopReason(rawValue: 2)
  /// The driver has marked the request as cancelable.
  public static let isCancelable = StopReason(rawValue: 0x1000_0000)
}
