// Deletes a symbolic link at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\DefectOther");
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  (void)IoDeleteSymbolicLink(&link);
}
