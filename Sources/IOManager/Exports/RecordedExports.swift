import CDriverKit
import CRing3
import Machine

// Routines whose effect is outside a simulated machine: what they ask for is noted.

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
