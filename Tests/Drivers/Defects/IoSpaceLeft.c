// Does not end the mapping of a device's memory at unload.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static PVOID Mapping;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  PHYSICAL_ADDRESS start;
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  start.QuadPart = 0xFEC00000;
  Mapping = MmMapIoSpaceEx(start, PAGE_SIZE, PAGE_READWRITE | PAGE_NOCACHE);
  return Mapping == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  MmUnmapIoSpace(Mapping, PAGE_SIZE);
#endif
}
