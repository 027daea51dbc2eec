import CDriverKit
import CRing3
import NTTypes
import Machine

@c(r3_IofCallDriver)
func iofCallDriver(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
  Machine.current.io.callDriver(device, irp)
}

@c(r3_IofCompleteRequest)
func iofCompleteRequest(_ irp: IRPPointer, _ boost: UInt32) {
  Machine.current.io.complete(irp, boost: Int8(truncatingIfNeeded: boost))
}

@c(r3_verified_IofCompleteRequest)
func verifiedIofCompleteRequest(_ irp: IRPPointer, _ boost: UInt32) {
  Machine.current.io.completeFully(irp, Int8(truncatingIfNeeded: boost))
}

@c(r3_IoAllocateIrp)
func ioAllocateIrp(_ stackSize: UInt32, _ chargesQuota: UInt32) -> IRPPointer? {
  Machine.current.io.allocateIRP(
    Int(Int8(truncatingIfNeeded: stackSize)),
    charging: chargesQuota & 0xFF != 0 ? CurrentThread.process : nil)
}

@c(r3_IoAllocateIrpEx)
func ioAllocateIrpEx(_ device: DevicePointer, _ stackSize: UInt32, _ chargesQuota: UInt32)
  -> IRPPointer?
{
  ioAllocateIrp(stackSize, chargesQuota)
}

@c(r3_IoFreeIrp)
func ioFreeIrp(_ irp: IRPPointer) {
  Machine.current.io.freeIRP(irp)
}

@c(r3_IoInitializeIrp)
func ioInitializeIrp(_ irp: IRPPointer, _ size: UInt32, _ stackSize: UInt32) {
  let io = Machine.current.io
  // The allocation would be forgotten; Driver Verifier says so too.
  if io.machine.verifier.contains(.ioVerification), irp.pointee.Type == 6,
    irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0
  {
    io.violation(0x20D, bits(irp))
  }
  io.initializeIRP(irp, Int(Int8(truncatingIfNeeded: stackSize)), flags: 0)
  irp.pointee.Size = UInt16(truncatingIfNeeded: size)
}

@c(r3_IoReuseIrp)
func ioReuseIrp(_ irp: IRPPointer, _ status: Int32) {
  let io = Machine.current.io
  let flags = irp.pointee.AllocationFlags
  if io.machine.verifier.contains(.ioVerification) {
    if io.isQueued(irp) { io.violation(0x310, bits(irp)) }
    if flags & IRPAllocation.managed != 0 { io.violation(0x311, bits(irp)) }
  }
  io.initializeIRP(irp, Int(irp.pointee.StackCount), flags: flags)
  irp.pointee.IoStatus.Status = status
}

@c(r3_IoCancelIrp)
func ioCancelIrp(_ irp: IRPPointer) -> UInt8 { Machine.current.io.cancelIRP(irp) ? 1 : 0 }

@c(r3_IoAcquireCancelSpinLock)
func ioAcquireCancelSpinLock(_ level: UnsafeMutablePointer<UInt8>) {
  level.pointee = Machine.current.io.acquireCancelLock()
}

@c(r3_IoReleaseCancelSpinLock)
func ioReleaseCancelSpinLock(_ level: UInt32) {
  Machine.current.io.dropCancelLock(UInt8(truncatingIfNeeded: level))
}

// MARK: Who asked

@c(r3_IoGetRequestorProcess)
func ioGetRequestorProcess(_ irp: IRPPointer) -> UnsafeMutableRawPointer? {
  Machine.current.io.thread(of: irp).map { UnsafeMutableRawPointer($0.process.pointer) }
}

@c(r3_IoGetRequestorProcessId)
func ioGetRequestorProcessId(_ irp: IRPPointer) -> UInt32 {
  let thread = Machine.current.io.thread(of: irp)
  return thread.map { UInt32($0.process.pointer.pointee.identifier) } ?? 0
}

@c(r3_IoGetRequestorSessionId)
func ioGetRequestorSessionId(_ irp: IRPPointer, _ session: UnsafeMutablePointer<UInt32>) -> Int32 {
  guard Machine.current.io.thread(of: irp) != nil else {
    session.pointee = .max
    return IOStatus.unsuccessful
  }
  // There is one session.
  session.pointee = 0
  return IOStatus.success
}

@c(r3_IoIs32bitProcess)
func ioIs32bitProcess(_ irp: IRPPointer?) -> UInt8 { 0 }

@c(r3_IoIsOperationSynchronous)
func ioIsOperationSynchronous(_ irp: IRPPointer) -> UInt8 {
  let flags = irp.pointee.Flags
  let file = irp.pointee.Tail.Overlay.OriginalFileObject
  let isSynchronous =
    flags & UInt32(IRP_SYNCHRONOUS_API) != 0
    || (file.map { $0.pointee.Flags & UInt32(FO_SYNCHRONOUS_IO) != 0 } ?? false)
  return isSynchronous && flags & UInt32(IRP_PAGING_IO) == 0 ? 1 : 0
}

@c(r3_IoValidateDeviceIoControlAccess)
func ioValidateDeviceIoControlAccess(_ irp: IRPPointer, _ access: UInt32) -> Int32 {
  guard access & ~3 == 0, let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
    return IOStatus.invalidParameter
  }
  if irp.pointee.RequestorMode == 0 { return IOStatus.success }
  let flags = Int32(location.pointee.Flags)
  if access & UInt32(FILE_READ_DATA) != 0, flags & SL_READ_ACCESS_GRANTED == 0 {
    return IOStatus.accessDenied
  }
  if access & UInt32(FILE_WRITE_DATA) != 0, flags & SL_WRITE_ACCESS_GRANTED == 0 {
    return IOStatus.accessDenied
  }
  return IOStatus.success
}

/// IO_PRIORITY_HINT of all requests: normal.
@c(r3_IoGetIoPriorityHint)
func ioGetIoPriorityHint(_ irp: IRPPointer) -> UInt32 {
  irp.pointee.Flags & hintMask == 0 ? 2 : (irp.pointee.Flags & hintMask) >> 17 - 1
}

@c(r3_IoSetIoPriorityHint)
func ioSetIoPriorityHint(_ irp: IRPPointer, _ hint: UInt32) -> Int32 {
  guard hint <= 4 else { return IOStatus.invalidParameter }
  irp.pointee.Flags = irp.pointee.Flags & ~hintMask | (hint + 1) << 17
  return IOStatus.success
}

/// Where the hint is kept in `Flags`, plus one; 0 is no hint.
private let hintMask: UInt32 = 0x000E_0000
