import CDriverKit
import Framework
import NTTypes

/// What a service routine has found.
public enum InterruptAnswer: Sendable, Hashable {
  /// Another device has interrupted, on the same line.
  case notMine
  /// The device has interrupted, and all is done.
  case handled
  /// The device has interrupted, and the rest is done later, by the deferred handler.
  case deferred
}

/// What a driver does when its device interrupts.
public struct InterruptHandlers: Sendable {
  /// The service routine.
  public typealias Service =
    @Sendable (_ interrupt: InterruptObject, _ messageNumber: Int) -> InterruptAnswer
  /// What is done later.
  public typealias Deferred = @Sendable (_ interrupt: InterruptObject) -> Void
  /// What is done when the interrupt is connected, or is to be disconnected.
  public typealias Change = @Sendable (_ interrupt: InterruptObject) throws -> Void

  var service: Service?
  var deferred: Deferred?
  var deferredPassive: Deferred?
  var enable: Change?
  var disable: Change?
  /// Whether the service routine runs at PASSIVE_LEVEL, in a thread, its line masked meanwhile: for
  /// devices whose registers take waiting.
  public var isPassive = false

  init() {}

  /// Services the interrupt at its own level: asks the device, takes the interrupt back, notes what
  /// happened.
  ///
  /// It touches only registers, atomics, and what is otherwise touched in
  /// ``InterruptObject/synchronize(_:)``; a ``SpinLocked`` value is not for it. Source:
  /// EvtInterruptIsr.
  public mutating func onInterrupt(_ service: @escaping Service) { self.service = service }

  /// Does the rest at DISPATCH_LEVEL, once for any number of interrupts that came before it began.
  ///
  /// Source: EvtInterruptDpc.
  public mutating func onDeferred(_ handler: @escaping Deferred) { deferred = handler }

  /// Does the rest at PASSIVE_LEVEL; instead of ``onDeferred(_:)``.
  ///
  /// Source: EvtInterruptWorkItem.
  public mutating func onDeferredPassive(_ handler: @escaping Deferred) {
    deferredPassive = handler
  }

  /// Has the device interrupt from now on; runs as in ``InterruptObject/synchronize(_:)``.
  ///
  /// An error that it throws is why the device does not start. Source: EvtInterruptEnable.
  public mutating func onEnable(_ handler: @escaping Change) { enable = handler }

  /// Has the device interrupt no more; runs as in ``InterruptObject/synchronize(_:)``.
  ///
  /// Source: EvtInterruptDisable.
  public mutating func onDisable(_ handler: @escaping Change) { disable = handler }

  var configuration: WDF_INTERRUPT_CONFIG {
    var config = WDF_INTERRUPT_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_INTERRUPT_CONFIG>.size)
    config.ShareVector = WdfUseDefault
    config.ReportInactiveOnPowerDown = WdfUseDefault
    config.PassiveHandling = isPassive ? 1 : 0
    if service != nil { config.EvtInterruptIsr = DriverEntries.interruptService.address }
    if deferred != nil { config.EvtInterruptDpc = DriverEntries.interruptDeferred.address }
    if deferredPassive != nil {
      config.EvtInterruptWorkItem = DriverEntries.interruptDeferredPassive.address
    }
    if enable != nil { config.EvtInterruptEnable = DriverEntries.interruptEnable.address }
    if disable != nil { config.EvtInterruptDisable = DriverEntries.interruptDisable.address }
    return config
  }
}

/// What hangs on the WDFINTERRUPT.
final class InterruptBox: Sendable {
  let handlers: InterruptHandlers

  init(_ handlers: InterruptHandlers) { self.handlers = handlers }
}
