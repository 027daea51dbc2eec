// Stops a queue that is being stopped already, with a callback each time.
#define DEFECT_WRITE
#include "defect-wdf.h"

static EVT_WDF_IO_QUEUE_STATE Stopped;

static VOID Stopped(WDFQUEUE Queue, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Context);
  WdfIoQueueStart(Queue);
}

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  // This request is what the queue waits for.
  WdfIoQueueStop(Queue, Stopped, NULL);
#ifndef REPAIRED
  WdfIoQueueStop(Queue, Stopped, NULL);
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
