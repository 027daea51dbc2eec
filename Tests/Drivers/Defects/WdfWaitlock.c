// Returns from its callback with a wait lock.
#define DEFECT_LOAD
#define DEFECT_WRITE
#include "defect-wdf.h"

static WDFWAITLOCK lock;

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  return WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &lock);
}

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  (void)WdfWaitLockAcquire(lock, NULL);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifdef REPAIRED
  WdfWaitLockRelease(lock);
#endif
}
