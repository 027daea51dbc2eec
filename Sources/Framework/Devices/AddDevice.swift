import CDriverKit
import CRing3
import IOManager
import Machine

/// AddDevice of every framework driver: describes the device and asks EvtDriverDeviceAdd.
let addDeviceRoutine: @convention(c) (DriverPointer, DevicePointer) -> Int32 = { wdm, physical in
  Framework.current.addDevice(wdm, physical)
}

extension Framework {
  fileprivate func addDevice(_ wdm: DriverPointer, _ physical: DevicePointer) -> Int32 {
    guard let driver = driver(of: wdm), let routine = driver.pointee.deviceAdd else {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard let description = makeDeviceInit(driver.pointee.head.globals, .function) else {
      return FrameworkStatus.insufficientResources
    }
    description.pointee.physicalDevice = physical
    let status = Int32(
      truncatingIfNeeded: r3_call2(routine, FrameworkObject(driver).handle, bits(description)))
    if status >= 0, verifies {
      checkControlDevices(of: wdm, rule: "CtlDeviceFinishInitDeviceAdd")
    }
    // The new device is ready for those above it.
    let top = machine.io.top(of: physical)
    if status >= 0, top.pointee.DriverObject == wdm {
      top.pointee.Flags &= ~UInt32(DO_DEVICE_INITIALIZING)
    }
    // Until a device was made of it, the description is the framework's.
    if description.pointee.signature == DeviceInit.live { freeDeviceInit(description) }
    return status
  }
}
