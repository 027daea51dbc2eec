// Maps physical memory that nobody has, as if it were a device's.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PHYSICAL_ADDRESS address;
  PVOID block, mapping;
  UNREFERENCED_PARAMETER(Device);
  address.QuadPart = MAXLONGLONG;
  block = MmAllocateContiguousMemory(PAGE_SIZE, address);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  address = MmGetPhysicalAddress(block);
#ifdef REPAIRED
  mapping = MmMapIoSpace(address, PAGE_SIZE, MmNonCached);
  if (mapping != NULL) MmUnmapIoSpace(mapping, PAGE_SIZE);
  MmFreeContiguousMemory(block);
#else
  MmFreeContiguousMemory(block);
  mapping = MmMapIoSpace(address, PAGE_SIZE, MmNonCached);
  if (mapping != NULL) MmUnmapIoSpace(mapping, PAGE_SIZE);
#endif
  return DefectAnswer(Irp);
}
