// Asks to be told of the shutdown at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Irp);
  if (NT_SUCCESS(IoRegisterShutdownNotification(Device))) IoUnregisterShutdownNotification(Device);
}
