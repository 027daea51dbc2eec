// Passes a request on that is marked as cancelable.
#define DEFECT_STACK 3
#define DEFECT_WRITE
#define DEFECT_CONTROL
#include "defect-target.h"

static BOOLEAN passed;

static VOID DefectDone(WDFREQUEST Request, WDFIOTARGET Target,
                       PWDF_REQUEST_COMPLETION_PARAMS Parameters, WDFCONTEXT Context) {
  DefectPassBack(Request, Target, Parameters, Context);
}

static VOID Cancel(WDFREQUEST Request) { WdfRequestComplete(Request, STATUS_CANCELLED); }

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  // The second time it is the request that was passed on.
  if (passed || !NT_SUCCESS(DefectOpenTarget())) {
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
    return;
  }
  passed = TRUE;
#ifndef REPAIRED
  WdfRequestMarkCancelable(Request, Cancel);
#endif
  WdfRequestFormatRequestUsingCurrentType(Request);
  WdfRequestSetCompletionRoutine(Request, DefectDone, NULL);
  if (!WdfRequestSend(Request, DefectTarget, NULL)) {
    WdfRequestComplete(Request, STATUS_UNSUCCESSFUL);
  }
}

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
