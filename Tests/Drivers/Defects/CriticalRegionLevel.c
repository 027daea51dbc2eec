// Enters a critical region at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeEnterCriticalRegion(); KeLeaveCriticalRegion();
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  KeEnterCriticalRegion(); KeLeaveCriticalRegion();
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
