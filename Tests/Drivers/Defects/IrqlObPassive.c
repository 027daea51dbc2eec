// Looks a handle up at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID body = NULL;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  (void)ObReferenceObjectByHandle(NULL, 0, NULL, KernelMode, &body, NULL);
}
