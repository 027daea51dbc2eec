import CDriverKit
import CRing3
import Machine
import NTTypes

@c(r3_IoAllocateMdl)
func ioAllocateMdl(
  _ address: UInt, _ count: UInt32, _ isSecondary: UInt32, _ chargesQuota: UInt32,
  _ irp: UnsafeMutablePointer<IRP>?
) -> UnsafeMutablePointer<MDL>? {
  guard let mdl = Machine.current.allocateMdl(address, Int(count)) else { return nil }
  guard let irp else { return mdl.pointer }
  if isSecondary & 0xFF != 0, let first = irp.pointee.MdlAddress {
    Mdl(first).append(mdl)
  } else {
    irp.pointee.MdlAddress = mdl.pointer
  }
  return mdl.pointer
}

@c(r3_IoFreeMdl)
func ioFreeMdl(_ mdl: UnsafeMutablePointer<MDL>) { Machine.current.freeMdl(Mdl(mdl)) }

@c(r3_IoBuildPartialMdl)
func ioBuildPartialMdl(
  _ source: UnsafeMutablePointer<MDL>, _ target: UnsafeMutablePointer<MDL>, _ address: UInt,
  _ count: UInt32
) {
  Mdl(target).build(partOf: Mdl(source), address, Int(count))
}

@c(r3_MmSizeOfMdl)
func mmSizeOfMdl(_ address: UInt, _ count: UInt) -> UInt {
  UInt(bitPattern: Mdl.byteCount(address, Int(bitPattern: count)))
}

@c(r3_MmCreateMdl)
func mmCreateMdl(_ storage: UnsafeMutablePointer<MDL>?, _ address: UInt, _ count: UInt)
  -> UnsafeMutablePointer<MDL>?
{
  guard let storage else {
    return Machine.current.allocateMdl(address, Int(bitPattern: count))?.pointer
  }
  Mdl(storage).initialize(address, Int(bitPattern: count))
  return storage
}

@c(r3_MmProbeAndLockPages)
func mmProbeAndLockPages(_ mdl: UnsafeMutablePointer<MDL>, _ mode: UInt32, _ operation: UInt32) {
  let machine = Machine.current
  let mdl = Mdl(mdl)
  let irql = CurrentThread.irql
  if irql >= Irql.dispatch.rawValue { checkLockLevel(machine, mdl, irql, mode, operation) }
  do throws(NTStatus) {
    try mdl.lock(
      in: CurrentThread.process, isUser: mode & 0xFF != 0, forWriting: operation != 0)
  } catch {
    machine.raise(error)
  }
}

@c(r3_MmProbeAndLockProcessPages)
func mmProbeAndLockProcessPages(
  _ mdl: UnsafeMutablePointer<MDL>, _ process: UnsafeMutableRawPointer, _ mode: UInt32,
  _ operation: UInt32
) {
  let machine = Machine.current
  checkLevel(atMost: .apc, rule: 0x71, Mdl(mdl), name("MmProbeAndLockProcessPages"))
  do throws(NTStatus) {
    try Mdl(mdl).lock(
      in: Process(process.assumingMemoryBound(to: ProcessState.self)), isUser: mode & 0xFF != 0,
      forWriting: operation != 0, rule: 0xB1)
  } catch {
    machine.raise(error)
  }
}

private func checkLockLevel(
  _ machine: Machine, _ mdl: Mdl, _ irql: UInt8, _ mode: UInt32, _ operation: UInt32
) {
  if irql > Irql.dispatch.rawValue, machine.verifier.contains(.ddiCompliance) {
    machine.bugCheck(
      0xC4, 0x70, UInt64(irql), mdl.bits, UInt64(mode & 0xFF), subject: name("MmProbeAndLockPages"))
  }
  if mdl.address < UserRange.end || machine.isPagedPool(mdl.address) {
    machine.bugCheck(
      0xA, UInt64(mdl.address), UInt64(irql), operation == 0 ? 0 : 1, 0,
      subject: name("MmProbeAndLockPages"))
  }
}

@c(r3_MmUnlockPages)
func mmUnlockPages(_ mdl: UnsafeMutablePointer<MDL>) {
  checkLevel(atMost: .dispatch, rule: 0x78, Mdl(mdl), name("MmUnlockPages"))
  Mdl(mdl).unlock()
}

@c(r3_MmBuildMdlForNonPagedPool)
func mmBuildMdlForNonPagedPool(_ mdl: UnsafeMutablePointer<MDL>) {
  Mdl(mdl).buildForNonpagedPool()
}

@c(r3_MmAdvanceMdl)
func mmAdvanceMdl(_ mdl: UnsafeMutablePointer<MDL>, _ count: UInt32) -> Int32 {
  Mdl(mdl).advance(Int(count)) ? NTStatus.success.code : NTStatus.invalidParameter2.code
}

/// Reports a routine that was called above its level: the class `ddiCompliance`.
func checkLevel(
  atMost level: Irql, rule: UInt64, _ mdl: Mdl?, _ routine: UnsafePointer<CChar>
) {
  let irql = CurrentThread.irql
  guard irql > level.rawValue else { return }
  let machine = Machine.current
  if machine.verifier.contains(.ddiCompliance) {
    machine.bugCheck(0xC4, rule, UInt64(irql), mdl?.bits ?? 0, 0, subject: routine)
  }
}
