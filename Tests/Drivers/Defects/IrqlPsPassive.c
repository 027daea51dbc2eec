// Asks to be told of images at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID Loaded(PUNICODE_STRING Name, HANDLE Process, PIMAGE_INFO Image) {
  UNREFERENCED_PARAMETER(Name);
  UNREFERENCED_PARAMETER(Process);
  UNREFERENCED_PARAMETER(Image);
}

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (NT_SUCCESS(PsSetLoadImageNotifyRoutine(Loaded))) PsRemoveLoadImageNotifyRoutine(Loaded);
}
