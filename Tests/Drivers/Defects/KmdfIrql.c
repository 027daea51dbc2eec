// Makes a string at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFSTRING string;
  KIRQL old;
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfStringCreate(NULL, WDF_NO_OBJECT_ATTRIBUTES, &string);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  (void)WdfStringCreate(NULL, WDF_NO_OBJECT_ATTRIBUTES, &string);
#endif
  KeLowerIrql(old);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
