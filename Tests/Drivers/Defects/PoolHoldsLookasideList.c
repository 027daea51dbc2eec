// Releases pool with a lookaside list in it that was not deleted.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PNPAGED_LOOKASIDE_LIST list = (PNPAGED_LOOKASIDE_LIST)ExAllocatePool2(
      POOL_FLAG_NON_PAGED, sizeof(NPAGED_LOOKASIDE_LIST), DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (list == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  ExInitializeNPagedLookasideList(list, NULL, NULL, 0, 64, DEFECT_TAG, 0);
#ifdef REPAIRED
  ExDeleteNPagedLookasideList(list);
#endif
  ExFreePoolWithTag(list, DEFECT_TAG);
  return DefectAnswer(Irp);
}
