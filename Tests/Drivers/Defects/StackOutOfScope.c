// Keeps a pointer to a variable of an inner block, and follows it behind the block.
#define DEFECT_CONTROL
#include "defect.h"

__declspec(noinline) static VOID Fill(volatile ULONG *Values, ULONG Start) {
  Values[0] = Start;
  Values[1] = Start + 1;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile ULONG *chosen = NULL;
  ULONG sum = 0;
#ifdef REPAIRED
  volatile ULONG values[8];
#endif
  UNREFERENCED_PARAMETER(Device);
  if (DefectLength(Irp) == 64) {
#ifndef REPAIRED
    volatile ULONG values[8];
#endif
    Fill(values, 3);
    chosen = values;
  }
  if (chosen != NULL) sum = chosen[1];
  *(PUCHAR)Irp->AssociatedIrp.SystemBuffer = (UCHAR)sum;
  return DefectAnswer(Irp);
}
