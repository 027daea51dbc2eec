// Has a flush request made at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PIRP flush = IoBuildAsynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, Device, NULL, 0, NULL, NULL);
  UNREFERENCED_PARAMETER(Irp);
  if (flush != NULL) IoFreeIrp(flush);
}
