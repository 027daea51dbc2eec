import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// What Plug and Play and power keep for a device that takes part in them; a control device has none.
///
/// Pool of its own: it is made with the WDFDEVICE_INIT and goes to the device.
struct PnpState {
  var callbacks = WDF_PNPPOWER_EVENT_CALLBACKS()
  var policyCallbacks = WDF_POWER_POLICY_EVENT_CALLBACKS()
  var fdoCallbacks = WDF_FDO_EVENT_CALLBACKS()
  var pdoCallbacks = WDF_PDO_EVENT_CALLBACKS()
  /// Whether the driver decides on the power of the device; by default the function driver does.
  var ownsPolicy: Bool?
  var isPowerPageable = true
  var isInrush = false
  var capabilities: WDF_DEVICE_PNP_CAPABILITIES?
  var powerCapabilities: WDF_DEVICE_POWER_CAPABILITIES?
  var idleSettings: WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS?
  var wakeSettings: WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS?
  var deviceState = WDF_DEVICE_STATE()
  var failure = FailureAction.none
  /// References that keep the device in its working state: WdfDeviceStopIdle.
  var stopIdleCount: Int32 = 0
  var systemAction: UInt32 = 0

  // MARK: Where it is

  var stage = PnpStage.added
  /// `WDF_POWER_DEVICE_STATE`.
  var power = WdfPowerDeviceD3Final
  var isHardwarePrepared = false
  var selfManaged = SelfManagedIo()
  /// WdfDeviceSetStaticStopRemove: while it is not 0 the device may not be stopped or removed.
  var staticCount: Int32 = 0

  // MARK: What it has

  var interfaces: UnsafeMutablePointer<InterfaceRecord>?
  /// The resources as the driver sees them; made at the first start, deleted with the device.
  var rawResources: UnsafeMutablePointer<ResourceListBody>?
  var translatedResources: UnsafeMutablePointer<ResourceListBody>?
  /// What a bus driver says of a child; nil for other devices.
  var child: UnsafeMutableRawPointer?
  /// The children that a bus has.
  var children: UnsafeMutableRawPointer?
  var interrupts: UnsafeMutableRawPointer?
  var queryInterfaces: UnsafeMutableRawPointer?

  static var tag: UInt32 { 0x6E50_7846 }  // FxPn
}

/// How far a device is in the states of Plug and Play.
enum PnpStage: UInt8 {
  case added, started, stopped, surpriseRemoved, removed, failed
}

/// What the driver asked for when its device failed.
enum FailureAction: UInt8 {
  case none, restart, stayFailed
}

extension Framework {
  /// The Plug and Play part of a description, made when it is first needed; nil without memory.
  func pnp(of description: UnsafeMutablePointer<DeviceInit>) -> UnsafeMutablePointer<PnpState>? {
    if let pnp = description.pointee.pnp { return pnp.assumingMemoryBound(to: PnpState.self) }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<PnpState>.size, kind: .nonpaged, tag: PnpState.tag)
    else { return nil }
    let pnp = block.bindMemory(to: PnpState.self, capacity: 1)
    pnp.initialize(to: PnpState())
    description.pointee.pnp = block
    return pnp
  }

  /// Frees the Plug and Play part of a description that no device took over.
  func freePnp(of description: UnsafeMutablePointer<DeviceInit>) {
    guard let block = description.pointee.pnp else { return }
    description.pointee.pnp = nil
    machine.pool.free(block, tag: PnpState.tag)
  }
}

extension UnsafeMutablePointer where Pointee == DeviceBody {
  /// What Plug and Play keeps for the device; nil for a control device.
  var pnp: UnsafeMutablePointer<PnpState>? {
    pointee.pnp?.assumingMemoryBound(to: PnpState.self)
  }

  /// Calls a callback of the driver that takes the device alone.
  func call(_ routine: UnsafeRawPointer?) -> Int32 {
    guard let routine else { return 0 }
    return Int32(truncatingIfNeeded: r3_call1(routine, handle))
  }

  /// Calls a callback of the driver that takes the device and a number.
  func call(_ routine: UnsafeRawPointer?, _ value: UInt32) -> Int32 {
    guard let routine else { return 0 }
    return Int32(truncatingIfNeeded: r3_call2(routine, handle, UInt64(value)))
  }
}
