// Compares strings at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNICODE_STRING one = RTL_CONSTANT_STRING(L"a"), other = RTL_CONSTANT_STRING(L"A");
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  (void)RtlEqualUnicodeString(&one, &other, TRUE);
}
