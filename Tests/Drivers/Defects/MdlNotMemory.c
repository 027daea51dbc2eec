// Locks the registers of a device, which are no memory.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PHYSICAL_ADDRESS address;
  PVOID registers, memory;
  PMDL mdl;
  UNREFERENCED_PARAMETER(Device);
  // Beyond all memory that the machine has.
  address.QuadPart = 0x100000000000LL;
  registers = MmMapIoSpace(address, PAGE_SIZE, MmNonCached);
  if (registers == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, DEFECT_TAG);
#else
  memory = registers;
#endif
  mdl = IoAllocateMdl(memory, 64, FALSE, FALSE, NULL);
  if (mdl != NULL) {
    __try {
      MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
      MmUnlockPages(mdl);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    IoFreeMdl(mdl);
  }
#ifdef REPAIRED
  ExFreePoolWithTag(memory, DEFECT_TAG);
#endif
  MmUnmapIoSpace(registers, PAGE_SIZE);
  return DefectAnswer(Irp);
}
