// Makes an MDL above DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL + 1
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG word;
  PMDL mdl = IoAllocateMdl(&word, sizeof(word), FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (mdl != NULL) IoFreeMdl(mdl);
}
