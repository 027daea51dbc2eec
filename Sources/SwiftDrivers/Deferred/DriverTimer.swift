import CDriverKit
import Framework
import NTTypes

/// A timer of the driver: WDFTIMER.
///
/// A value; copies stand for the same timer, which is stopped and goes with its parent, or by
/// ``delete()``. Using it when it is gone is bug check 0x10D.
///
///     let timeout = try DriverTimer(parent: device) { timer in port.expire() }
///     timeout.start(after: .milliseconds(50))
public struct DriverTimer: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// What is done each time that the timer expires.
  public typealias Handler = @Sendable (_ timer: DriverTimer) -> Void

  /// The level at which a timer that expires once calls its handler.
  public enum Level: Sendable, Hashable {
    /// DISPATCH_LEVEL, in a DPC.
    case dispatch
    /// PASSIVE_LEVEL, in a worker thread.
    case passive
  }

  /// Makes a timer that expires once for each start.
  ///
  /// - Parameters:
  ///   - parent: a device or something of a device, which ends the timer.
  ///   - level: where the handler runs.
  ///   - handler: may start the timer again.
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a parent without a device,
  ///   STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfTimerCreate.
  public init(
    parent: some FrameworkParent, level: Level = .dispatch, handler: @escaping Handler
  ) throws(NTStatus) {
    try self.init(parent.frameworkHandle.handle, level, period: 0, handler)
  }

  /// Makes a timer that expires again and again once it is started, at DISPATCH_LEVEL.
  ///
  /// - Parameters:
  ///   - parent: a device or something of a device, which ends the timer.
  ///   - period: the time between two calls: whole milliseconds, from 1 to 2^31 - 1.
  ///   - handler: what is done each time.
  /// - Throws: STATUS_INVALID_PARAMETER for another period; else as ``init(parent:level:handler:)``.
  public init(
    parent: some FrameworkParent, every period: Duration, handler: @escaping Handler
  ) throws(NTStatus) {
    let milliseconds = period.milliseconds
    guard milliseconds > 0, milliseconds <= Int64(Int32.max) else { throw .invalidParameter }
    try self.init(
      parent.frameworkHandle.handle, .dispatch, period: UInt32(milliseconds), handler)
  }

  private init(
    _ parent: Handle, _ level: Level, period: UInt32, _ handler: @escaping Handler
  ) throws(NTStatus) {
    var config = WDF_TIMER_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_TIMER_CONFIG>.size)
    config.EvtTimerFunc = DriverEntries.timer.address
    config.Period = period
    config.AutomaticSerialization = 1
    var attributes = Attachment.attributes(parent: parent)
    if level == .passive { attributes.ExecutionLevel = WdfExecutionLevelPassive }
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfTimerCreate")
    try check(wdfTimerCreate(parent.globals, &config, &attributes, &bits))
    Attachment.attach(TimerBox(handler), to: bits)
    handle = Handle(globals: parent.globals, bits: bits)
  }

  /// Starts the timer, anew when it runs.
  ///
  /// - Parameter delay: the time until it expires first, in units of 100 ns; it expires at once for 0.
  /// - Returns: whether it ran already.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfTimerStart.
  @discardableResult
  public func start(after delay: Duration) -> Bool {
    // A negative time is relative; the absolute time 0 is past.
    wdfTimerStart(handle.globals, handle.bits, -max(0, delay.kernelUnits)) != 0
  }

  /// Stops the timer; its handler may still run when the call returns.
  ///
  /// - Returns: whether it ran.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfTimerStop.
  @discardableResult
  public func stop() -> Bool { wdfTimerStop(handle.globals, handle.bits, 0) != 0 }

  /// Stops the timer and waits until its handler does not run any more.
  ///
  /// At PASSIVE_LEVEL, not in the handler.
  ///
  /// - Returns: whether it ran.
  @discardableResult
  public func stopAndWait() -> Bool { wdfTimerStop(handle.globals, handle.bits, 1) != 0 }

  /// Ends the timer before its parent does.
  ///
  /// At PASSIVE_LEVEL, not in the handler of a timer of that level.
  public func delete() { wdfObjectDelete(handle.globals, handle.bits) }
}

/// What hangs on the WDFTIMER.
final class TimerBox: Sendable {
  let handler: DriverTimer.Handler

  init(_ handler: @escaping DriverTimer.Handler) { self.handler = handler }
}

/// EvtTimerFunc.
let timerEntry: @convention(c) (UInt64) -> Void = { timer in
  let globals = Framework.current.globals(of: timer)
  Attachment.of(timer, as: TimerBox.self).takeUnretainedValue()
    .handler(DriverTimer(handle: Handle(globals: globals, bits: timer)))
}

extension DriverTimer {
  init(handle: Handle) { self.handle = handle }
}
