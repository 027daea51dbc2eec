import CDriverKit
import CRing3
import Machine
import Memory

// Routines whose effect is outside a simulated machine: what they ask for is noted.

@c(r3_IoInvalidateDeviceRelations)
func ioInvalidateDeviceRelations(_ device: DevicePointer, _ type: UInt32) {
  Machine.current.io.remark("IoInvalidateDeviceRelations", device, type)
}

@c(r3_IoInvalidateDeviceState)
func ioInvalidateDeviceState(_ device: DevicePointer) {
  Machine.current.io.remark("IoInvalidateDeviceState", device)
}

@c(r3_IoRaiseHardError)
func ioRaiseHardError(_ irp: IRPPointer, _ volume: UnsafeRawPointer?, _ device: DevicePointer) {
  let io = Machine.current.io
  io.remark("IoRaiseHardError", device, UInt32(bitPattern: irp.pointee.IoStatus.Status))
  // Nobody is there to be asked: the request fails.
  io.complete(irp, boost: 0)
}

@c(r3_IoRaiseInformationalHardError)
func ioRaiseInformationalHardError(
  _ status: Int32, _ text: UnsafePointer<UNICODE_STRING>?, _ thread: UnsafeMutableRawPointer?
) -> UInt8 {
  Machine.current.io.remark("IoRaiseInformationalHardError", nil, UInt32(bitPattern: status))
  return 0
}

@c(r3_IoSetHardErrorOrVerifyDevice)
func ioSetHardErrorOrVerifyDevice(_ irp: IRPPointer, _ device: DevicePointer?) {
  Machine.current.io.remark("IoSetHardErrorOrVerifyDevice", device)
}

@c(r3_IoSetThreadHardErrorMode)
func ioSetThreadHardErrorMode(_ isEnabled: UInt32) -> UInt8 { 1 }

// MARK: Management instrumentation

@c(r3_IoWMIRegistrationControl)
func ioWMIRegistrationControl(_ device: DevicePointer, _ action: UInt32) -> Int32 {
  let io = Machine.current.io
  // The upper bits are flags of the action.
  switch action & 0xFFFF {
  case 1: io.withRecords { $0.wmiDevices.append(device) }
  case 2: io.withRecords { $0.wmiDevices.removeAll { $0 == device } }
  case 3, 4, 5: break
  default: return IOStatus.invalidParameter
  }
  io.remark("IoWMIRegistrationControl", device, action)
  return IOStatus.success
}

@c(r3_IoWMIWriteEvent)
func ioWMIWriteEvent(_ event: UnsafeMutableRawPointer?) -> Int32 {
  let io = Machine.current.io
  io.remark("IoWMIWriteEvent", nil)
  // The system owns the block from here on.
  if let event { io.machine.pool.free(event) }
  return IOStatus.success
}

@c(r3_IoWMIDeviceObjectToProviderId)
func ioWMIDeviceObjectToProviderId(_ device: DevicePointer) -> UInt32 {
  UInt32(truncatingIfNeeded: UInt(bitPattern: device) >> 4)
}

@c(r3_WmiCompleteRequest)
func wmiCompleteRequest(
  _ device: DevicePointer, _ irp: IRPPointer, _ status: Int32, _ used: UInt32, _ boost: Int8
) -> Int32 {
  let io = Machine.current.io
  io.remark("WmiCompleteRequest", device, used)
  irp.pointee.IoStatus.Status = status
  irp.pointee.IoStatus.Information = ULONG_PTR(used)
  io.complete(irp, boost: boost)
  return status
}
