import CDriverKit
import CRing3
import Machine

@c(r3_IofCallDriver)
func iofCallDriver(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
  Machine.current.io.callDriver(device, irp)
}

@c(r3_IofCompleteRequest)
func iofCompleteRequest(_ irp: IRPPointer, _ boost: Int8) {
  Machine.current.io.complete(irp, boost: boost)
}

@c(r3_IoAllocateIrp)
func ioAllocateIrp(_ stackSize: Int8, _ chargeQuota: UInt8) -> IRPPointer? {
  Machine.current.io.allocateIRP(Int(stackSize))
}

@c(r3_IoFreeIrp)
func ioFreeIrp(_ irp: IRPPointer) {
  Machine.current.io.freeIRP(irp)
}

@c(r3_IoInitializeIrp)
func ioInitializeIrp(_ irp: IRPPointer, _ size: UInt16, _ stackSize: Int8) {
  Machine.current.io.initializeIRP(irp, Int(stackSize), flags: 0)
}

@c(r3_IoReuseIrp)
func ioReuseIrp(_ irp: IRPPointer, _ status: Int32) {
  let flags = irp.pointee.AllocationFlags
  Machine.current.io.initializeIRP(irp, Int(irp.pointee.StackCount), flags: flags)
  irp.pointee.IoStatus.Status = status
}
