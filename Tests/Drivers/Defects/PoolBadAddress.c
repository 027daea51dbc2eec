// Releases an address on the stack, which no allocation returned.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG local = 0;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  UNREFERENCED_PARAMETER(local);
#else
  ExFreePool(&local);
#endif
  return DefectAnswer(Irp);
}
