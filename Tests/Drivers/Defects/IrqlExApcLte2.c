// Makes a paged lookaside list at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PAGED_LOOKASIDE_LIST list;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  ExInitializePagedLookasideList(&list, NULL, NULL, 0, 64, DEFECT_TAG, 0);
  ExDeletePagedLookasideList(&list);
}
