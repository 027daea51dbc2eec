// Asks for the state of a queue at the level of an interrupt.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfIoQueueGetState(DefectQueue, NULL, NULL);
  KeRaiseIrql(DISPATCH_LEVEL + 3, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL + 3, &old);
  (void)WdfIoQueueGetState(DefectQueue, NULL, NULL);
#endif
  KeLowerIrql(old);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
