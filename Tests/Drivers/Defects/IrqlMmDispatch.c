// Asks whether memory is there above DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL + 1
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Irp);
  (void)MmIsAddressValid(Device);
}
