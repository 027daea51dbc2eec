import CDriverKit
import Framework
import NTTypes

// What a driver does as its device begins and ends to work.
extension DeviceInit {
  /// Brings the device into its working state, D0.
  ///
  /// - Parameter handler: gets the state that the device comes from: ``FrameworkPowerState/d3Final``
  ///   at a start. What it throws fails the device.
  ///
  /// At PASSIVE_LEVEL, before interrupts are connected.
  ///
  /// Source: EvtDeviceD0Entry.
  public mutating func onD0Entry(
    _ handler:
      @escaping @Sendable (_ device: DeviceObject, _ previous: FrameworkPowerState) throws
      -> Void
  ) { box.d0Entry = handler }

  /// Goes on with ``onD0Entry(_:)`` once interrupts are connected.
  ///
  /// Source: EvtDeviceD0EntryPostInterruptsEnabled.
  public mutating func onD0EntryPostInterruptsEnabled(
    _ handler:
      @escaping @Sendable (_ device: DeviceObject, _ previous: FrameworkPowerState) throws
      -> Void
  ) { box.d0EntryPostInterrupts = handler }

  /// Takes the device out of its working state.
  ///
  /// - Parameter handler: gets the state that the device goes to: ``FrameworkPowerState/d3Final`` when
  ///   it is stopped or removed.
  ///
  /// At PASSIVE_LEVEL, after interrupts are disconnected.
  ///
  /// Source: EvtDeviceD0Exit.
  public mutating func onD0Exit(
    _ handler:
      @escaping @Sendable (_ device: DeviceObject, _ target: FrameworkPowerState) throws ->
      Void
  ) { box.d0Exit = handler }

  /// Prepares ``onD0Exit(_:)`` while interrupts are still connected.
  ///
  /// Source: EvtDeviceD0ExitPreInterruptsDisabled.
  public mutating func onD0ExitPreInterruptsDisabled(
    _ handler:
      @escaping @Sendable (_ device: DeviceObject, _ target: FrameworkPowerState) throws ->
      Void
  ) { box.d0ExitPreInterrupts = handler }

  /// Says whether the driver decides on the power of the device; it does unless it is a filter.
  public mutating func setPowerPolicyOwner(_ isOwner: Bool) {
    wdfDeviceInitSetPowerPolicyOwnership(globals, address, isOwner ? 1 : 0)
  }

  /// Says what is done so that the device can wake itself or the system.
  public mutating func setWake(_ configure: (inout WakeHandlers) -> Void) { configure(&box.wake) }
}

/// A state of power as the framework tells it: `WDF_POWER_DEVICE_STATE`.
public enum FrameworkPowerState: UInt32, Sendable, Hashable, CaseIterable {
  /// On.
  case d0 = 1
  /// In between.
  case d1, d2
  /// Off.
  case d3
  /// Off because the device is not started any more.
  case d3Final
  /// Off, but the system writes its hibernation file to it.
  case prepareForHibernation

  /// The framework's number.
  init(_ number: UInt64) {
    self = FrameworkPowerState(rawValue: UInt32(truncatingIfNeeded: number)) ?? .d3Final
  }
}

/// What a driver does so that its device can wake itself or the system.
///
/// All of it is called at PASSIVE_LEVEL.
public struct WakeHandlers: Sendable {
  var armFromS0: DeviceInit.Handler?
  var disarmFromS0: (@Sendable (DeviceObject) -> Void)?
  var wokeFromS0: (@Sendable (DeviceObject) -> Void)?
  var armFromSx: DeviceInit.Handler?
  var disarmFromSx: (@Sendable (DeviceObject) -> Void)?
  var wokeFromSx: (@Sendable (DeviceObject) -> Void)?

  /// Arms the device to wake itself while the system works.

  ///

  /// Source: EvtDeviceArmWakeFromS0.
  public mutating func onArmFromS0(_ handler: @escaping DeviceInit.Handler) { armFromS0 = handler }

  /// Takes back what ``onArmFromS0(_:)`` did.

  ///

  /// Source: EvtDeviceDisarmWakeFromS0.
  public mutating func onDisarmFromS0(
    _ handler: @escaping @Sendable (_ device: DeviceObject) -> Void
  ) { disarmFromS0 = handler }

  /// Is told that the device woke itself.

  ///

  /// Source: EvtDeviceWakeFromS0Triggered.
  public mutating func onWakeFromS0(_ handler: @escaping @Sendable (_ device: DeviceObject) -> Void)
  {
    wokeFromS0 = handler
  }

  /// Arms the device to wake the system.

  ///

  /// Source: EvtDeviceArmWakeFromSx.
  public mutating func onArmFromSx(_ handler: @escaping DeviceInit.Handler) { armFromSx = handler }

  /// Takes back what ``onArmFromSx(_:)`` did.

  ///

  /// Source: EvtDeviceDisarmWakeFromSx.
  public mutating func onDisarmFromSx(
    _ handler: @escaping @Sendable (_ device: DeviceObject) -> Void
  ) { disarmFromSx = handler }

  /// Is told that the device woke the system.

  ///

  /// Source: EvtDeviceWakeFromSxTriggered.
  public mutating func onWakeFromSx(_ handler: @escaping @Sendable (_ device: DeviceObject) -> Void)
  {
    wokeFromSx = handler
  }

  /// The events as the framework takes them; nil when the driver wants none of them.
  var callbacks: WDF_POWER_POLICY_EVENT_CALLBACKS? {
    var callbacks = WDF_POWER_POLICY_EVENT_CALLBACKS()
    var isUsed = false
    func set<T>(_ field: inout UnsafeMutableRawPointer?, _ handler: T?, _ entry: DriverEntries) {
      guard handler != nil else { return }
      field = entry.address
      isUsed = true
    }
    callbacks.Size = UInt32(MemoryLayout<WDF_POWER_POLICY_EVENT_CALLBACKS>.size)
    set(&callbacks.EvtDeviceArmWakeFromS0, armFromS0, .armFromS0)
    set(&callbacks.EvtDeviceDisarmWakeFromS0, disarmFromS0, .disarmFromS0)
    set(&callbacks.EvtDeviceWakeFromS0Triggered, wokeFromS0, .wokeFromS0)
    set(&callbacks.EvtDeviceArmWakeFromSx, armFromSx, .armFromSx)
    set(&callbacks.EvtDeviceDisarmWakeFromSx, disarmFromSx, .disarmFromSx)
    set(&callbacks.EvtDeviceWakeFromSxTriggered, wokeFromSx, .wokeFromSx)
    return isUsed ? callbacks : nil
  }
}

let armFromS0Entry: DeviceEntry = { callDevice($0) { try $0.wake.armFromS0.unsafelyUnwrapped($1) } }

let disarmFromS0Entry: DeviceEntry = {
  callDevice($0) { $0.wake.disarmFromS0.unsafelyUnwrapped($1) }
}

let wokeFromS0Entry: DeviceEntry = { callDevice($0) { $0.wake.wokeFromS0.unsafelyUnwrapped($1) } }

let armFromSxEntry: DeviceEntry = { callDevice($0) { try $0.wake.armFromSx.unsafelyUnwrapped($1) } }

let disarmFromSxEntry: DeviceEntry = {
  callDevice($0) { $0.wake.disarmFromSx.unsafelyUnwrapped($1) }
}

let wokeFromSxEntry: DeviceEntry = { callDevice($0) { $0.wake.wokeFromSx.unsafelyUnwrapped($1) } }
