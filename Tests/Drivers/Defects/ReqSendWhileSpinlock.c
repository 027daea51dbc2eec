// Sends a request while it holds a spin lock.
#define DEFECT_LOAD
#define DEFECT_CONTROL
#include "defect-target.h"

static KEVENT back;
static WDFSPINLOCK lock;

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&back, NotificationEvent, FALSE);
  return WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &lock);
}

static VOID DefectDone(WDFREQUEST Request, WDFIOTARGET Target,
                       PWDF_REQUEST_COMPLETION_PARAMS Parameters, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Request);
  UNREFERENCED_PARAMETER(Target);
  UNREFERENCED_PARAMETER(Parameters);
  UNREFERENCED_PARAMETER(Context);
  KeSetEvent(&back, IO_NO_INCREMENT, FALSE);
}

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  if (NT_SUCCESS(DefectOpenTarget())) {
    (void)WdfIoTargetFormatRequestForRead(DefectTarget, DefectOwn, NULL, NULL, NULL);
    WdfRequestSetCompletionRoutine(DefectOwn, DefectDone, NULL);
#ifndef REPAIRED
    WdfSpinLockAcquire(lock);
#endif
    (void)WdfRequestSend(DefectOwn, DefectTarget, NULL);
#ifndef REPAIRED
    WdfSpinLockRelease(lock);
#endif
    KeWaitForSingleObject(&back, Executive, KernelMode, FALSE, NULL);
  }
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
