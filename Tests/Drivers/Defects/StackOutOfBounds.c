// Reads the element behind the last one of an array on its stack.
#define DEFECT_CONTROL
#include "defect.h"

#define COUNT 5

__declspec(noinline) static ULONG Weight(ULONG Index) {
  volatile ULONG weights[COUNT] = {1, 2, 4, 8, 16};
#ifdef REPAIRED
  if (Index >= COUNT) return 0;
#endif
  return weights[Index];
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  *(PUCHAR)Irp->AssociatedIrp.SystemBuffer = (UCHAR)Weight(DefectLength(Irp) == 64 ? COUNT : 0);
  return DefectAnswer(Irp);
}
