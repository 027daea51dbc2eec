import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

// Control devices: told of the system's end, and deleted by their driver at any time.
@c(r3_WdfControlDeviceInitSetShutdownNotification)
package func wdfControlDeviceInitSetShutdownNotification(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ routine: UnsafeMutableRawPointer?, _ flags: UInt32
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let routine = framework.require(routine)
  let flags = flags & 0xFF
  guard description.pointee.role == .control, flags != 0, flags & ~3 == 0 else {
    return framework.note(
      "WdfControlDeviceInitSetShutdownNotification: the device or the flags are not valid")
  }
  description.pointee.shutdown = routine
  description.pointee.shutdownFlags = flags
}

extension Framework {
  /// Finds a control device that the driver has made and left as one that nobody can open.
  func checkControlDevices(of driver: DriverPointer, rule: StaticString) {
    var next = driver.pointee.DeviceObject
    while let wdm = next {
      next = wdm.pointee.NextDevice
      guard wdm.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) != 0, let device = device(of: wdm),
        device.pointee.role == .control
      else { continue }
      machine.report(
        0x10D, Violation.objectError.rawValue, device.object.handle, 0, 0, rule: rule)
    }
  }

  /// Has the driver told when the system goes down, if it wants to be.
  func registerShutdown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ description: UnsafeMutablePointer<DeviceInit>
  ) -> Int32 {
    guard let routine = description.pointee.shutdown else { return 0 }
    device.pointee.shutdown = routine
    let flags = description.pointee.shutdownFlags
    var status: Int32 = 0
    if flags & UInt32(WdfDeviceShutdown.rawValue) != 0 {
      status = machine.io.registerShutdown(of: device.pointee.wdmDevice, isLast: false)
    }
    if status >= 0, flags & UInt32(WdfDeviceLastChanceShutdown.rawValue) != 0 {
      status = machine.io.registerShutdown(of: device.pointee.wdmDevice, isLast: true)
    }
    return status
  }

  /// Deletes a control device: nobody opens it any more, and it goes with its last handle.
  func deleteControlDevice(_ device: UnsafeMutablePointer<DeviceBody>) {
    let wdm = device.pointee.wdmDevice
    if !device.pointee.keepsWdmDevice {
      device.pointee.keepsWdmDevice = true
      machine.objects.reference(UnsafeMutableRawPointer(wdm))
      machine.io.deleteDevice(wdm)
      countClosed(device)
    }
  }

  /// One more handle of a device, or an attempt to open it.
  func countOpen(_ device: UnsafeMutablePointer<DeviceBody>) {
    _ = r3_add32(openCountAddress(device), 1)
  }

  /// One handle less; a control device that its driver has deleted goes with the last one.
  func countClosed(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard r3_add32(openCountAddress(device), .max) == 1, device.pointee.role == .control else {
      return
    }
    device.object.delete()
  }

  private func openCountAddress(_ device: UnsafeMutablePointer<DeviceBody>)
    -> UnsafeMutablePointer<UInt32>
  {
    (UnsafeMutableRawPointer(device)
      + MemoryLayout<DeviceBody>.offset(of: \.openCount).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt32.self)
  }
}
