// Looks a handle up at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID process;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (NT_SUCCESS(ObReferenceObjectByHandle(NtCurrentProcess(), 0, NULL, KernelMode, &process, NULL))) {
    ObDereferenceObject(process);
  }
}
