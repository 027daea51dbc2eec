// Writes the byte behind a table that is a global of odd length.
#define DEFECT_CONTROL
#include "defect.h"

static UCHAR Seen[13];

__declspec(noinline) static VOID See(ULONG Index) {
#ifdef REPAIRED
  if (Index >= sizeof Seen) return;
#endif
  Seen[Index] += 1;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  See(DefectLength(Irp) == 64 ? sizeof Seen : 0);
  return DefectAnswer(Irp);
}
