import CDriverKit
import Framework
import Hardware
import NTTypes

/// What a driver does about events of a device; hangs on the WDFDEVICE.
///
/// It is changed only while the device is being described, by one thread.
final class DeviceBox: @unchecked Sendable {
  typealias Handler = DeviceInit.Handler

  // MARK: Plug and Play
  var prepareHardware: (@Sendable (DeviceObject, DeviceResources) throws -> Void)?
  var releaseHardware: (@Sendable (DeviceObject) -> Void)?
  var queryStop: Handler?
  var queryRemove: Handler?
  var surpriseRemoval: (@Sendable (DeviceObject) -> Void)?

  // MARK: Power
  var d0Entry: (@Sendable (DeviceObject, FrameworkPowerState) throws -> Void)?
  var d0EntryPostInterrupts: (@Sendable (DeviceObject, FrameworkPowerState) throws -> Void)?
  var d0Exit: (@Sendable (DeviceObject, FrameworkPowerState) throws -> Void)?
  var d0ExitPreInterrupts: (@Sendable (DeviceObject, FrameworkPowerState) throws -> Void)?
  var wake = WakeHandlers()

  // MARK: Work of its own
  var selfManaged = SelfManagedHandlers()

  // MARK: Files and callers
  var flush: Handler?
  var files = FileHandlers()
  var inCallerContext: (@Sendable (consuming CallerRequest) throws -> Void)?

  /// Tells the framework which events the driver wants to hear of.
  func describe(to setup: UnsafeMutableRawPointer, _ globals: UnsafeMutableRawPointer) {
    if var callbacks { wdfDeviceInitSetPnpPowerEventCallbacks(globals, setup, &callbacks) }
    if var policy = wake.callbacks {
      wdfDeviceInitSetPowerPolicyEventCallbacks(globals, setup, &policy)
    }
    if var config = files.configuration {
      var attributes = Attachment.plain(parent: nil)
      wdfDeviceInitSetFileObjectConfig(globals, setup, &config, &attributes)
    }
    if inCallerContext != nil {
      wdfDeviceInitSetIoInCallerContextCallback(
        globals, setup, DriverEntries.inCallerContext.address)
    }
  }

  /// The events of Plug and Play and power; nil when the driver wants none of them.
  private var callbacks: WDF_PNPPOWER_EVENT_CALLBACKS? {
    var callbacks = WDF_PNPPOWER_EVENT_CALLBACKS()
    var isUsed = false
    func set<T>(_ field: inout UnsafeMutableRawPointer?, _ handler: T?, _ entry: DriverEntries) {
      guard handler != nil else { return }
      field = entry.address
      isUsed = true
    }
    callbacks.Size = UInt32(MemoryLayout<WDF_PNPPOWER_EVENT_CALLBACKS>.size)
    set(&callbacks.EvtDevicePrepareHardware, prepareHardware, .prepareHardware)
    set(&callbacks.EvtDeviceReleaseHardware, releaseHardware, .releaseHardware)
    set(&callbacks.EvtDeviceQueryStop, queryStop, .queryStop)
    set(&callbacks.EvtDeviceQueryRemove, queryRemove, .queryRemove)
    set(&callbacks.EvtDeviceSurpriseRemoval, surpriseRemoval, .surpriseRemoval)
    set(&callbacks.EvtDeviceD0Entry, d0Entry, .d0Entry)
    set(
      &callbacks.EvtDeviceD0EntryPostInterruptsEnabled, d0EntryPostInterrupts,
      .d0EntryPostInterrupts)
    set(&callbacks.EvtDeviceD0Exit, d0Exit, .d0Exit)
    set(&callbacks.EvtDeviceD0ExitPreInterruptsDisabled, d0ExitPreInterrupts, .d0ExitPreInterrupts)
    set(&callbacks.EvtDeviceSelfManagedIoInit, selfManaged.start, .selfManagedInit)
    set(&callbacks.EvtDeviceSelfManagedIoSuspend, selfManaged.suspend, .selfManagedSuspend)
    set(&callbacks.EvtDeviceSelfManagedIoRestart, selfManaged.restart, .selfManagedRestart)
    set(&callbacks.EvtDeviceSelfManagedIoFlush, selfManaged.flush, .selfManagedFlush)
    set(&callbacks.EvtDeviceSelfManagedIoCleanup, selfManaged.cleanup, .selfManagedCleanup)
    return isUsed ? callbacks : nil
  }
}

// MARK: What the framework calls

/// Calls a handler that may fail with its device, and gives the status for the framework.
@inline(__always)
func callDevice(
  _ handle: UInt64, _ body: (DeviceBox, DeviceObject) throws -> Void
) -> Int32 {
  let globals = Framework.current.globals(of: handle)
  // What a handler does may end the device, and the box with it.
  let box = Attachment.of(handle, as: DeviceBox.self).takeUnretainedValue()
  do {
    try body(box, DeviceObject(handle: Handle(globals: globals, bits: handle)))
    return 0
  } catch {
    return NTStatus(reporting: error).code
  }
}

typealias DeviceEntry = @convention(c) (UInt64) -> Int32
typealias DevicePowerEntry = @convention(c) (UInt64, UInt64) -> Int32

let prepareHardwareEntry: @convention(c) (UInt64, UInt64, UInt64) -> Int32 = {
  device, raw, translated in
  callDevice(device) {
    try $0.prepareHardware.unsafelyUnwrapped($1, DeviceResources(raw: raw, translated: translated))
  }
}

let releaseHardwareEntry: DevicePowerEntry = { device, _ in
  callDevice(device) { $0.releaseHardware.unsafelyUnwrapped($1) }
}

let queryStopEntry: DeviceEntry = { callDevice($0) { try $0.queryStop.unsafelyUnwrapped($1) } }

let queryRemoveEntry: DeviceEntry = { callDevice($0) { try $0.queryRemove.unsafelyUnwrapped($1) } }

let surpriseRemovalEntry: DeviceEntry = {
  callDevice($0) { $0.surpriseRemoval.unsafelyUnwrapped($1) }
}

let d0EntryEntry: DevicePowerEntry = { device, state in
  callDevice(device) { try $0.d0Entry.unsafelyUnwrapped($1, FrameworkPowerState(state)) }
}

let d0EntryPostInterruptsEntry: DevicePowerEntry = { device, state in
  callDevice(device) {
    try $0.d0EntryPostInterrupts.unsafelyUnwrapped($1, FrameworkPowerState(state))
  }
}

let d0ExitEntry: DevicePowerEntry = { device, state in
  callDevice(device) { try $0.d0Exit.unsafelyUnwrapped($1, FrameworkPowerState(state)) }
}

let d0ExitPreInterruptsEntry: DevicePowerEntry = { device, state in
  callDevice(device) {
    try $0.d0ExitPreInterrupts.unsafelyUnwrapped($1, FrameworkPowerState(state))
  }
}
