// Returns from its callback at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Queue);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifdef REPAIRED
  KeLowerIrql(old);
#endif
}
