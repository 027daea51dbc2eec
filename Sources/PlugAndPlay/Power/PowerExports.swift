import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// `PoRequestPowerIrp`, for drivers and for the layers above.
@c(r3_PoRequestPowerIrp)
package func poRequestPowerIrp(
  _ device: DevicePointer, _ minor: UInt32, _ powerState: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
  _ sent: UnsafeMutablePointer<IRPPointer?>?
) -> Int32 {
  Machine.current.plugAndPlay.requestPower(
    device, minor: UInt8(truncatingIfNeeded: minor), state: powerState, routine: routine,
    context: context, sent: sent)
}

/// The next request does not wait for this: it goes when the one before is completed.
@c(r3_PoStartNextPowerIrp)
func poStartNextPowerIrp(_ irp: IRPPointer) {}

/// Notes the state of a device; gives the one before.
///
/// `PowerFlags` keeps the state of the system in its lowest four bits, that of the device above.
@c(r3_PoSetPowerState)
package func poSetPowerState(_ device: DevicePointer, _ type: UInt32, _ powerState: UInt32)
  -> UInt32
{
  let manager = Machine.current.plugAndPlay
  let record = manager.io.deviceRecord(device)
  let shift: UInt32 = type == CDriverKit.DevicePowerState.rawValue ? 4 : 0
  let flags = record.pointee.head.PowerFlags
  record.pointee.head.PowerFlags = flags & ~(0xF << shift) | (powerState & 0xF) << shift
  if shift == 4 { manager.node(ofStack: device)?.pointee.devicePower = powerState }
  return flags >> shift & 0xF
}

/// The simulated system never goes to sleep by itself: what is said here keeps it from nothing.
@c(r3_PoSetSystemState)
func poSetSystemState(_ flags: UInt32) {}

@c(r3_PoRegisterSystemState)
func poRegisterSystemState(_ handle: UnsafeMutableRawPointer?, _ flags: UInt32)
  -> UnsafeMutableRawPointer?
{
  handle ?? Machine.current.pool.allocate(16, kind: .nonpaged, tag: PlugAndPlay.answerTag)
}

@c(r3_PoUnregisterSystemState)
func poUnregisterSystemState(_ handle: UnsafeMutableRawPointer?) {
  if let handle { Machine.current.pool.free(handle, tag: PlugAndPlay.answerTag) }
}

// What wakes the system is known from `SystemContext` in Windows; here it is kept in the IRP itself.

@c(r3_PoSetSystemWake)
func poSetSystemWake(_ irp: IRPPointer) { irp.pointee.Flags |= wakeFlag }

@c(r3_PoGetSystemWake)
func poGetSystemWake(_ irp: IRPPointer) -> UInt8 { irp.pointee.Flags & wakeFlag != 0 ? 1 : 0 }

private let wakeFlag: UInt32 = 0x8000_0000
