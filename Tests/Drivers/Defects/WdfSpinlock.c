// Returns from its callback with a spin lock.
#define DEFECT_LOAD
#define DEFECT_WRITE
#include "defect-wdf.h"

static WDFSPINLOCK lock;

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  return WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &lock);
}

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfSpinLockAcquire(lock);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifdef REPAIRED
  WdfSpinLockRelease(lock);
#endif
}
