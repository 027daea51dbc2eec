import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfDeviceSetSpecialFileSupport)
package func wdfDeviceSetSpecialFileSupport(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ type: UInt32, _ isSupported: UInt32
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  guard type > 0, type < WdfSpecialFileMax.rawValue else {
    return framework.note("WdfDeviceSetSpecialFileSupport: no such type")
  }
  let bit = UInt32(1) << type
  if isSupported & 0xFF != 0 {
    pnp.pointee.supportedFiles |= bit
  } else {
    pnp.pointee.supportedFiles &= ~bit
  }
}

extension Framework {
  /// Notes that a special file comes or goes: IRP_MN_DEVICE_USAGE_NOTIFICATION.
  ///
  /// - Returns: STATUS_NOT_IMPLEMENTED for a type that the driver does not support.
  func noteUsage(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ usage: IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_UsageNotification
  ) -> Int32 {
    let type = Int(usage.`Type`.rawValue)
    guard type > 0, type < 8, pnp.pointee.supportedFiles >> UInt32(type) & 1 != 0 else {
      return Int32(bitPattern: 0xC000_0002)  // STATUS_NOT_IMPLEMENTED
    }
    let isIn = usage.InPath != 0
    if let routine = pnp.pointee.callbacks.EvtDeviceUsageNotificationEx {
      let status = Int32(
        truncatingIfNeeded: r3_call3(routine, device.handle, UInt64(type), isIn ? 1 : 0))
      if status < 0 { return status }
    } else if let routine = pnp.pointee.callbacks.EvtDeviceUsageNotification {
      _ = r3_call3(routine, device.handle, UInt64(type), isIn ? 1 : 0)
    }
    let count = pnp.pointee.fileCounts[type]
    pnp.pointee.fileCounts[type] = isIn ? count + 1 : count - min(count, 1)
    return 0
  }
}

extension PnpState {
  /// Whether the system keeps a special file on the device: it may not be stopped or removed.
  var isInSpecialUse: Bool {
    // Paging, hibernation, dump and boot files.
    (1...4).contains { fileCounts[$0] > 0 }
  }
}
