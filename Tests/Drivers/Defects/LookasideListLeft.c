// Does not delete its lookaside list at unload.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static NPAGED_LOOKASIDE_LIST List;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 64, DEFECT_TAG, 0);
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  ExDeleteNPagedLookasideList(&List);
#endif
}
