// Releases a wait lock that it does not have.
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
#ifdef REPAIRED
  (void)WdfWaitLockAcquire(lock, NULL);
#endif
  WdfWaitLockRelease(lock);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
