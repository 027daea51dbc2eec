// Sends a request again that its target still has.
#define DEFECT_ZERO_LENGTH TRUE
#define DEFECT_READ
#define DEFECT_CONTROL
#include "defect-target.h"

static KEVENT back;
static WDFREQUEST kept;

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  // The driver's own has no bytes.
  if (Length == 0) {
    kept = Request;
    return;
  }
  DefectAnswer(Request, Length);
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
    KeInitializeEvent(&back, NotificationEvent, FALSE);
    WdfRequestSetCompletionRoutine(DefectOwn, DefectDone, NULL);
    if (WdfRequestSend(DefectOwn, DefectTarget, NULL)) {
#ifndef REPAIRED
      (void)WdfRequestSend(DefectOwn, DefectTarget, NULL);
#endif
      WdfRequestComplete(kept, STATUS_SUCCESS);
      KeWaitForSingleObject(&back, Executive, KernelMode, FALSE, NULL);
    }
  }
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
