// Initializes a lookaside list whose entries have no room for a link.
#define DEFECT_READ
#include "defect.h"

static NPAGED_LOOKASIDE_LIST List;

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 16, DEFECT_TAG, 0);
#else
  ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 4, DEFECT_TAG, 0);
#endif
  ExDeleteNPagedLookasideList(&List);
  return DefectAnswer(Irp);
}
