// Reserves addresses at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID start = MmAllocateMappingAddress(PAGE_SIZE, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (start != NULL) MmFreeMappingAddress(start, DEFECT_TAG);
}
