// Makes an identifier at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UUID identifier;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  (void)ExUuidCreate(&identifier);
}
