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
  var stopIdleCount: UInt32 = 0
  var systemAction: UInt32 = 0
  /// The state that the system goes to, while the device is sent to sleep for it.
  var sleepTarget = PowerSystemUnspecified

  // MARK: Where it is

  var stage = PnpStage.added
  /// `WDF_POWER_DEVICE_STATE`.
  var power = WdfPowerDeviceD3Final
  var isHardwarePrepared = false
  var selfManaged = SelfManagedIo()
  /// WdfDeviceSetStaticStopRemove: while it is not 0 the device may not be stopped or removed.
  var staticCount: Int32 = 0

  /// `WDF_DEVICE_PNP_STATE` and so on, as the driver may ask; see StateNotifications.
  var states = DeviceStates()
  var notifications: UnsafeMutablePointer<StateNotification>?
  /// Signalled while the device is in D0.
  var isWorking = KEVENT()
  var wake = WakeState()
  var idle = IdleState()
  /// Whether the device of a bus's child keeps the bus in D0.
  var holdsParent = false

  // MARK: What it has

  var interfaces: UnsafeMutablePointer<InterfaceRecord>?
  /// The resources as the driver sees them; made at the first start, deleted with the device.
  var rawResources: UnsafeMutablePointer<ResourceListBody>?
  var translatedResources: UnsafeMutablePointer<ResourceListBody>?
  /// What a bus driver says of a child; nil for other devices.
  var child: UnsafeMutablePointer<PdoState>?
  /// The lists of the children of a bus, newest first.
  var childLists: UnsafeMutablePointer<ChildListBody>?
  var defaultConfig: WDF_CHILD_LIST_CONFIG?
  var defaultAttributes = ObjectAttributes()
  var defaultList: UnsafeMutablePointer<ChildListBody>?
  var staticList: UnsafeMutablePointer<ChildListBody>?
  /// What the children answer about the bus that they are on.
  var busInformation: PNP_BUS_INFORMATION?
  /// Interrupts in the order of their creation.
  var firstInterrupt: UnsafeMutablePointer<InterruptBody>?
  var queryInterfaces: UnsafeMutablePointer<OfferedInterface>?
  var removalRelations: UnsafeMutablePointer<RelatedDevice>?
  var usageDependents: UnsafeMutablePointer<RelatedDevice>?
  /// Special files by type: which ones the driver supports, and how many lie on the device.
  var supportedFiles: UInt32 = 0
  var fileCounts = InlineArray<8, UInt32>(repeating: 0)
  var powerFramework: WDF_POWER_FRAMEWORK_SETTINGS?
  var acquiresRemoveLock = false
  var releaseOrder = WdfReleaseHardwareOrderOnFailureEarly

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
    pnp.working.initialize(.notification, isSet: false)
    description.pointee.pnp = block
    return pnp
  }

  /// Frees the Plug and Play part of a description that no device took over.
  func freePnp(of description: UnsafeMutablePointer<DeviceInit>) {
    guard let block = description.pointee.pnp else { return }
    description.pointee.pnp = nil
    free(block.assumingMemoryBound(to: PnpState.self))
  }

  /// Frees what Plug and Play keeps for a device that is destroyed.
  func freePnp(of device: UnsafeMutablePointer<DeviceBody>) {
    guard let pnp = device.pnp else { return }
    device.pointee.pnp = nil
    free(pnp)
  }

  private func free(_ pnp: UnsafeMutablePointer<PnpState>) {
    retireIdle(pnp)
    freeInterfaces(of: pnp)
    freeOffers(of: pnp)
    clear(&pnp.pointee.removalRelations)
    clear(&pnp.pointee.usageDependents)
    while let notification = pnp.pointee.notifications {
      pnp.pointee.notifications = notification.pointee.next
      machine.pool.free(UnsafeMutableRawPointer(notification), tag: PnpState.tag)
    }
    if let child = pnp.pointee.child {
      clear(&child.pointee.ejectionRelations)
      child.pointee.free()
      machine.pool.free(UnsafeMutableRawPointer(child), tag: PnpState.tag)
    }
    machine.pool.free(UnsafeMutableRawPointer(pnp), tag: PnpState.tag)
  }
}

extension UnsafeMutablePointer where Pointee == PnpState {
  var working: Event {
    Event(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<PnpState>.offset(of: \.isWorking).unsafelyUnwrapped)
        .assumingMemoryBound(to: KEVENT.self))
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
    return Framework.current.callingBack(routine) {
      Int32(truncatingIfNeeded: r3_call1(routine, handle))
    }
  }

  /// Calls a callback of the driver that takes the device and a number.
  func call(_ routine: UnsafeRawPointer?, _ value: UInt32) -> Int32 {
    guard let routine else { return 0 }
    return Framework.current.callingBack(routine) {
      Int32(truncatingIfNeeded: r3_call2(routine, handle, UInt64(value)))
    }
  }
}
