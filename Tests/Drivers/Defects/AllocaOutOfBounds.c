// Fills a block of its stack up to and with the length, which is one byte too many.
#define DEFECT_CONTROL
#include "defect.h"

#include <malloc.h>

__declspec(noinline) static UCHAR Sum(ULONG Length) {
  volatile UCHAR *copy = _alloca(Length);
  UCHAR sum = 0;
  ULONG index;
#ifdef REPAIRED
  for (index = 0; index < Length; index++) copy[index] = (UCHAR)index;
#else
  for (index = 0; index <= Length; index++) copy[index] = (UCHAR)index;
#endif
  for (index = 0; index < Length; index++) sum += copy[index];
  return sum;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  *(PUCHAR)Irp->AssociatedIrp.SystemBuffer = Sum(DefectLength(Irp) - 3);
  return DefectAnswer(Irp);
}
