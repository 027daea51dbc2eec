import CDriverKit
import NTTypes

/// How a request is sent: WDF_REQUEST_SEND_OPTIONS.
public struct SendOptions: Sendable, Hashable {
  /// How long it may take; nil for ever.
  ///
  /// From 100 nanoseconds to 29,000 years. A request that takes longer is cancelled, and its status is
  /// STATUS_IO_TIMEOUT.
  public var timeout: Duration?
  /// Whether it goes to a target that is stopped or purged too.
  public var ignoresTargetState: Bool

  /// Says how a request is sent; by default with no limit of time, to a target that is started.
  public init(timeout: Duration? = nil, ignoresTargetState: Bool = false) {
    self.timeout = timeout
    self.ignoresTargetState = ignoresTargetState
  }

  /// With a limit of time.
  public static func timeout(_ timeout: Duration) -> SendOptions { SendOptions(timeout: timeout) }

  /// To a target that is stopped or purged too.
  public static var ignoringTargetState: SendOptions { SendOptions(ignoresTargetState: true) }

  /// The options as the framework takes them.
  var layout: WDF_REQUEST_SEND_OPTIONS {
    var options = WDF_REQUEST_SEND_OPTIONS()
    options.Size = UInt32(MemoryLayout<WDF_REQUEST_SEND_OPTIONS>.size)
    if let timeout {
      options.Flags |= UInt32(WDF_REQUEST_SEND_OPTION_TIMEOUT.rawValue)
      options.Timeout = -timeout.units
    }
    if ignoresTargetState {
      options.Flags |= UInt32(WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE.rawValue)
    }
    return options
  }
}

extension Duration {
  /// Units of 100 nanoseconds, at least one.
  fileprivate var units: Int64 {
    let (seconds, attoseconds) = components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 10_000_000)
    if isTooLong { return seconds < 0 ? 1 : .max }
    let (units, isTooMuch) = whole.addingReportingOverflow(attoseconds / 100_000_000_000)
    return isTooMuch ? .max : max(1, units)
  }
}

/// How a request came back from its target.
public struct SendResult: Sendable, Hashable {
  /// What the lower driver, or whoever ended it, said.
  public let status: NTStatus
  /// Bytes that were transferred; what else it means is the lower driver's to say.
  public let information: Int

  /// Says how a request came back.
  public init(status: NTStatus, information: Int = 0) {
    self.status = status
    self.information = information
  }

  /// The bytes that were transferred; an error status is thrown.
  public func get() throws(NTStatus) -> Int {
    if !status.isSuccess { throw status }
    return information
  }
}
