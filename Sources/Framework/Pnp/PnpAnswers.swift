import CDriverKit
import CRing3
import IOManager
import Machine

// What a driver adds to the answers of the lower drivers.
extension Framework {
  func queryCapabilities(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    let status = sendDownAndWait(device, irp)
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if status >= 0, let answer = location.pointee.Parameters.DeviceCapabilities.Capabilities {
      addCapabilities(of: pnp, to: answer)
    }
    return complete(irp, status)
  }

  /// Writes what the driver set; what it left to the default stays as it is.
  func addCapabilities(
    of pnp: UnsafeMutablePointer<PnpState>, to answer: UnsafeMutablePointer<DEVICE_CAPABILITIES>
  ) {
    if let own = pnp.pointee.capabilities {
      if let value = own.LockSupported.bit { answer.pointee.LockSupported = value }
      if let value = own.EjectSupported.bit { answer.pointee.EjectSupported = value }
      if let value = own.Removable.bit { answer.pointee.Removable = value }
      if let value = own.DockDevice.bit { answer.pointee.DockDevice = value }
      if let value = own.UniqueID.bit { answer.pointee.UniqueID = value }
      if let value = own.SilentInstall.bit { answer.pointee.SilentInstall = value }
      if let value = own.SurpriseRemovalOK.bit { answer.pointee.SurpriseRemovalOK = value }
      if let value = own.HardwareDisabled.bit { answer.pointee.HardwareDisabled = value }
      if let value = own.NoDisplayInUI.bit { answer.pointee.NoDisplayInUI = value }
      if own.Address != .max { answer.pointee.Address = own.Address }
      if own.UINumber != .max { answer.pointee.UINumber = own.UINumber }
    }
    if let own = pnp.pointee.powerCapabilities {
      if let value = own.DeviceD1.bit { answer.pointee.DeviceD1 = value }
      if let value = own.DeviceD2.bit { answer.pointee.DeviceD2 = value }
      if let value = own.WakeFromD0.bit { answer.pointee.WakeFromD0 = value }
      if let value = own.WakeFromD1.bit { answer.pointee.WakeFromD1 = value }
      if let value = own.WakeFromD2.bit { answer.pointee.WakeFromD2 = value }
      if let value = own.WakeFromD3.bit { answer.pointee.WakeFromD3 = value }
      if own.DeviceWake != PowerDeviceMaximum { answer.pointee.DeviceWake = own.DeviceWake }
      if own.SystemWake != PowerSystemMaximum { answer.pointee.SystemWake = own.SystemWake }
      if own.D1Latency != .max { answer.pointee.D1Latency = own.D1Latency }
      if own.D2Latency != .max { answer.pointee.D2Latency = own.D2Latency }
      if own.D3Latency != .max { answer.pointee.D3Latency = own.D3Latency }
    }
  }

  func queryState(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    let status = sendDownAndWait(device, irp)
    // A lower driver that does not answer leaves its status and nothing in Information.
    var state: Int32 =
      status >= 0 ? Int32(truncatingIfNeeded: UInt64(irp.pointee.IoStatus.Information)) : 0
    addState(of: pnp, to: &state)
    return complete(irp, FrameworkStatus.success, information: UInt(UInt32(bitPattern: state)))
  }

  /// Sets and clears the flags that the driver said something about.
  func addState(of pnp: UnsafeMutablePointer<PnpState>, to state: inout Int32) {
    func apply(_ value: WDF_TRI_STATE, _ flag: Int32) {
      if value == WdfTrue { state |= flag }
      if value == WdfFalse { state &= ~flag }
    }
    let own = pnp.pointee.deviceState
    guard own.Size != 0 || own.Failed == WdfTrue else { return }
    apply(own.Disabled, PNP_DEVICE_DISABLED)
    apply(own.DontDisplayInUI, PNP_DEVICE_DONT_DISPLAY_IN_UI)
    apply(own.Failed, PNP_DEVICE_FAILED)
    apply(own.NotDisableable, PNP_DEVICE_NOT_DISABLEABLE)
    apply(own.Removed, PNP_DEVICE_REMOVED)
    apply(own.ResourcesChanged, PNP_DEVICE_RESOURCE_REQUIREMENTS_CHANGED)
  }
}

extension WDF_TRI_STATE {
  /// A one-bit answer; nil for the default.
  fileprivate var bit: UInt32? {
    switch self {
    case WdfFalse: 0
    case WdfTrue: 1
    default: nil
    }
  }
}
