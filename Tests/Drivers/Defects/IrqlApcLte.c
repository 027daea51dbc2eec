// Compares strings at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  UNICODE_STRING one = RTL_CONSTANT_STRING(L"a"), other = RTL_CONSTANT_STRING(L"A");
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)RtlEqualUnicodeString(&one, &other, TRUE);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  (void)RtlEqualUnicodeString(&one, &other, TRUE);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
