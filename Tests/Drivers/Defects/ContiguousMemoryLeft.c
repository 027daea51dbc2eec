// Does not release at unload the pages that it asked for.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static PVOID Pages;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  PHYSICAL_ADDRESS highest;
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  highest.QuadPart = -1;
  Pages = MmAllocateContiguousMemory(3 * PAGE_SIZE, highest);
  return Pages == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  MmFreeContiguousMemory(Pages);
#endif
}
