// Takes a spin lock of the framework twice.
#define DEFECT_LOAD
#define DEFECT_READ
#include "defect-wdf.h"

static WDFSPINLOCK lock;

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  return WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &lock);
}

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfSpinLockAcquire(lock);
#ifdef REPAIRED
  WdfSpinLockRelease(lock);
#endif
  WdfSpinLockAcquire(lock);
  WdfSpinLockRelease(lock);
  DefectAnswer(Request, Length);
}
