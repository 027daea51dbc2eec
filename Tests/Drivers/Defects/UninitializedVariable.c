// Calls a routine by a pointer that only one of two ways sets.
#define DEFECT_CONTROL
#include "defect.h"

typedef ULONG ROUTINE(ULONG Length);

static ULONG Double(ULONG Length) { return Length * 2; }

__declspec(noinline) static VOID Choose(ROUTINE **Routine, ULONG Length) {
  if (Length > 64) *Routine = Double;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
#ifdef REPAIRED
  ROUTINE *routine = Double;
#else
  ROUTINE *routine;
#endif
  UNREFERENCED_PARAMETER(Device);
  Choose(&routine, DefectLength(Irp));
  *(PUCHAR)Irp->AssociatedIrp.SystemBuffer = (UCHAR)routine(DefectLength(Irp));
  return DefectAnswer(Irp);
}
