import CDriverKit
import Framework
import NTTypes

/// An interrupt of a device: WDFINTERRUPT, connected while the device is in its working state.
///
/// A value; copies stand for the same object, which goes with its device.
public struct InterruptObject: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Runs `body` while the interrupt's service routine does not run, on any processor.
  ///
  /// At the level of the interrupt: what `body` does is short, and waits for nothing. It is for state
  /// that ``InterruptHandlers/onInterrupt(_:)`` shares with others. Source: WdfInterruptAcquireLock.
  public func synchronize<R: ~Copyable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    wdfInterruptAcquireLock(handle.globals, handle.bits)
    defer { wdfInterruptReleaseLock(handle.globals, handle.bits) }
    return try body()
  }

  /// Connects the interrupt again after ``disable()``; it is connected when its device starts.
  ///
  /// At PASSIVE_LEVEL. Source: WdfInterruptEnable.
  public func enable() { wdfInterruptEnable(handle.globals, handle.bits) }

  /// Disconnects the interrupt; returns when no service routine of it runs any more.
  ///
  /// At PASSIVE_LEVEL. Source: WdfInterruptDisable.
  public func disable() { wdfInterruptDisable(handle.globals, handle.bits) }

  /// What the device was given for the interrupt; nil before it has its resources.
  public var source: InterruptSource? {
    var info = WDF_INTERRUPT_INFO()
    info.Size = UInt32(MemoryLayout<WDF_INTERRUPT_INFO>.size)
    wdfInterruptGetInfo(handle.globals, handle.bits, &info)
    guard info.Vector != 0 else { return nil }
    return InterruptSource(
      vector: info.Vector, level: info.Irql, messageNumber: Int(info.MessageNumber),
      isMessage: info.MessageSignaled != 0)
  }

  /// The device of the interrupt.
  public var device: DeviceObject {
    DeviceObject(
      handle: Handle(
        globals: handle.globals, bits: wdfInterruptGetDevice(handle.globals, handle.bits)))
  }
}

/// What a device was given for an interrupt: `WDF_INTERRUPT_INFO`.
public struct InterruptSource: Hashable, Sendable {
  /// The number of the interrupt at the processors, up to 255.
  public let vector: UInt32
  /// The level at which its service routine runs.
  public let level: UInt8
  /// Which of the device's messages it is, from 0; 0 for a line.
  public let messageNumber: Int
  /// Whether the device signals it with a message; else with a line.
  public let isMessage: Bool
}

extension DeviceObject {
  /// Makes an interrupt of the device.
  ///
  /// The first one that is made gets the first interrupt among the device's resources, and so on; one
  /// without a resource is never connected.
  ///
  /// - Parameter handlers: says what is done when the device interrupts.
  /// - Throws: STATUS_INVALID_PARAMETER without a service routine, STATUS_INVALID_DEVICE_REQUEST.
  ///
  /// At PASSIVE_LEVEL, when the device is added. Source: WdfInterruptCreate.
  @discardableResult
  public func makeInterrupt(handlers: (inout InterruptHandlers) -> Void) throws(NTStatus)
    -> InterruptObject
  {
    var all = InterruptHandlers()
    handlers(&all)
    var config = all.configuration
    var attributes = Attachment.attributes()
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfInterruptCreate")
    try check(wdfInterruptCreate(handle.globals, handle.bits, &config, &attributes, &bits))
    Attachment.attach(InterruptBox(all), to: bits)
    return InterruptObject(handle: Handle(globals: handle.globals, bits: bits))
  }
}
