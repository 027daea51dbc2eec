// Formats a request with a buffer of its own, and forgets it.
#define DEFECT_STACK 3
#define DEFECT_WRITE
#define DEFECT_CONTROL
#include "defect-target.h"

static BOOLEAN passed;

static VOID DefectDone(WDFREQUEST Request, WDFIOTARGET Target,
                       PWDF_REQUEST_COMPLETION_PARAMS Parameters, WDFCONTEXT Context) {
  DefectPassBack(Request, Target, Parameters, Context);
}

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDF_REQUEST_SEND_OPTIONS options;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  UNREFERENCED_PARAMETER(Queue);
  // The second time it is the request that was passed on.
  if (passed || !NT_SUCCESS(DefectOpenTarget())) {
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
    return;
  }
  passed = TRUE;
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET);
#ifdef REPAIRED
  UNREFERENCED_PARAMETER(memory);
  UNREFERENCED_PARAMETER(attributes);
  WdfRequestFormatRequestUsingCurrentType(Request);
#else
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Request;
  if (NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, DEFECT_TAG, 16, &memory, NULL))) {
    (void)WdfIoTargetFormatRequestForWrite(DefectTarget, Request, memory, NULL, NULL);
  }
#endif
  if (!WdfRequestSend(Request, DefectTarget, &options)) {
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
