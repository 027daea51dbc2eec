// Deletes a lookaside list that was not initialized.
#define DEFECT_READ
#include "defect.h"

static NPAGED_LOOKASIDE_LIST List;

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 64, DEFECT_TAG, 0);
#endif
  ExDeleteNPagedLookasideList(&List);
  return DefectAnswer(Irp);
}
